package cli

import (
	"testing"

	"regatta/registry/sandbox"
	"regatta/ui/uitest"
)

// What the host refused once is said before the next plan whose undo would need it, and so
// is what nobody knows; nobody is told that z undoes what it may not undo.
func TestWhatUndoAsksIsSaidBefore(t *testing.T) {
	t.Parallel()
	with := in("shop/api")
	with.options.Quirks = sandbox.Quirks{NoDelete: true}
	with.terminal = uitest.Terminal{Width: 160, Height: 45}
	perform(t, with, func(s *stage) {
		s.Advance(settle).Press("t").Type("canary").Press("enter").Advance(settle)
		s.See("it is not known whether registry.example deletes tags: undo leaves what this adds if it does not")
		s.Press("tab", "enter").Advance(settle).See("done; z undoes it if the registry lets")
		s.Press("z").Advance(settle).Press("tab", "enter").Advance(settle).Advance(settle).See("registry.example")
		if _, ok := s.reg.Resolve("shop/api", "canary"); !ok {
			t.Fatal("the registry deletes tags")
		}
		s.Press("esc", "esc").Advance(settle).Press("t").Type("canary-2").Press("enter").Advance(settle)
		s.See("CANNOT BE UNDONE", "deletes no tag alone, and no manifest either")
	})
}
