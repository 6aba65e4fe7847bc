package cli

import (
	"testing"
	"time"

	"regatta/cmd/config"
	"regatta/registry/sandbox"
)

// Rules are tried with every key and nothing is changed; then what the screen
// said goes, and what it said stays; and it can be undone.
func TestCleanupScreen(t *testing.T) {
	t.Parallel()
	perform(t, wide(in("shop/api")), func(s *stage) {
		s.Advance(settle).Press("X").Advance(settle).See("no rule yet: n keeps", "× remove 0", "= keep 261", "no rule asks for it")
		s.Press("w").See("nothing is removed").Advance(settle)
		s.Press("m").Type("git-*").Advance(settle).See("match git-*", "× remove 70").Press("enter")
		s.Press("n").Type("1").Advance(settle).See("keep newest 1 ", "× remove 65").Type("0").Advance(settle).See("× remove 20").Press("enter")
		s.Press("j", "j").CursorOn("git-c324b64").Press("x").Advance(settle).See("× remove 15", "= keep 246", "by hand: keep 1").CursorOn("= keep •")
		s.Press("/").Type("is:removed").Press("enter").Advance(settle).See("15 / 261 images").Press("esc").Advance(settle)
		s.Press("enter").Advance(settle).See("reference").Press("esc").Advance(settle).See("by hand: keep 1")
		s.reads(t)
		s.Press("w").Advance(settle).See("clean up shop/api", "STEPS", "15 steps", "frees 15 MB").SeeNot("the repository has changed")
		going := []string{"git-26af278", "git-434212f", "git-341b620"}
		there := func() (n int) {
			for _, t := range going {
				if _, ok := s.reg.Resolve("shop/api", t); ok {
					n++
				}
			}
			return n
		}
		s.Press("enter").Advance(settle).See("× remove 15") // Cancel has the focus
		s.Press("w").Advance(settle).Press("tab").See("▌Remove").Press("enter").Advance(time.Second)
		if there() != 3 {
			t.Error("something went before it was confirmed")
		}
		s.Type("shop/api").Press("enter").Advance(settle).Advance(settle)
		s.See("clean up shop/api: done; z undoes it", "× remove 0", "= keep 246", "by hand: keep 1")
		if _, kept := s.reg.Resolve("shop/api", "git-c324b64"); there() != 0 || !kept {
			t.Errorf("%d are left, the one that was kept by hand is there: %v", there(), kept)
		}
		s.Press("z").Advance(settle).See("undo: clean up shop/api").Press("tab", "enter").Advance(settle).Advance(settle)
		s.See("× remove 15", "= keep 246")
		if there() != 3 {
			t.Error("it was not undone")
		}
	})
}

// Where reading counts as pulling, nobody is read for without being asked.
func TestCleanupAsksBeforeItPulls(t *testing.T) {
	t.Parallel()
	asksBeforeItPulls(t, "X", func(s *stage) {
		rule("o", "50d")(s)
		s.SeeNot("× remove 0").Press("w").Advance(settle).See("clean up shop/mailer").Press("tab", "enter").Type("shop/mailer").Press("enter")
		s.Advance(settle).Advance(settle).Advance(settle)
		s.See("something was changed since this was read", "r read").SeeNot("× remove 0").Press("r").Advance(settle).See("× remove 0")
	})
}

