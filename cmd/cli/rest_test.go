package cli

import (
	"bytes"
	"testing"

	"regatta/cmd/app/change"
	"regatta/cmd/cli/changes"
	"regatta/cmd/cli/demo"
	"regatta/cmd/cli/output"
	"regatta/cmd/cli/propose"
	"regatta/model/fault"
	"regatta/model/journal"
	"regatta/model/plan"
	"regatta/model/ref"
	"regatta/registry/sandbox"
	"regatta/registry/store"
	"regatta/ui/uitest"
)

// interrupted is an untag that a program before this one had written down when it
// ended.
func interrupted(t *testing.T, s *stage, tag string) string {
	t.Helper()
	digest, _ := s.reg.Resolve("shop/api", tag)
	other := store.OpenJournal(s.ctx, store.JournalOptions{Path: s.session.PathOfJournal(), Now: s.session.Now})
	id, err := other.Begin(s.ctx, journal.Run{Title: "untag " + tag, Plan: plan.Plan{
		Registry: demo.Account, Repository: "shop/api", CreatedAt: sandbox.Epoch(), Steps: []plan.Step{{
			Kind: plan.Untag, Digest: ref.Digest(digest), Expect: plan.Expect{Tag: tag, Digest: ref.Digest(digest)},
			Reference: ref.Reference{Host: demo.Account, Repository: "shop/api", Tag: tag},
		}},
	}})
	if err != nil {
		t.Fatal(err)
	}
	if err := other.Close(); err != nil {
		t.Fatal(err)
	}
	return id
}

// What runs by now is not taken away by going on with what was planned when it did
// not run; nor is it where a source does not tell.
func TestGoingOnAsksAnewWhatRuns(t *testing.T) {
	t.Parallel()
	deaf := onAccount()
	deaf.options.Account.Keys = map[string]sandbox.Role{"AKIADEMO": {Denied: []string{"ecs:ListTasks"}}}
	for name, tt := range map[string]struct {
		in   setup
		tag  string
		kind fault.Kind
		says string
	}{
		"in use":           {onAccount(), "prod", fault.InUse, "in use: ecs task prod/shop-api"},
		"a source is deaf": {deaf, "v3.0", fault.Unprotected, "what runs here is not fully known"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			in := tt.in
			in.terminal = uitest.Terminal{Width: 160, Height: 45}
			perform(t, in, func(s *stage) {
				s.Advance(settle)
				id := interrupted(t, s, tt.tag)
				var out bytes.Buffer
				c := &propose.Proposal{App: s.session, Streams: output.Streams{Out: &out, Err: &out}, Options: propose.Options{Yes: true}}
				if err := changes.RunResume(s.ctx, c, id, change.Asked{}); !fault.Is(err, tt.kind) {
					t.Fatalf("regatta apply --resume went on: %v\n%s", err, out.String())
				}
				s.Press("J").Advance(settle).Press("o").Advance(settle).See("go on: untag "+tt.tag, tt.says)
				s.Press("tab", "enter").Advance(settle).See("Type override to go on")
				if _, ok := s.reg.Resolve("shop/api", tt.tag); !ok {
					t.Fatal("the tag is gone, and nobody asked for that")
				}
				s.Type("override").Press("enter").Advance(settle).Advance(settle).See("✓ done")
				if _, ok := s.reg.Resolve("shop/api", tt.tag); ok {
					t.Errorf("the tag is still there:\n%s", s.Screen())
				}
			})
		})
	}
}

// The undo of what was interrupted before it changed anything has nothing to confirm: the
// run is over, and is not offered again.
func TestUndoEndsARunThatHasChangedNothing(t *testing.T) {
	t.Parallel()
	in := onAccount()
	in.terminal = uitest.Terminal{Width: 160, Height: 45}
	perform(t, in, func(s *stage) {
		s.Advance(settle)
		id := interrupted(t, s, "v3.0")
		s.Press("J").Advance(settle).Press("u").Advance(settle).See("the run had changed nothing", "there is nothing to do")
		if r, err := s.session.Journal().Run(s.ctx, id); err != nil || r.State != journal.Cancelled {
			t.Errorf("%v: the run is %s\n%s", err, r.State, s.Screen())
		}
		if _, ok := s.reg.Resolve("shop/api", "v3.0"); !ok {
			t.Error("the tag is gone")
		}
	})
}
