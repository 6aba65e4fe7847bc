package cli

import (
	"testing"
	"time"

	"regatta/registry/sandbox"
	"regatta/ui/uitest"
)

// On a registry with an archive a time of grace is spent there: what rules ask
// for goes to the archive first, and for good once it was there for so long.
func TestCleanupArchivesFirst(t *testing.T) {
	t.Parallel()
	with := ofAccount("shop/mailer")
	with.terminal = uitest.Terminal{Width: 160, Height: 45}
	perform(t, with, func(s *stage) {
		d, ok := s.reg.Resolve("shop/mailer", "v1.0.2")
		if !ok {
			t.Fatal("there is no v1.0.2")
		}
		cleanUp := func() {
			s.Press("X").Advance(settle).Press("enter").Advance(settle)
			rule("m", "v1.0*")(s)
			s.Press("t").Advance(settle).Press("D").See("archive first, and remove after").Type("12h").Press("enter").Advance(settle)
		}
		confirm := func() {
			s.Press("w").Advance(settle).See("clean up shop/mailer").Press("tab", "enter").Advance(settle)
		}
		s.Advance(settle)
		cleanUp()
		s.See("grace 12h", "× remove 0", "↓ archive 2", "archived first: it goes after")
		confirm()
		s.Advance(settle).Press("r").Advance(settle)
		if archived, there := s.reg.Archived("shop/mailer", d); !archived || !there {
			t.Errorf("archived %v, there %v:\n%s", archived, there, s.Screen())
		}
		s.See("× remove 0", "= keep").SeeNot("↓ archive").Press("/").Type("v1.0.2").Press("enter").Advance(settle)
		s.See("it is in the archive and goes after").Press("esc").Press("esc").Advance(13 * time.Hour)
		cleanUp()
		s.SeeNot("× remove 0").Press("/").Type("v1.0.2").Press("enter").Advance(settle).See("in the archive to go after")
		confirm()
		s.Type("shop/mailer").Press("enter").Advance(settle).Advance(settle)
		if _, there := s.reg.Archived("shop/mailer", d); there {
			t.Errorf("it is still there:\n%s", s.Screen())
		}
	})
}

// What this machine has never read goes too once it was in the archive for long
// enough, unless it may list others.
func TestCleanupOfWhatCannotBeRead(t *testing.T) {
	t.Parallel()
	with := ofAccount("shop/mailer")
	with.terminal = uitest.Terminal{Width: 160, Height: 45}
	perform(t, with, func(s *stage) {
		then := sandbox.Epoch().Add(-100 * 24 * time.Hour)
		single := s.reg.PushImage("shop/mailer", sandbox.Image{Layers: []string{"single"}, Created: then})
		s.reg.Tag("shop/mailer", "old-1", single, then)
		index, _ := s.reg.Resolve("shop/mailer", "v1.0.2")
		s.reg.Tag("shop/mailer", "old-2", index, then)
		for _, d := range []string{single, index} {
			s.reg.SetPushed("shop/mailer", d, then)
			s.reg.Archive("shop/mailer", d, then)
		}
		s.Advance(settle).Press("X").Advance(settle).Press("enter").Advance(settle)
		rule("m", "old-*")(s)
		s.Press("t").Advance(settle).Press("D").Type("30d").Press("enter").Advance(settle).See("× remove 1 ")
		s.Press("/").Type("old-").Press("enter").Advance(settle).See("it could not be read: it is in the archive")
		s.Press("w").Advance(settle).See("clean up shop/mailer", "CANNOT BE UNDONE", "it cannot be put back")
		s.Press("tab", "enter").Advance(settle).Type("shop/mailer").Press("enter").Advance(settle).Advance(settle)
		if _, there := s.reg.Archived("shop/mailer", single); there {
			t.Errorf("it is still there:\n%s", s.Screen())
		}
		if _, there := s.reg.Archived("shop/mailer", index); !there {
			t.Error("the index is gone")
		}
	})
}
