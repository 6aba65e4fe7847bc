package cli

import (
	"os"
	"path/filepath"
	"testing"
	"testing/synctest"

	"regatta/cmd/config"
	"regatta/ui/uitest"
)

func TestCopyFromTheTerminal(t *testing.T) {
	t.Parallel()
	with := in("shop/api")
	with.terminal = uitest.Terminal{Width: 120, Height: 40}
	perform(t, with, func(s *stage) {
		s.Advance(settle).Press("j", "j").CursorOn("v3.2.0").Press("m").See("copy v3.2.0 of shop/api where?")
		s.Type("Not/A/Name").Press("enter").See("upper case")
		for range len("Not/A/Name") {
			s.Press("backspace")
		}
		s.Type("mirror/api").Press("enter").Advance(settle).See("copy v3.2.0 of shop/api to", "STEPS", "copy-blob", "moves", "▌Cancel")
		golden(t, "testdata/screens/plan-copy-120x40.txt", s.Screen())
		s.Resize(80, 24)
		golden(t, "testdata/screens/plan-copy-80x24.txt", s.Screen())
		s.Resize(120, 40).Press("tab", "enter").Advance(settle)
		s.Type("mirror/api").Press("enter").Advance(settle).Advance(settle) // prod is one of its tags
		s.See("done; z undoes it")
		for _, tag := range []string{"v3.2.0", "v3.2", "prod"} {
			want, _ := s.reg.Resolve("shop/api", tag)
			if got, _ := s.reg.Resolve("mirror/api", tag); got != want || got == "" {
				t.Errorf("%s points to %q, want %q:\n%s", tag, got, want, s.Screen())
			}
		}
		s.Press("z").Advance(settle).See("undo: ").Press("tab", "enter").Advance(settle)
		s.Type("mirror/api").Press("enter").Advance(settle).Advance(settle)
		if got, ok := s.reg.Resolve("mirror/api", "prod"); ok {
			t.Errorf("after undo prod points to %s:\n%s", got, s.Screen())
		}
	})
}

func TestPullFromTheTerminal(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "layout")
	with := in("shop/api")
	with.config = func(c *config.Config) { c.ReadOnly = true } // what is pulled changes no registry
	with.terminal = uitest.Terminal{Width: 120, Height: 40}
	perform(t, with, func(s *stage) {
		s.Advance(settle).Press("P").See("pull v3.3.0 of shop/api where?").Press("enter").See("name a directory")
		s.Type(dir).Press("enter").Advance(settle).See("STEPS", "pull", "moves").Press("tab", "enter").Advance(settle)
		synctest.Wait()
		s.Advance(settle).See("done")
		if _, err := os.Stat(filepath.Join(dir, "index.json")); err != nil {
			t.Errorf("%v:\n%s", err, s.Screen())
		}
	})
}
