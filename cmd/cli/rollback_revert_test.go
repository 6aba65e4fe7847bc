package cli

import (
	"slices"
	"strings"
	"testing"
	"time"

	"regatta/cmd/app/change"
	"regatta/cmd/cli/changes"
	"regatta/cmd/cli/propose"
	"regatta/model/journal"
	"regatta/model/ref"
	"regatta/registry/sandbox"
)

// untrue is what may never be said of a rollback that its own user has reverted.
var untrue = []string{"somebody has moved it since", "does not run", "not well", "✗"}

// reverts presses the key, confirms the plan, and looks at every second until it is
// over.
func (b *back) reverts(t *testing.T) {
	t.Helper()
	b.press("Z").See("undoes: roll back prod")
	b.press("tab", "enter").Type("shop/api")
	b.Press("enter")
	b.watches(t)
}

func (b *back) watches(t *testing.T) {
	t.Helper()
	for range 90 {
		b.Advance(time.Second)
		for _, said := range untrue {
			if strings.Contains(b.Screen(), said) {
				t.Fatalf("%q is said:\n%s", said, b.Screen())
			}
		}
	}
}

// Back, deployed, and reverted: the screen says so, watches until every task runs
// the former image, and ends green; what it finds is written down with the revert.
func TestRevertUntilItRuns(t *testing.T) {
	t.Parallel()
	onECS(t, func(b *back) {
		bad, _ := b.reg.Resolve("shop/api", "prod")
		b.goBack().deploy().Advance(settle * 14)
		b.press("Z").See("revert: prod of shop/api", "undoes: roll back prod")
		b.press("tab", "enter").Type("shop/api")
		b.Press("enter").Advance(20 * time.Second)
		b.See("· reverted", "REVERTED", "✓ tag", "1 of 4 tasks run, 3 pending", "the image", "what ran before")
		b.watches(t)
		b.See("✓ prod/shop-api", "4 of 4 run "+ref.Digest(bad).Short(), "reverted").SeeNot("Z reverts it", "next candidate")
		all, err := b.session.Journal().Runs(b.ctx, 1)
		if err != nil || len(all) != 1 || all[0].UndoOf == "" {
			t.Fatalf("%v, %+v", err, all)
		}
		told := all[0].About(journal.Rollout)
		if len(told) != 1 || told[0].Level != "ok" || len(all[0].About(journal.Verified)) == 0 {
			t.Errorf("%+v", all[0].Remarks)
		}
		b.press("z").SeeNot("undo: deploy what follows prod")
	})
}

// Without a deployment, and while one is still under way, a revert ends green too.
func TestRevertOfWhatHasNotSettled(t *testing.T) {
	t.Parallel()
	for name, before := range map[string]func(b *back){
		"never deployed": func(*back) {},
		"half-way":       func(b *back) { b.deploy().Advance(settle * 6) },
		"that hangs": func(b *back) {
			b.reg.Doom("prod", "shop-api", sandbox.Hangs)
			b.deploy().Advance(settle * 6)
			b.reg.Doom("prod", "shop-api", sandbox.Settles)
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			onECS(t, func(b *back) {
				bad, _ := b.reg.Resolve("shop/api", "prod")
				b.goBack()
				before(b)
				b.reverts(t)
				b.See("✓ prod/shop-api", "4 of 4 run "+ref.Digest(bad).Short(), "reverted")
			})
		})
	}
}

// A revert from the command line is seen by the screen that is open.
func TestRevertFromElsewhere(t *testing.T) {
	t.Parallel()
	onECS(t, func(b *back) {
		bad, _ := b.reg.Resolve("shop/api", "prod")
		b.goBack().deploy().Advance(settle * 14)
		c := &console{app: b.session, t: t, reg: b.reg}
		all, err := b.session.Journal().Runs(b.ctx, 2)
		if err != nil {
			t.Fatal(err)
		}
		roll := slices.IndexFunc(all, func(r journal.Run) bool { return len(r.About(journal.Checked)) > 0 })
		if _, said, err := c.verb(func(ch *propose.Proposal) error {
			return changes.RunUndo(b.ctx, ch, []string{all[roll].ID}, change.Asked{})
		}); err != nil {
			t.Fatal(err, said)
		}
		b.Press("r").Advance(settle)
		b.See("· reverted", "✓ tag", "still runs the digest that it has looked up before", "d deploys what follows the tag")
		b.deploy()
		b.watches(t)
		b.See("✓ prod/shop-api", "4 of 4 run "+ref.Digest(bad).Short(), "reverted")
	})
}

// A deployment of the former image that fails is told as such: it is no candidate
// that is missing.
func TestRevertThatDoesNotRun(t *testing.T) {
	t.Parallel()
	onECS(t, func(b *back) {
		b.goBack().deploy().Advance(settle * 14)
		b.reg.Doom("prod", "shop-api", sandbox.Crashes)
		b.press("Z").press("tab", "enter").Type("shop/api")
		b.Press("enter").Advance(90 * time.Second)
		b.See("✗ prod/shop-api", "circuit breaker: tasks failed to start", "reverted, and it does not run").
			SeeNot("b goes back to the next candidate", "somebody has moved it since")
	})
}
