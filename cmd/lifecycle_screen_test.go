package cmd

import (
	"net/http"
	"testing"

	"regatta/model/ref"
	"regatta/ui/uitest"
)

// A policy is edited, and what it would do is told with every key: nothing is
// changed by any of it.
func TestLifecycleScreen(t *testing.T) {
	t.Parallel()
	with := in("shop/api")
	with.terminal = uitest.Terminal{Width: 120, Height: 40}
	perform(t, with, func(s *stage) {
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
		s.Press("esc").SeeNot("5 DAYS FROM").Press("/").Type("is:expired").Press("enter").Advance(settle).See("11 / 261 images")
		s.Press("enter").Advance(settle).See("reference").Press("esc").Advance(settle).See("11 / 261 images")
		for _, r := range s.reg.Requests() {
			if r.Method != http.MethodGet && r.Method != http.MethodHead {
				t.Errorf("%s %s", r.Method, r.Path)
			}
		}
	})
}

// Where reading counts as pulling, nobody is read for without being asked.
func TestLifecycleAsksBeforeItPulls(t *testing.T) {
	t.Parallel()
	with := setup{target: &ref.Reference{Host: demoAccount, Repository: "shop/mailer"}}
	perform(t, with, func(s *stage) {
		s.Advance(settle)
		pulls := func() (n int) {
			for _, r := range s.reg.Requests() {
				if r.Operation == "ecr:BatchGetImage" {
					n++
				}
			}
			return n
		}
		before := pulls()
		s.Press("L").Advance(settle).See("counts as pulling its images")
		if pulls() != before {
			t.Error("it was read before the answer")
		}
		s.Press("enter").Advance(settle).See("= keep", "images · nothing is changed here")
		if pulls() == before {
			t.Error("nothing was read")
		}
	})
}

// On ECR the screen begins with the policy that there is, AWS's own preview
// stands beside ours, and saving is a plan that can be undone.
func TestLifecycleOfAnAccount(t *testing.T) {
	t.Parallel()
	with := setup{target: &ref.Reference{Host: demoAccount, Repository: "shop/mailer"}}
	with.terminal = uitest.Terminal{Width: 120, Height: 40}
	perform(t, with, func(s *stage) {
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

// What the table shows is of one result, also while the next is read of fewer
// images: under a filter, and for a click, whose line is the table's own.
func TestLifecycleOfImagesThatWent(t *testing.T) {
	t.Parallel()
	with := in("shop/api")
	with.terminal = uitest.Terminal{Width: 120, Height: 40}
	perform(t, with, func(s *stage) {
		s.Advance(settle).Press("L").Advance(settle).See("× expire 11")
		s.ClickOn("git-a59c4f4").CursorOn("git-a59c4f4")
		s.reg.SetLifecycle("shop/api", `{"rules": [{"rulePriority": 1, "selection": {"tagStatus": "any",
			"countType": "imageCountMoreThan", "countNumber": 30}, "action": {"type": "expire"}}]}`)
		if n, err := s.reg.RunLifecycle("shop/api"); err != nil || n < 50 {
			t.Errorf("%d images went, %v", n, err)
		}
		s.Press("G").Press("r").Advance(settle).See("images · nothing is changed here").SeeNot("× expire 11")
		s.Press("/").Type("is:kept").Press("enter", "G", "r").Advance(settle).See("= keep")
	})
}
