package cli

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	rollbacks "regatta/cmd/app/rollback"

	"regatta/registry/sandbox"
	"regatta/ui/uitest"
)

// back presses keys, and counts them.
type back struct {
	*stage

	pressed int
}

func (b *back) press(keys ...string) *back {
	b.pressed += len(keys)
	b.Press(keys...).Advance(settle)
	return b
}

// From the image under prod to the one before it, in no more than ten keys: the
// tag has moved, what was left behind has a tag, and one key takes it back.
func TestRollbackInTenKeys(t *testing.T) {
	t.Parallel()
	with := in("shop/api")
	with.terminal = uitest.Terminal{Width: 160, Height: 45}
	perform(t, with, func(s *stage) {
		s.Advance(settle).Press("j", "j").CursorOn("prod")
		bad, _ := s.reg.Resolve("shop/api", "prod")
		good, _ := s.reg.Resolve("shop/api", "v3.1.2")
		b := &back{stage: s}
		b.press("b").See("roll back which tag?", "▌ prod")
		b.press("enter").See("prod of shop/api points to", "v3.1.2, a version before v3.2.0")
		b.press("enter").See("roll back prod of shop/api to v3.1.2", "checked, content", "rollback-from-", "2 steps")
		b.press("tab").See("▌Roll back")
		b.press("enter").See("people may deploy from prod")
		if now, _ := s.reg.Resolve("shop/api", "prod"); now != bad {
			t.Error("it moved before it was confirmed")
		}
		b.press("p", "r", "o", "d", "enter")
		b.See("z undoes it").Advance(settle).See("prod was read back: it points to", "can be pulled", "done · 2 of 2 steps")
		if now, _ := s.reg.Resolve("shop/api", "prod"); now != good || b.pressed > 10 {
			t.Errorf("prod points to %s, want %s, after %d keys", now, good, b.pressed)
		}
		if kept := keptBy(t, s); len(kept) != 1 || kept[0] != bad {
			t.Errorf("what was left behind is kept by %v", kept)
		}
		s.Press("esc").Advance(settle).See("prod of shop/api points to", "rolled back from before")
		s.Press("z").Advance(settle).See("undo: roll back prod").Press("tab", "enter").Advance(settle)
		s.Type("shop/api").Press("enter").Advance(settle).Advance(settle)
		if now, _ := s.reg.Resolve("shop/api", "prod"); now != bad || len(keptBy(t, s)) != 0 {
			t.Errorf("prod points to %s after undo, want %s", now, bad)
		}
	})
}

// keptBy are what the tags point to that a rollback has left.
func keptBy(t *testing.T, s *stage) []string {
	t.Helper()
	var out []string
	for _, tag := range tagsOf(t, s.reg) {
		if strings.HasPrefix(tag, rollbacks.DefaultKeep) {
			d, _ := s.reg.Resolve("shop/api", tag)
			out = append(out, d)
		}
	}
	return out
}

// tagsOf are the tags of shop/api, as the registry itself lists them.
func tagsOf(t *testing.T, reg *sandbox.Registry) []string {
	t.Helper()
	answer := httptest.NewRecorder()
	reg.ServeHTTP(answer, httptest.NewRequest(http.MethodGet, "/v2/shop/api/tags/list?n=10000", http.NoBody))
	var list struct{ Tags []string }
	if err := json.Unmarshal(answer.Body.Bytes(), &list); err != nil || len(list.Tags) == 0 {
		t.Fatalf("%v: %s", err, answer.Body)
	}
	return list.Tags
}

// A layer that is not there, and a tag that moved after the candidates were
// shown, forbid to go back; nothing is changed.
func TestRollbackIsBlocked(t *testing.T) {
	t.Parallel()
	for name, x := range map[string]struct {
		spoil func(s *stage)
		says  string
	}{
		"a blob is missing": {func(s *stage) {
			s.reg.Inject(sandbox.Fault{
				Method: http.MethodHead, Prefix: "/v2/shop/api/blobs/", Effect: sandbox.Status{Code: http.StatusNotFound},
			})
		}, "content: configs or layers are not there"},
		"a child is missing": {func(s *stage) {
			top, _ := s.reg.Resolve("shop/api", "v3.1.2")
			s.reg.Inject(sandbox.Fault{
				Method: http.MethodHead, Effect: sandbox.Status{Code: http.StatusNotFound},
				Match: func(r *http.Request) bool {
					return strings.Contains(r.URL.Path, "/manifests/sha256:") && !strings.HasSuffix(r.URL.Path, top)
				},
			})
		}, "content: manifests that it lists are not there"},
		"the tag moved": {func(s *stage) {
			other, _ := s.reg.Resolve("shop/api", "v3.0.1")
			s.reg.Tag("shop/api", "prod", other, sandbox.Epoch())
		}, "tag: prod points to"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			perform(t, in("shop/api"), func(s *stage) {
				s.Advance(settle).Press("j", "j").CursorOn("prod").Press("b").Advance(settle).Press("enter").Advance(settle)
				x.spoil(s)
				before, _ := s.reg.Resolve("shop/api", "prod")
				s.Press("enter").Advance(settle).See(x.says, "Nothing was changed")
				s.reads(t)
				if now, _ := s.reg.Resolve("shop/api", "prod"); now != before {
					t.Error("it was moved")
				}
			})
		})
	}
}

// A click falls on the candidate that is drawn there, below what the tag points to.
func TestClickOnACandidate(t *testing.T) {
	t.Parallel()
	perform(t, in("shop/api"), func(s *stage) {
		s.Advance(settle).Press("j", "j").CursorOn("prod").Press("b").Advance(settle).Press("enter").Advance(settle)
		s.CursorOn("v3.1.2").ClickOn("v3.0.1").Advance(settle).CursorOn("v3.0.1")
	})
}
