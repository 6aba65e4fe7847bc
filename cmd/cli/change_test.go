package cli

import (
	"testing"
	"time"

	"regatta/cmd/config"
	"regatta/cmd/tui/desk"
	"regatta/model/journal"
	"regatta/model/plan"
	"regatta/model/ref"
	"regatta/registry/sandbox"
	"regatta/registry/store"
	"regatta/ui/uitest"
)

func TestDeleteAndUndo(t *testing.T) {
	t.Parallel()
	with := in("shop/api")
	with.terminal = uitest.Terminal{Width: 120, Height: 40}
	perform(t, with, func(s *stage) {
		s.Advance(settle)
		before, _ := s.reg.Resolve("shop/api", "v3.2.0-rc.1")
		s.Press("j", "j", "j").CursorOn("v3.2.0-rc.1").Press("x").Advance(settle)
		s.See("delete v3.2.0-rc.1 of shop/api", "STEPS", "git-a5483e9", "▌Cancel", "frees")
		golden(t, "testdata/screens/plan-delete-120x40.txt", s.Screen())
		s.Press("enter").Advance(settle).SeeNot("STEPS").See("v3.2.0-rc.1") // Cancel has the focus
		s.Press("x").Advance(settle).Press("tab").See("▌Delete").Press("enter").Advance(time.Second)
		s.See("to go on, esc to go back") // it is the last tag of its digest
		s.Paste("shop/api").Press("enter").See("that is not shop/api")
		s.Type("shop/api").Press("enter").Advance(settle)
		s.Advance(settle).See("delete v3.2.0-rc.1 of shop/api: done; z undoes it").SeeNot("v3.2.0-rc.1 git")
		if _, ok := s.reg.Resolve("shop/api", "v3.2.0-rc.1"); ok {
			t.Fatal("the tag is still there")
		}
		s.Press("J").Advance(settle).See("journal", "✓ done").Press("enter").Advance(settle).See("done", "delete")
		s.Press("esc", "esc", "z").Advance(settle).See("undo: delete v3.2.0-rc.1", "put", "retag").Press("tab", "enter").Advance(settle)
		s.Advance(settle).See("v3.2.0-rc.1", "undo: delete v3.2.0-rc.1", ": done").SeeNot("z undoes it")
		if after, _ := s.reg.Resolve("shop/api", "v3.2.0-rc.1"); after != before {
			t.Errorf("the tag points to %s, not to %s", after, before)
		}
		s.Press("J").Advance(settle).See("done, undone")
	})
}

func TestUntagLeavesTheSiblings(t *testing.T) {
	t.Parallel()
	for name, quirks := range map[string]sandbox.Quirks{"tag API": {}, "no tag API": {NoTagDelete: true}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			with := in("shop/api")
			with.options.Quirks = quirks
			with.terminal = uitest.Terminal{Width: 120, Height: 40}
			perform(t, with, func(s *stage) {
				s.Advance(settle)
				digest, _ := s.reg.Resolve("shop/api", "v3.2.0")
				s.Press("j", "j").CursorOn("v3.2.0").Press("d").See("remove which tags").Type("nope").Press("enter").See("has no tag nope")
				for range 4 {
					s.Press("backspace")
				}
				s.Type("v3.2").Press("enter").Advance(settle).See("untag v3.2 of shop/api", "it is not known whether").Press("tab", "enter").Advance(settle)
				if quirks.NoTagDelete { // what is done instead is confirmed too
					s.See("the plan is another one", "an empty manifest is pushed", "▌Cancel").Press("tab", "enter").Advance(settle)
				}
				s.Advance(settle)
				if _, ok := s.reg.Resolve("shop/api", "v3.2"); ok {
					t.Errorf("the tag is still there:\n%s", s.Screen())
				}
				if d, _ := s.reg.Resolve("shop/api", "prod"); d != digest {
					t.Errorf("the sibling points to %s", d)
				}
			})
		})
	}
}

func TestRetagAndTheTagThatMovedMeanwhile(t *testing.T) {
	t.Parallel()
	with := in("shop/api")
	with.terminal = uitest.Terminal{Width: 120, Height: 40}
	perform(t, with, func(s *stage) {
		s.Advance(settle).Press("j", "j", "j", "j").CursorOn("v3.1.2").Press("t").Type("canary").Press("enter").Advance(settle)
		s.See("point canary at v3.1.2").Press("tab", "enter").Advance(settle)
		want, _ := s.reg.Resolve("shop/api", "v3.1.2")
		if got, _ := s.reg.Resolve("shop/api", "canary"); got != want {
			t.Fatalf("canary points to %s, want %s:\n%s", got, want, s.Screen())
		}
		other, _ := s.reg.Resolve("shop/api", "v3.1.1")
		s.Press("t").Type("v3.0").Press("enter").Advance(settle).See("point v3.0 at")
		s.reg.Tag("shop/api", "v3.0", other, sandbox.Epoch()) // somebody else moves it
		s.Press("tab", "enter").Advance(settle).Advance(settle)
		if got, _ := s.reg.Resolve("shop/api", "v3.0"); got != other {
			t.Errorf("a tag that moved meanwhile was overwritten:\n%s", s.Screen())
		}
		s.See("were not done; J shows which").Press("J").Advance(settle).See("✗")
	})
}

func TestAnInterruptedChangeIsOfferedAtTheNextStart(t *testing.T) {
	t.Parallel()
	perform(t, in("shop/api"), func(s *stage) {
		s.Advance(settle)
		b := desk.NewBoard(s.ctx, s.session)
		digest, _ := s.reg.Resolve("shop/api", "v3.0")
		p := plan.Plan{Registry: "registry.example", Repository: "shop/api", CreatedAt: sandbox.Epoch(), Steps: []plan.Step{{
			Kind: plan.Untag, Digest: ref.Digest(digest), Expect: plan.Expect{Tag: "v3.0", Digest: ref.Digest(digest)},
			Reference: ref.Reference{Host: "registry.example", Repository: "shop/api", Tag: "v3.0"},
		}}}
		other := store.OpenJournal(s.ctx, store.JournalOptions{Path: s.session.PathOfJournal(), Now: s.session.Now})
		if _, err := other.Begin(s.ctx, journal.Run{Title: "untag v3.0", Plan: p}); err != nil {
			t.Fatal(err)
		}
		if err := other.Close(); err != nil { // the program that ran it is gone
			t.Fatal(err)
		}
		b.LookBack()
		if got := b.Unfinished(); got != "a change was interrupted (untag v3.0): J shows it, to go on or to undo" {
			t.Errorf("%q", got)
		}
		s.Press("J").Advance(settle).See("! interrupted").Press("o").Advance(settle)
		s.See("go on: untag v3.0", "no usage source is configured").Press("tab", "enter").Advance(settle).Advance(settle).See("✓ done")
		if _, ok := s.reg.Resolve("shop/api", "v3.0"); ok {
			t.Error("going on did not remove the tag")
		}
	})
}

func TestReadOnlyHasNoDangerousKeys(t *testing.T) {
	t.Parallel()
	with := in("shop/api")
	with.config = func(c *config.Config) { c.ReadOnly = true }
	perform(t, with, func(s *stage) {
		s.Advance(settle).See("read-only").SeeNot("delete", "retag", "untag").Press("x").SeeNot("STEPS").Press("?").SeeNot("delete: shows the plan")
	})
}
