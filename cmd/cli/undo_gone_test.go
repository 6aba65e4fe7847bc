package cli

import (
	"strings"
	"testing"

	"regatta/cmd/app/change"
	"regatta/cmd/cli/output"
	"regatta/cmd/cli/propose"
	"regatta/model/plan"
	"regatta/registry/sandbox"
	"regatta/ui/uitest"
)

// onNoDelete is shop/api of a registry that deletes nothing.
func onNoDelete() setup {
	with := in("shop/api")
	with.options.Quirks = sandbox.Quirks{NoDelete: true}
	with.terminal = uitest.Terminal{Width: 120, Height: 40}
	return with
}

// An undo that can bring nothing back is no undo: the screen says what stays and why, and
// has nothing to begin it with; no run is written, and the first one stays as it was.
func TestAnUndoThatBringsNothingBackCannotBegin(t *testing.T) {
	t.Parallel()
	perform(t, onNoDelete(), func(s *stage) {
		s.Advance(settle).Press("j", "j", "j").CursorOn("v3.2.0-rc.1")
		s.Press("t").Type("canary").Press("enter").Advance(settle).Press("tab", "enter").Advance(settle).Advance(settle)
		s.Press("z").Advance(settle).Press("tab", "enter").Advance(settle).Advance(settle) // it tries what the registry deletes
		s.See("CANNOT BE UNDONE", "canary", "deletes no tag alone", "nothing of it can be brought back", "▌Cancel")
		s.SeeNot("Undo ", "STEPS", "before you say so").Press("ctrl+s").Advance(settle).See("nothing of it can be brought back")
		runs, err := s.session.Journal().Runs(s.ctx, 9)
		if err != nil || len(runs) != 1 || len(runs[0].UndoneInPart) > 0 || !runs[0].Undoable() {
			t.Errorf("%v: the journal has %+v", err, runs)
		}
		s.Press("enter").Advance(settle).SeeNot("CANNOT BE UNDONE")
	})
}

// The same at the command line, where the undo comes from a file.
func TestAPlanThatBringsNothingBackIsRefused(t *testing.T) {
	t.Parallel()
	onConsole(t, sandbox.Options{}, func(c *console) {
		p := plan.Plan{Registry: "registry.example", Repository: "shop/api", Lost: []plan.Lost{{Digest: c.points("v3.0"), Reason: "it is gone"}}}
		_, said, err := c.verb(func(ch *propose.Proposal) error { return ch.Do(c.t.Context(), p) })
		if output.ExitOf(err) != output.Refused || !strings.Contains(said, "it is gone") || !strings.Contains(err.Error(), "nothing of it can be brought back") {
			c.t.Errorf("exit code %d: %v\n%s", output.ExitOf(err), err, said)
		}
		if _, err := change.Begin(c.t.Context(), c.app, plan.Plan{Registry: "registry.example"}, "nothing", ""); err == nil {
			c.t.Error("a plan without steps has begun")
		}
		if runs, err := c.app.Journal().Runs(c.t.Context(), 9); err != nil || len(runs) > 0 {
			c.t.Errorf("%v: the journal has %+v", err, runs)
		}
	})
}

// refusesDeletes has the registry tried for what it deletes: it refuses.
func (s *stage) refusesDeletes() {
	s.Advance(settle).Press("j", "j", "j").CursorOn("v3.2.0-rc.1").Press("x").Advance(settle).Press("tab", "enter").Advance(settle)
	s.Type("shop/api").Press("enter").Advance(settle).See("Nothing was changed").Press("esc").Advance(settle)
}

// What is promised after a change is what its plan has said.
func TestUndoIsPromisedAsThePlanSaid(t *testing.T) {
	t.Parallel()
	for tags, says := range map[string]string{
		"canary":      "done; it cannot be undone",
		"canary v3.1": "done; z undoes a part",
		"v3.1":        "done; z undoes it",
	} {
		perform(t, onNoDelete(), func(s *stage) {
			s.refusesDeletes()
			s.Press("t").Type(tags).Press("enter").Advance(settle).Press("tab", "enter").Advance(settle).Advance(settle).See(says)
			s.Press("J").Advance(settle).Press("m").Advance(settle)
			if got := s.Clipboard(); strings.Contains(got, "It cannot be undone.") != (tags == "canary") {
				t.Errorf("%s: copied\n%s", tags, got)
			}
		})
	}
}

// A copy says before that nothing takes it away again, as a retag does.
func TestACopyThatStaysSaysSo(t *testing.T) {
	t.Parallel()
	perform(t, onNoDelete(), func(s *stage) {
		s.refusesDeletes()
		s.Press("m").Advance(settle).Type("mirror/api").Press("enter").Advance(settle).See("CANNOT BE UNDONE", "does not delete it: it stays")
		s.Press("tab", "enter").Advance(settle).Advance(settle).See("it cannot be undone")
	})
}
