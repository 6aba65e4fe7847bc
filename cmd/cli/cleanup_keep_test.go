package cli

import (
	"os"
	"path/filepath"
	"testing"

	"regatta/ui/uitest"
)

// What is kept comes from a file, from patterns that protect, and from a time of
// grace; the rules can be taken along as a command.
func TestCleanupKeepsMarksAndBecomesACommand(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, "k")
	if err := os.WriteFile(path, []byte("# still needed\ngit-434212f\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "bad"), []byte("a b\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	with := in("shop/api")
	with.terminal = uitest.Terminal{Width: 160, Height: 45}
	perform(t, with, func(s *stage) {
		s.Advance(settle).Press("X").Advance(settle).Press("c").See("no rule asks for anything").Advance(settle)
		rule("m", "git-*")(s)
		rule("n", "10")(s)
		s.See("× remove 20")
		s.Press("K").Type(filepath.Join(dir, "none")).Press("enter").Advance(settle).See("read the keep list", "no such file")
		s.Press("w").See("no such file").SeeNot("STEPS").Advance(settle)
		s.Press("K").See(path[:len(path)-1])
		for range len("none") {
			s.Press("backspace")
		}
		s.Type("bad").Advance(settle).Press("enter").Advance(settle).See("line 1")
		s.Press("K", "backspace", "backspace", "backspace").Type("k").Press("enter").Advance(settle).See("keep list "+path, "× remove 15")
		rule("P", "GIT-341*")(s)
		s.See("× remove 10", "protect GIT-341*").Press("/").Type("git-341b620 | git-434212f").Press("enter").Advance(settle)
		s.See("git-434212f is on the keep list, line 2", "git-341b620 is protected").Press("esc").Advance(settle)
		rule("D", "14d")(s)
		s.See("× remove 0", "~ mark 2", "grace 14d").CursorOn("~ mark").See("it goes after")
		s.reads(t)
		s.Press("c").Advance(settle).See("copied the prune command")
		s.Press("w").Advance(settle).See("regatta-delete-after-", "retag").Press("tab", "enter").Advance(settle).Advance(settle)
		s.Press("/").Type("git-26af278").Press("enter").Advance(settle).See("it is marked and goes after")
		if _, ok := s.reg.Resolve("shop/api", "git-26af278"); !ok {
			t.Error("what was marked is gone")
		}
	})
}

// Where the table has no room for a reason, the line below has it.
func TestCleanupSaysAllOfTheReason(t *testing.T) {
	t.Parallel()
	with := in("shop/api")
	with.terminal = uitest.Terminal{Width: 80, Height: 24}
	perform(t, with, func(s *stage) {
		s.Advance(settle).Press("X").Advance(settle)
		rule("m", "git-*")(s)
		rule("n", "10")(s)
		s.Press("j", "j").Advance(settle).See("of which the newest 10 stay")
	})
}
