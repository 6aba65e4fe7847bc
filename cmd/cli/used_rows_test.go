package cli

import (
	"net/http"
	"testing"

	"regatta/registry/sandbox"
)

// Rows tell what is in use without a manifest being read, and the pane by whom.
func TestRowsInUse(t *testing.T) {
	t.Parallel()
	perform(t, onAccount(), func(s *stage) {
		s.Resize(160, 45).Advance(settle).See("● v3.2.0 v3.2 prod", "○ v3.3.0", "USED BY", "ecs task staging/shop-api")
		s.Press("/").Type("is:used").Press("enter").Advance(settle).See("2 / 47 images", "v3.2.0").SeeNot("v3.1.2")
		s.Press("j").Advance(settle).See("ecs task prod/shop-api (4 running)")
		for _, r := range s.reg.Requests() {
			if r.Operation == "ecr:BatchGetImage" || r.Method == http.MethodGet && r.Path != "/v2/" {
				t.Errorf("marking the rows took %s %s%s", r.Method, r.Operation, r.Path)
			}
		}
	})
}

// A source that does not tell all is no source of nothing.
func TestRowsInUseAreIncomplete(t *testing.T) {
	t.Parallel()
	with := onAccount()
	with.options.Account.Keys = map[string]sandbox.Role{"AKIADEMO": {Denied: []string{"ecs:ListTasks"}}}
	perform(t, with, func(s *stage) {
		s.Resize(160, 45).Advance(settle).See("USED BY", "incomplete: ", "ecs:ListTasks")
	})
}

// What runs is deleted by nobody who has not typed the repository's name.
func TestDeletingWhatRunsIsTyped(t *testing.T) {
	t.Parallel()
	perform(t, onAccount(), func(s *stage) {
		s.Resize(120, 40).Advance(settle).Press("/").Type("tag:v3.2.0").Press("enter").Advance(settle).Press("x").Advance(settle)
		s.See("in use: ecs task prod/shop-api (4 running)").Press("tab", "enter").Advance(settle)
		s.See("Type override to go on").Type("shop/api").Press("enter").Advance(settle)
		if _, ok := s.reg.Resolve("shop/api", "prod"); !ok {
			t.Fatal("prod went upon the usual confirmation")
		}
		for range "shop/api" {
			s.Press("backspace")
		}
		s.Type("override").Press("enter").Advance(settle).Advance(settle)
		if d, ok := s.reg.Resolve("shop/api", "prod"); ok {
			t.Errorf("prod is still there: %s\n%s", d, s.Screen())
		}
	})
}
