package cli

import (
	"net/http"
	"strings"
	"testing"

	"regatta/registry/sandbox"
	"regatta/ui/uitest"
)

// changed are the requests that were more than reading, but for those that try
// to delete what is not there.
func (s *stage) changed() (changes, tries []string) {
	for _, r := range s.reg.Requests() {
		switch {
		case r.Method == http.MethodGet || r.Method == http.MethodHead:
		case r.Method == http.MethodDelete && r.Status != http.StatusAccepted:
			tries = append(tries, r.Method+" "+r.Path)
		default:
			changes = append(changes, r.Method+" "+r.Path)
		}
	}
	return changes, tries
}

// Until a plan is confirmed, not even what the registry deletes is tried.
func TestPlansThatAreNotConfirmedOnlyRead(t *testing.T) {
	t.Parallel()
	with := in("shop/api")
	with.terminal = uitest.Terminal{Width: 120, Height: 40}
	perform(t, with, func(s *stage) {
		s.Advance(settle).Press("j", "j", "j", "j").CursorOn("v3.1.2")
		s.Press("x").Advance(settle).See("STEPS").Press("G").See("it is not known whether registry.example deletes manifests")
		s.Press("r").Advance(settle).Press("esc").Advance(settle)
		s.Press("t").Type("canary").Press("enter").Advance(settle).See("STEPS").Press("esc").Advance(settle)
		s.Press("d").Type("v3.1.2").Press("enter").Advance(settle).See("deletes a tag alone").Press("esc").Advance(settle)
		s.Press("X").Advance(settle)
		rule("m", "git-*")(s)
		s.Press("w").Advance(settle).See("STEPS").Press("tab", "enter").Advance(settle).See("to go on").Press("esc", "esc", "esc").Advance(settle)
		s.Press("L").Advance(settle).Press("n", "j", "enter").Advance(settle).Press("esc").Advance(settle)
		s.reads(t)
	})
}

// What the registry refuses when it is tried leads to a plan that says so, and
// nothing of the other one is done.
func TestARegistryThatDeletesNothingGetsNothing(t *testing.T) {
	t.Parallel()
	for _, key := range []string{"x", "d"} {
		t.Run(key, func(t *testing.T) {
			t.Parallel()
			with := in("shop/api")
			with.options.Quirks = sandbox.Quirks{NoDelete: true}
			with.terminal = uitest.Terminal{Width: 120, Height: 40}
			perform(t, with, func(s *stage) {
				s.Advance(settle).Press("j", "j", "j").CursorOn("v3.2.0-rc.1").Press(key).Advance(settle)
				if key == "d" {
					s.Type("v3.2.0-rc.1").Press("enter").Advance(settle)
				}
				s.See("STEPS")
				s.reads(t)
				s.Press("tab", "enter").Advance(settle)
				if strings.Contains(s.Screen(), "to go on") {
					s.Type("shop/api").Press("enter").Advance(settle)
				}
				s.See("Nothing was changed")
				changes, tries := s.changed()
				if len(changes) > 0 || len(tries) != 2 {
					t.Errorf("%q, after trying %q", changes, tries)
				}
				if runs, err := s.session.Journal().Runs(s.ctx, 1); err != nil || len(runs) > 0 {
					t.Errorf("%v was written down: %v", runs, err)
				}
			})
		})
	}
}
