package cli

import (
	"strings"
	"testing"

	"regatta/cmd/cli/demo"
	"regatta/model/ref"
	"regatta/registry/sandbox"
	"regatta/ui/uitest"
)

// The way of an operator of AWS: context, repositories, images, one of them,
// and a change. Rows come from the list alone: nothing that is only looked at
// counts as a pull.
func TestJourneyOnAnAccount(t *testing.T) {
	t.Parallel()
	with := setup{config: twoContexts, terminal: uitest.Terminal{Width: 120, Height: 40}}
	perform(t, with, func(s *stage) {
		s.Advance(settle).See("account", "ecr", "✓ answers, token 11h")
		s.Press("G", "enter").Advance(settle).See("contexts › account", "shop/api", "legacy/billing")
		pulls := func() int {
			n := 0
			for _, r := range s.reg.Requests() {
				if r.Operation == "ecr:BatchGetImage" || strings.Contains(r.Path, "/manifests/") {
					n++
				}
			}
			return n
		}
		s.Press("/").Type("shop/mailer").Press("enter", "enter").Advance(settle)
		if n := pulls(); n > 0 {
			t.Errorf("the rows took %d reads", n)
		}
		s.See("PUSHED", "v1.", "reads count as pulls here")
		s.Press("p").Advance(settle).Press("p").Advance(settle)
		before, was := pulls(), s.Screen()
		s.Press("U").Advance(settle)
		if before != pulls() {
			t.Errorf("looking took %d reads:\n%s", pulls()-before, was)
		}
		s.Press("U").Advance(settle).Press("t").Type("canary").Press("enter").Advance(settle).See("point canary at").Press("tab", "enter")
		s.Advance(settle).Advance(settle).See("done; z undoes it")
		canary, ok := s.reg.Resolve("shop/mailer", "canary")
		if !ok {
			t.Fatalf("canary is not there:\n%s", s.Screen())
		}
		s.Press("z").Advance(settle).Press("tab", "enter").Advance(settle).Advance(settle)
		if d, ok := s.reg.Resolve("shop/mailer", "canary"); ok {
			t.Errorf("after undo canary points to %s, was %s:\n%s", d, canary, s.Screen())
		}
	})
}

// A role that may list and not delete is told so, by the name of what it lacks.
func TestARoleThatMayNotDelete(t *testing.T) {
	t.Parallel()
	with := setup{target: &ref.Reference{Host: demo.Account, Repository: "shop/mailer"}}
	with.options.Account.Keys = map[string]sandbox.Role{"AKIADEMO": {Denied: []string{"ecr:BatchDeleteImage"}}}
	perform(t, with, func(s *stage) {
		s.Advance(settle).See("v1.").Press("x").Advance(settle).See("STEPS").Press("tab", "enter").Advance(settle)
		s.Type("shop/mailer").Press("enter").Advance(settle).Advance(settle)
		s.Press("J").Advance(settle).Press("enter").Advance(settle).See("the permission ecr:BatchDeleteImage is missing")
	})
}
