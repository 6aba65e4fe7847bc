package cli

import (
	"testing"
	"time"

	"regatta/cmd/app/change"
	"regatta/cmd/cli/demo"
	"regatta/model/image"
	"regatta/model/ref"
	"regatta/ui/uitest"
)

// An image goes to the archive and is marked there, is not pulled, comes back
// while other things go on, and all of that is undone.
func TestArchiveOnTheScreen(t *testing.T) {
	t.Parallel()
	with := setup{target: &ref.Reference{Host: demo.Account, Repository: "shop/mailer"}}
	perform(t, with, func(s *stage) {
		s.Advance(settle).Press("/").Type("v1.1.0").Press("enter").CursorOn("v1.1.0")
		s.Press("A").Advance(settle).See("archive v1.1.0 of shop/mailer", "child of", "cannot be pulled", "90 days")
		s.Press("tab", "enter").Advance(settle).Advance(settle).See("done; z undoes it")
		s.Press("r").Advance(settle).See("archived")
		s.Press("t").See("is archived and cannot be pulled: A restores it")
		s.Press("m").See("is archived and cannot be pulled").Press("P").See("is archived and cannot be pulled")
		s.Press("A").Advance(settle).See("restore v1.1.0 of shop/mailer", "twenty minutes").Press("tab", "enter").Advance(settle)
		s.Press("r").Advance(settle).See("restoring").Press("J").Advance(time.Minute).See("0/5").Press("esc")
		s.Advance(20 * time.Minute).Advance(settle)
		s.Press("r").Advance(settle).SeeNot("restoring").SeeNot("archived")
		s.storage(t, image.Standard)
		s.Press("z").Advance(settle).See("Undo", "puts it back into the archive").Press("tab", "enter").Advance(settle).Advance(settle)
		s.storage(t, image.Archived)
	})
}

// storage checks where v1.1.0 is.
func (s *stage) storage(t *testing.T, want image.Storage) {
	t.Helper()
	b, err := s.session.Open(demo.Account)
	if err != nil {
		t.Fatal(err)
	}
	all, err := change.List(s.ctx, b, "shop/mailer")
	if err != nil {
		t.Fatal(err)
	}
	for _, i := range all {
		if len(i.Tags) > 0 && i.Tags[0] == "v1.1.0" && i.Storage != want {
			t.Errorf("it is %s, want %s:\n%s", i.Storage, want, s.Screen())
		}
	}
}

// A registry without an archive offers none.
func TestNoArchive(t *testing.T) {
	t.Parallel()
	perform(t, in("shop/api"), func(s *stage) {
		s.Advance(settle).Press("A").See("this registry has no archive")
	})
}

// An archived image is no target of a rollback until it is restored, which the
// refusal leads to.
func TestRollbackOffersTheRestore(t *testing.T) {
	t.Parallel()
	with := setup{target: &ref.Reference{Host: demo.Account, Repository: "shop/api"}, terminal: uitest.Terminal{Width: 160, Height: 45}}
	perform(t, with, func(s *stage) {
		good, _ := s.reg.Resolve("shop/api", "v3.1.2")
		s.reg.Archive("shop/api", good, s.session.Now())
		s.Advance(settle).Press("/").Type("prod").Press("enter").Advance(settle).Press("b").Advance(settle).Press("enter").Advance(settle)
		s.See("v3.1.2", "archived")
		s.Press("enter").Advance(settle).See("storage: it is archived", "Nothing was changed. A restores it")
		s.Press("A").Advance(settle).See("restore v3.1.2 of shop/api", "twenty minutes").Press("tab", "enter").Advance(settle)
		s.Press("r").Advance(settle).See("it is on its way back from the archive").SeeNot("A restores it")
		s.Advance(21*time.Minute).Press("r").Advance(settle).See("roll back prod of shop/api to v3.1.2", "2 steps")
	})
}
