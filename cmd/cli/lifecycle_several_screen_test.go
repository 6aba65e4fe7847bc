package cli

import (
	"testing"

	"regatta/cmd/cli/demo"
	"regatta/model/ref"
	"regatta/registry/sandbox"
)

// A policy is tried on all repositories that are marked, with a sum; enter leads
// to one of them, with the same policy, and comes to the same.
func TestLifecycleOfSeveral(t *testing.T) {
	t.Parallel()
	with := wide(setup{target: &ref.Reference{Host: "registry.example"}})
	perform(t, with, func(s *stage) {
		s.Advance(settle).Press("/").Type("shop/").Press("enter").Advance(settle).Press("a").See("7 marked")
		s.Press("L").Advance(settle).Advance(settle).See("tried on all: untagged after 14 days", "7 repositories", "shop/worker")
		s.Press("n", "j", "enter").Advance(settle).See("tried on all: keep the newest 30", "1 rule")
		s.Press("s").Advance(settle).CursorOn("shop/web").See("× expire 299", "= keep 704")
		s.Press("enter").Advance(settle).See("it keeps the newest 30", "× expire 90 ", "= keep 192")
		s.Press("esc").Advance(settle).See("tried on all").Press("e").See("policy tried on all").Type("x").See("ECR would not take this policy")
		s.Press("backspace").Advance(settle).SeeNot("would not take").Press("esc")
		s.Press("o").See("keeps no policies")
		s.reads(t)
	})
}

// One alone has its own screen, and one that cannot be read does not stand in
// the way of the others.
func TestLifecycleOfSeveralWithOneThatFails(t *testing.T) {
	t.Parallel()
	with := wide(setup{target: &ref.Reference{Host: "registry.example"}})
	perform(t, with, func(s *stage) {
		s.Advance(settle).Press("L").Advance(settle).See("a template, not saved", "images").Press("esc").Advance(settle)
		s.reg.Inject(sandbox.Fault{Prefix: "/v2/shop/api/tags", Effect: sandbox.Status{Code: 403}})
		s.Press("/").Type("shop/").Press("enter").Advance(settle).Press("a", "L").Advance(settle).Advance(settle)
		s.See("1 failed").Press("j").Advance(settle).CursorOn("shop/api").See("denied")
		s.reg.ClearFaults()
		s.Press("r").Advance(settle).Advance(settle).SeeNot("failed").See("7 repositories · nothing is changed here")
		s.reads(t)
	})
}

// On ECR it begins with the policies that the repositories have, and asks before
// it reads what counts as pulling.
func TestLifecycleOfSeveralOfAnAccount(t *testing.T) {
	t.Parallel()
	with := wide(setup{target: &ref.Reference{Host: demo.Account}})
	perform(t, with, func(s *stage) {
		s.reg.SetLifecycle("shop/mailer", savedPolicyText)
		s.reg.SetLifecycle("shop/web", `{"rules": []}`)
		s.Advance(settle).Press("/").Type("shop/").Press("enter").Advance(settle).Press("a", "L").Advance(settle)
		s.See("counts as pulling the images").Press("enter").Advance(settle).Advance(settle)
		s.See("the policy that each repository has", "none", "1 failed", "A MONTH")
		s.Press("n", "j", "enter").Advance(settle).See("tried on all: keep the newest 30").SeeNot("failed")
		s.Press("o").Advance(settle).See("the policy that each repository has", "1 failed")
	})
}