// A rule that is given up while it is typed does not count, nor does one that
// cannot be read; kinds and orders are turned on and off.
func TestCleanupRules(t *testing.T) {
	t.Parallel()
	perform(t, wide(in("shop/api")), func(s *stage) {
		s.Advance(settle).Press("X").Advance(settle).Press("b").See("no number of images to keep").Press("t").See("no pattern is given")
		s.Press("n").Type("5x").Press("enter").See("want a number such as 10").Press("esc").Advance(settle).See("no rule yet")
		s.Press("n").Type("5").Advance(settle).See("keep newest 5").Press("esc").Advance(settle).See("no rule yet", "× remove 0")
		s.Press("o").Type("soon").Press("enter").See("want an age").Press("esc").Press("m").Type("v[0-9]").Press("enter")
		s.See("no tag has").Press("esc").Advance(settle).Press("e").Type("v*").Press("enter").Advance(settle).See("exclude v*", "no rule yet")
		s.Press("n").Type("3").Press("enter").Advance(settle).See("keep newest 3 · exclude v*").Press("b").Advance(settle).See("newest 3 by version")
		s.Press("n").See("> 3").Press("backspace", "enter").Advance(settle).SeeNot("keep newest 3")
		s.Press("m").Type("pr-*,git-*").Press("enter").Press("t").Advance(settle).See("match any tag pr-* git-*")
		s.Press("u", "O", "B").Advance(settle).See("untagged · orphans · broken").Press("u", "O", "B").Advance(settle).SeeNot("orphans")
		s.Press("p").Type("1y").Press("enter").Advance(settle).See("not pulled for 365d", "the registry does not tell", "× remove 0")
		s.reads(t)
	})
}

// Several are decided on at once, and what was said by hand can be forgotten.
func TestCleanupByHand(t *testing.T) {
	t.Parallel()
	perform(t, wide(in("shop/api")), func(s *stage) {
		s.Advance(settle).Press("X").Advance(settle).Press("X").See("there is no exception").Press("/").Type("git-26af278 | git-434212f")
		s.Press("enter").Advance(settle).Press("a", "x").Advance(settle).See("by hand: remove 2", "× remove 10", "× remove •")
		s.Press("esc").Advance(settle).Press("/").Type("is:by-hand").Press("enter").Advance(settle).See("2 / 261 images")
		s.Press("e").Type("git-4*").Press("enter").Advance(settle).See("git-434212f is excluded by git-4*", "× remove 5")
		s.Press("X").Advance(settle).SeeNot("by hand:").See("× remove 0")
		s.reads(t)
	})
}

// A repository that cannot be read says so, and can be read again; a click is on
// the row that it looks to be on.
func TestCleanupReadsAgain(t *testing.T) {
	t.Parallel()
	perform(t, wide(in("shop/api")), func(s *stage) {
		s.Advance(settle)
		s.reg.Inject(sandbox.Fault{Prefix: "/v2/shop/api/tags", Effect: sandbox.Status{Code: 403}})
		s.Press("X").Advance(settle).See("r tries again")
		s.reg.ClearFaults()
		s.Press("r").Advance(settle).See("= keep 261")
		rule("m", "git-*")(s)
		s.ClickOn("git-a77c766").CursorOn("git-a77c766").Press("r").Advance(settle).See("match git-*", "× remove 70")
	})
}

// What others do meanwhile is told before anything is removed.
func TestCleanupTellsThatTheRepositoryChanged(t *testing.T) {
	t.Parallel()
	perform(t, wide(in("shop/api")), func(s *stage) {
		s.Advance(settle).Press("X").Advance(settle)
		rule("m", "git-*")(s)
		rule("n", "12")(s)
		s.See("× remove 10")
		kept, _ := s.reg.Resolve("shop/api", "git-434212f")
		s.reg.Tag("shop/api", "prod", kept, sandbox.Epoch())
		s.Press("w").Advance(settle).Press("G").See("the repository has changed", "10 were to be removed", "now it is 5")
	})
}

// Where nothing may be changed, rules are tried all the same.
func TestCleanupReadOnly(t *testing.T) {
	t.Parallel()
	with := in("shop/api")
	with.config = func(c *config.Config) { c.ReadOnly = true }
	perform(t, with, func(s *stage) {
		s.Advance(settle).Press("X").Advance(settle)
		rule("m", "git-*")(s)
		s.See("× remove 70").SeeNot("w plan").Press("w").Advance(settle).SeeNot("STEPS")
		s.reads(t)
	})
}
