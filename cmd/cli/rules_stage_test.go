package cli

import (
	"testing"

	"regatta/cmd/cli/demo"
	"regatta/model/ref"
	"regatta/ui/uitest"
)

// What the tests of the cleanup and the lifecycle screen share.

// ofAccount opens a repository of the sandbox's account.
func ofAccount(repository string) setup {
	return setup{target: &ref.Reference{Host: demo.Account, Repository: repository}}
}

// wide has room for all columns.
func wide(with setup) setup {
	with.terminal = uitest.Terminal{Width: 120, Height: 40}
	return with
}

// reads fails if anything but reading was asked for.
func (s *stage) reads(t *testing.T) {
	t.Helper()
	for _, r := range s.reg.Requests() {
		if writesOf(r) {
			t.Errorf("%s %s %s", r.Method, r.Path, r.Operation)
		}
	}
}

// asked counts the calls of an operation of the account.
func (s *stage) asked(operation string) (n int) {
	for _, r := range s.reg.Requests() {
		if r.Operation == operation {
			n++
		}
	}
	return n
}

// asksBeforeItPulls opens a screen by a key where reading counts as pulling:
// nothing is read before somebody agrees.
func asksBeforeItPulls(t *testing.T, key string, then func(*stage)) {
	t.Helper()
	perform(t, ofAccount("shop/mailer"), func(s *stage) {
		s.Advance(settle)
		before := s.asked("ecr:BatchGetImage")
		s.Press(key).Advance(settle).See("counts as pulling the images")
		if s.asked("ecr:BatchGetImage") != before {
			t.Error("it was read before the answer")
		}
		s.Press("enter").Advance(settle).See("= keep", "images · ")
		if s.asked("ecr:BatchGetImage") == before {
			t.Error("nothing was read")
		}
		then(s)
	})
}
