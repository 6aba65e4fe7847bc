package cli

import (
	"os"
	"path/filepath"
	"testing"

	"regatta/cmd/config"
	"regatta/registry/sandbox"
)

// A policy is edited, and what it would do is told with every key: nothing is
// changed by any of it.
func TestLifecycleScreen(t *testing.T) {
	t.Parallel()
	perform(t, wide(in("shop/api")), func(s *stage) {
		s.Advance(settle).Press("L").Advance(settle).See("× expire 11", "older than 14 days", "frees")
		s.Press("n").See("begin from", "keep the newest 30").Press("j", "enter").Advance(settle)
		s.See("it keeps the newest 30", "against the policy at first")
		s.Press("e").See("policy of shop/api", "valid, 1 rule", `"countNumber": 30`)
		for range 8 {
			s.Press("down")
		}
		s.Press("end").Type("00").Advance(settle).See("300", "= keep 261") // more than there are
		s.Type("x").See("violation").Press("backspace").Advance(settle).SeeNot("violation")
		s.Paste("\n  not json").See("violation").Press("esc").See("ECR would not take this policy")
		s.Press("n", "enter").Advance(settle).See("× expire 11").Press("tab").See("5 DAYS FROM", "WITHOUT", "today")
		s.Press("esc").SeeNot("5 DAYS FROM").See("[all 261]", "rule 1 114", "newly expired 0")
		s.Press("]").Advance(settle).See("[rule 1 114]", "114 images").Press("[").Advance(settle).See("[all 261]")
		s.Press("i").See("what AWS does not document", "children-counted", "Enter").Press("j", "j", "enter").Advance(settle)
		s.See("1 assumption turned round").Press("i", "j", "j").See("exact-days (turned round)").Press("enter").Advance(settle)
		s.SeeNot("turned round").Press("/").Type("is:expired").Press("enter").Advance(settle).See("11 / 261 images")
		s.Press("enter").Advance(settle).See("reference").Press("esc").Advance(settle).See("11 / 261 images")
		s.reads(t)
	})
}

// What somebody runs and the policy would remove is marked in danger, and is
// first.
func TestLifecycleShowsWhatIsInUse(t *testing.T) {
	t.Parallel()
	list := filepath.Join(t.TempDir(), "references.txt")
	if err := os.WriteFile(list, []byte("registry.example/shop/api:v3.1.0\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	with := in("shop/api")
	with.config = func(c *config.Config) {
		c.Registries = append(c.Registries, config.Registry{
			Name: "api", Kind: "oci", Host: "registry.example", Usage: config.Usage{References: list},
		})
	}
	perform(t, with, func(s *stage) {
		s.Advance(settle).Press("L").Advance(settle).Press("n", "j", "enter").Advance(settle)
		s.See("! 1 in use", "! expire", "in use by", "in use 1")
		s.Press("[").Advance(settle).See("[in use 1]", " 1 images")
	})
}

// A policy that somebody else saved since it was read is not overwritten.
func TestLifecycleIsNotSavedOverAnothers(t *testing.T) {
	t.Parallel()
	perform(t, ofAccount("shop/mailer"), func(s *stage) {
		s.Advance(settle).Press("L").Advance(settle).Press("enter").Advance(settle).See("= keep")
		s.Press("n", "j", "enter").Advance(settle).See("against having no policy")
		s.reg.SetLifecycle("shop/mailer", savedPolicyText)
		s.Press("w").Advance(settle).See("somebody else has changed it since it was read").Press("esc").Advance(settle)
		s.reads(t)
	})
}

// Where AWS's own preview is not permitted, what is worked out here stands, and
// the screen says so.
func TestLifecycleWithoutPermissionForAWSs(t *testing.T) {
	t.Parallel()
	with := ofAccount("shop/mailer")
	with.options.Account.Keys = map[string]sandbox.Role{"AKIADEMO": {Denied: []string{"ecr:StartLifecyclePolicyPreview"}}}
	perform(t, with, func(s *stage) {
		s.Advance(settle).Press("L").Advance(settle).Press("enter").Advance(settle).See("= keep")
		s.Press("A").Advance(settle).Advance(settle).See("AWS does not say: worked out here alone", "= keep")
	})
}

// Where reading counts as pulling, nobody is read for without being asked.
func TestLifecycleAsksBeforeItPulls(t *testing.T) {
	t.Parallel()
	asksBeforeItPulls(t, "L", func(s *stage) { s.reads(t) })
}

// On ECR the screen begins with the policy that there is, AWS's own preview
// stands beside ours, and saving is a plan that can be undone.
func TestLifecycleOfAnAccount(t *testing.T) {
	t.Parallel()
	perform(t, wide(ofAccount("shop/mailer")), func(s *stage) {
		s.Advance(settle).Press("L").Advance(settle).Press("enter").Advance(settle).See("= keep")
		s.Press("n", "j", "enter").Advance(settle).See("it keeps the newest 30")
		s.Press("A").See("AWS: …").Advance(settle).Advance(settle).Advance(settle).See("AWS says the same")
		s.Press("w").Advance(settle).See("save the lifecycle policy of shop/mailer", "lifecycle-policy", "within a day").Press("tab", "enter")
		s.Type("shop/mailer").Press("enter").Advance(settle).Advance(settle)
		s.Press("esc").Advance(settle).Press("L").Advance(settle).Press("enter").Advance(settle).See("it keeps the newest 30")
		s.Press("e").See(`"countNumber": 30`).Press("esc", "esc", "z").Advance(settle)
		s.See("puts the lifecycle policy back").Press("tab", "enter").Advance(settle).Advance(settle)
		s.Press("L").Advance(settle).Press("enter").Advance(settle).Press("e").SeeNot(`"countNumber": 30`)
	})
}

// Where AWS says something else, every image of which it does is shown.
func TestLifecycleShowsWhereAWSDiffers(t *testing.T) {
	t.Parallel()
	perform(t, wide(ofAccount("shop/mailer")), func(s *stage) {
		s.Advance(settle).Press("L").Advance(settle).Press("enter").Advance(settle).Press("n", "j", "enter").Advance(settle)
		s.Press("A").Advance(settle).Advance(settle).Advance(settle).See("AWS says the same")
		s.Press("i").See("children-counted").Press("enter").Advance(settle).See("AWS differs on", "1 assumption turned round")
		s.Press("/").Type("is:differs").Press("enter").Advance(settle).See("20 / 85 images", "keep ≠", "AWS: expire; here:")
		s.reads(t)
	})
}

// What the table shows is of one result, also while the next is read of fewer
// images: under a filter, and for a click, whose line is the table's own.
func TestLifecycleOfImagesThatWent(t *testing.T) {
	t.Parallel()
	perform(t, wide(in("shop/api")), func(s *stage) {
		s.Advance(settle).Press("L").Advance(settle).See("× expire 11")
		s.ClickOn("git-a59c4f4").CursorOn("git-a59c4f4")
		s.reg.SetLifecycle("shop/api", `{"rules": [{"rulePriority": 1, "selection": {"tagStatus": "any",
			"countType": "imageCountMoreThan", "countNumber": 30}, "action": {"type": "expire"}}]}`)
		if n, err := s.reg.RunLifecycle("shop/api"); err != nil || n < 50 {
			t.Errorf("%d images went, %v", n, err)
		}
		s.Press("G").Press("r").Advance(settle).See("images · a template, not saved").SeeNot("× expire 11")
		s.Press("/").Type("is:kept").Press("enter", "G", "r").Advance(settle).See("= keep")
	})
}
