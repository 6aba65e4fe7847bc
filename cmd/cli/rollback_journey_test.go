package cli

import (
	"cmp"
	"slices"
	"strings"
	"testing"
	"time"

	rollbacks "regatta/cmd/app/rollback"
	"regatta/cmd/cli/demo"
	"regatta/model/ref"
	"regatta/registry/sandbox"
	"regatta/ui/uitest"
)

// onECS opens shop/api of the account, with the cursor on what prod points to.
func onECS(t *testing.T, play func(b *back)) {
	t.Helper()
	with := setup{
		target: &ref.Reference{Host: demo.Account, Repository: "shop/api"}, terminal: uitest.Terminal{Width: 160, Height: 45},
	}
	perform(t, with, func(s *stage) {
		s.Advance(settle).Press(slices.Repeat([]string{"j"}, 9)...).CursorOn("prod")
		play(&back{stage: s})
	})
}

// goBack rolls prod back to v3.1.2 and ends on what that has left.
func (b *back) goBack() *back {
	b.press("b").press("enter")
	return b.goOn("prod").sees("prod was read back: it points to")
}

// goOn confirms the plan of the candidate under the cursor.
func (b *back) goOn(typed string) *back {
	b.press("enter").press("tab").press("enter")
	for _, r := range typed {
		b.press(string(r))
	}
	return b.press("enter").press()
}

func (b *back) sees(texts ...string) *back {
	b.See(texts...)
	return b
}

// deploy deploys what follows the tag.
func (b *back) deploy() *back {
	return b.press("d").sees("deploy what follows prod", "prod/shop-api ← prod").press("tab").press("enter").press()
}

// The whole way at three in the morning: back in ten keys, verified, deployed
// anew and watched until every task runs the image, then taken back with one key
// and its plan: tag, service and all.
func TestRollbackUntilItRuns(t *testing.T) {
	t.Parallel()
	onECS(t, func(b *back) {
		bad, _ := b.reg.Resolve("shop/api", "prod")
		good, _ := b.reg.Resolve("shop/api", "v3.1.2")
		b.goBack().See("prod/shop-api", "still runs the digest that it has looked up before", "4 of 4 tasks")
		if b.pressed > 10 {
			t.Errorf("%d keys", b.pressed)
		}
		b.deploy().See("0 of 4 tasks run, 4 pending", "has started 4 tasks")
		b.Advance(settle*6).See("2 of 4 tasks run, 2 pending", "the image", "what ran before")
		b.Advance(settle*6).See("4 of 4 run "+ref.Digest(good).Short(), "has reached a steady state.", "has reached a steady state.")
		b.press("n").Type("the api answers 500")
		b.press("enter").See("because: the api answers 500")
		b.press("m").See("copied the record, as Markdown")
		run, err := b.session.Journal().Runs(b.ctx, 2)
		if err != nil || len(run) != 2 || len(run[1].Remarks) != 10+3+1+1 {
			t.Errorf("%v, %+v", err, run)
		}
		b.press("Z").See("undoes: roll back prod", "retag", "untag", "deploy")
		b.press("tab", "enter").Type("shop/api")
		b.press("enter")
		b.Advance(settle * 14)
		if now, _ := b.reg.Resolve("shop/api", "prod"); now != bad || len(keptBy(t, b.stage)) != 0 {
			t.Errorf("prod points to %s after it was taken back, want %s", now, bad)
		}
	})
}

// A deployment that fails says so and offers the next candidate; one that never
// settles is watched for as long as is reasonable.
func TestRollbackThatDoesNotRunOnScreen(t *testing.T) {
	t.Parallel()
	for fate, says := range map[sandbox.Fate]string{
		sandbox.Crashes: "circuit breaker: tasks failed to start", sandbox.Reverts: "the service went back to what ran before",
	} {
		onECS(t, func(b *back) {
			b.reg.Doom("prod", "shop-api", fate)
			b.goBack().deploy().Advance(settle*14).See("✗ prod/shop-api", says, "b goes back to the next candidate, v3.1.1")
			b.press("b").See("roll back prod of shop/api to v3.1.1", "2 steps")
		})
	}
	onECS(t, func(b *back) {
		b.reg.Doom("prod", "shop-api", sandbox.Hangs)
		b.goBack().deploy().Advance(rollbacks.WatchAtMost/2).See("0 of 4 tasks run, 4 pending", "unable to place a task")
		if strings.Contains(b.Screen(), "not settled") {
			t.Error("it has given up too early")
		}
		b.Advance(rollbacks.WatchAtMost).See("not settled after 15m", "it goes on by itself", "Z reverts it")
	})
}

// However often somebody looks again, it is looked at once a second.
func TestLookingAgainDoesNotAddUp(t *testing.T) {
	t.Parallel()
	onECS(t, func(b *back) {
		b.reg.Doom("prod", "shop-api", sandbox.Hangs)
		b.goBack().deploy()
		asked := func() int {
			before := len(b.reg.Requests())
			b.Advance(10 * time.Second)
			return len(b.reg.Requests()) - before
		}
		once := asked()
		b.Press("r").Advance(time.Second / 3).Press("r").Advance(time.Second / 3).Press("r")
		if n := asked(); once == 0 || n > once*11/10 {
			t.Errorf("%d requests in ten seconds, %d after it was looked again", once, n)
		}
	})
}

// inShopOnECS opens shop/api of the account that has ECS.
func inShopOnECS() setup {
	return setup{target: &ref.Reference{Host: demo.Account, Repository: "shop/api"}}
}

// rollsBack takes prod to the candidate that comes first, up to the name that is
// typed; then it presses keys, waits, and presses others.
func rollsBack(fate sandbox.Fate, typed string, more ...any) func(*stage) {
	return func(s *stage) {
		s.Press("/").Type("prod").Press("enter").Advance(settle)
		s.reg.Doom("prod", "shop-api", fate)
		press := func(keys string) {
			for _, r := range keys {
				name := map[rune]string{'\r': "enter", '\t': "tab"}[r]
				s.Press(cmp.Or(name, string(r))).Advance(settle)
			}
		}
		press("b\r\r\t\r" + typed)
		for _, one := range more {
			switch one := one.(type) {
			case int:
				s.Advance(settle * time.Duration(one))
			case string:
				press(one)
			}
		}
	}
}
