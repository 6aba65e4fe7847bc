package cli

import (
	"strings"
	"testing"

	"regatta/model/journal"
	"regatta/model/plan"
	"regatta/model/ref"
	"regatta/registry/sandbox"
	"regatta/registry/store"
)

// The journal gives the record of a rollback with what was deployed of it, as the
// screen after it does; that of the deployment is its own.
func TestTheJournalGivesTheRecord(t *testing.T) {
	t.Parallel()
	onECS(t, func(b *back) {
		b.goBack().deploy().Advance(settle * 14)
		b.press("n").Type("the api answers 500")
		b.press("enter").press("m")
		want := b.Clipboard()
		for _, part := range []string{
			"# roll back prod of shop/api to v3.1.2\n", "| Why | the api answers 500 |", "| retag `shop/api:prod` |",
			"| deploy `prod/shop-api` |", "- **ok** prod/shop-api: 4 of 4 run",
		} {
			if !strings.Contains(want, part) {
				t.Errorf("%q is not in\n%s", part, want)
			}
		}
		b.press("J").CursorOn("deploy what follows prod")
		b.press("m").See("copied the record, as Markdown")
		if got := b.Clipboard(); !strings.HasPrefix(got, "# deploy what follows prod\n") || strings.Contains(got, "retag") {
			t.Errorf("copied\n%s", got)
		}
		b.press("j").CursorOn("roll back prod")
		for _, keys := range [][]string{{"m"}, {"k", "m", "j", "enter", "m"}} {
			if b.press(keys...); b.Clipboard() != want {
				t.Errorf("%v: copied\n%s", keys, b.Clipboard())
			}
		}
		b.See("copied the record, as Markdown", "✓ done", "retag")
	})
}

// leftBehind is a change that a program before this one had asked for when it ended;
// it returns the run's name.
func leftBehind(t *testing.T, s *stage, how journal.State) string {
	t.Helper()
	digest, _ := s.reg.Resolve("shop/api", "v3.0")
	p := plan.Plan{Registry: "registry.example", Repository: "shop/api", CreatedAt: sandbox.Epoch(), Steps: []plan.Step{{
		Kind: plan.Untag, Digest: ref.Digest(digest), Expect: plan.Expect{Tag: "v3.0", Digest: ref.Digest(digest)},
		Reference: ref.Reference{Host: "registry.example", Repository: "shop/api", Tag: "v3.0"},
	}}}
	other := store.OpenJournal(s.ctx, store.JournalOptions{Path: s.session.PathOfJournal(), Now: s.session.Now})
	id, err := other.Begin(s.ctx, journal.Run{Title: "untag v3.0", Plan: p})
	if err == nil {
		err = other.Intend(s.ctx, id, 0, nil)
	}
	if err == nil && how.Ended() {
		err = other.End(s.ctx, id, how)
	}
	if err != nil {
		t.Fatal(err)
	}
	if err := other.Close(); err != nil {
		t.Fatal(err)
	}
	return id
}

// A step of which only the intent is written down is in doubt once nobody carries
// it out any more, and it is said what to do.
func TestAStepInDoubt(t *testing.T) {
	t.Parallel()
	for how, says := range map[journal.State]string{
		journal.Interrupted: "interrupted: on the journal o goes on, u takes it back",
		journal.Failed:      "on the journal o looks whether it was done",
		journal.Partly:      "on the journal o looks whether it was done",
	} {
		perform(t, in("shop/api"), func(s *stage) {
			s.Advance(settle)
			id := leftBehind(t, s, how)
			s.Press("J").Advance(settle)
			if how == journal.Partly {
				s.SeeLine(`1 in doubt`)
			}
			s.Press("enter").Advance(settle).SeeLine(`1 in doubt, 0 done`)
			s.SeeLine(`\? in doubt +untag +shop/api:v3.0 +whether it was done is not known`).See(says)
			s.Press("m").Advance(settle)
			if got := s.Clipboard(); !strings.Contains(got, "| in doubt: whether it was done is not known |") ||
				strings.Contains(got, "apply --resume "+id) != (how == journal.Interrupted) {
				t.Errorf("%s: copied\n%s", how, got)
			}
			s.Press("esc", "o").Advance(settle).Press("tab", "enter").Advance(settle).Advance(settle).See("✓ done").Press("enter").Advance(settle).SeeNot("in doubt", says)
		})
	}
}

// A rollback that is gone on with is read back, as one that was not interrupted; the
// tag that keeps what is left behind does not go back.
func TestAResumedRollbackIsReadBack(t *testing.T) {
	t.Parallel()
	perform(t, in("shop/api"), func(s *stage) {
		s.Advance(settle)
		bad, _ := s.reg.Resolve("shop/api", "prod")
		good, _ := s.reg.Resolve("shop/api", "v3.1.2")
		at := func(tag string) ref.Reference {
			return ref.Reference{Host: "registry.example", Repository: "shop/api", Tag: tag}
		}
		other := store.OpenJournal(s.ctx, store.JournalOptions{Path: s.session.PathOfJournal(), Now: s.session.Now})
		_, err := other.Begin(s.ctx, journal.Run{
			Title: "roll back prod", Remarks: []journal.Remark{{About: journal.Checked, Level: "ok", Text: "tag: it is there"}},
			Plan: plan.Plan{Registry: "registry.example", Repository: "shop/api", CreatedAt: sandbox.Epoch(), Steps: []plan.Step{
				{Kind: plan.Retag, Reference: at("kept"), Digest: ref.Digest(bad), Expect: plan.Expect{Tag: "kept"}},
				{
					Kind: plan.Retag, Reference: at("prod"), Digest: ref.Digest(good), After: []int{0},
					Expect: plan.Expect{Tag: "prod", Digest: ref.Digest(bad)},
				},
			}},
		})
		if err != nil {
			t.Fatal(err)
		}
		if err := other.Close(); err != nil {
			t.Fatal(err)
		}
		s.Press("J").Advance(settle).Press("o").Advance(settle).See("go on: roll back prod", "→").Press("tab", "enter")
		s.Advance(settle).See("people may deploy from prod").Type("shop/api").Press("enter")
		s.Advance(settle).Advance(settle).See("✓ done").Press("enter").Advance(settle)
		s.SeeLine(`✓ checked +tag: it is there`).SeeLine(`✓ verified +shop/api:prod tag: prod was read back: it points to`)
		s.SeeLine(`✓ verified +shop/api:prod platforms: .* can be pulled`).SeeNot("shop/api:kept tag")
		if now, _ := s.reg.Resolve("shop/api", "prod"); now != good {
			t.Errorf("prod points to %s", now)
		}
	})
}

// On the steps of a run both keys undo that run, not the newest; one that is undone has
// nothing to undo.
func TestTheStepsOfARunUndoThatRun(t *testing.T) {
	t.Parallel()
	for _, key := range []string{"u", "z"} {
		perform(t, in("shop/api"), func(s *stage) {
			s.Advance(settle).Press("j", "j", "j").CursorOn("v3.2.0-rc.1")
			for _, tag := range []string{"older", "newer"} {
				s.Press("t").Type(tag).Press("enter").Advance(settle).Press("tab", "enter").Advance(settle).Advance(settle)
			}
			s.Press("J").Advance(settle).Press("j").CursorOn("older").Press("enter").Advance(settle)
			s.Press(key).Advance(settle).See("undo: point older", "STEPS").SeeNot("newer").Press("tab", "enter").Advance(settle).Advance(settle)
			if _, ok := s.reg.Resolve("shop/api", "older"); ok {
				t.Errorf("%s: older is still there:\n%s", key, s.Screen())
			}
			s.Press(key).Advance(settle).See("has undone it already").SeeNot("STEPS").Press("esc", "u").See("has undone it already")
		})
	}
}
