package store

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"regatta/model/plan"
)

func TestRefusals(t *testing.T) {
	t.Parallel()
	for name, o := range places(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			clock := newTicker()
			o.Now = clock.now
			s := open(t, o)
			want := func(repository string, kinds map[plan.Kind]plan.Refusal) {
				t.Helper()
				got, err := s.Refusals(t.Context(), host, repository)
				if diff := cmp.Diff(kinds, got); err != nil || diff != "" {
					t.Error(err, diff)
				}
			}
			note := func(kind plan.Kind, status int) {
				t.Helper()
				if err := s.NoteRefusal(host, "a", kind, status); err != nil {
					t.Error(err)
				}
			}
			at := clock.now().Truncate(time.Millisecond)
			note(plan.Untag, 400)
			note(plan.Delete, 405)
			clock.add(time.Hour)
			note(plan.Delete, 501)
			want("a", map[plan.Kind]plan.Refusal{
				plan.Untag: {At: at, Status: 400}, plan.Delete: {At: at.Add(time.Hour), Status: 501},
			})
			want("b", map[plan.Kind]plan.Refusal{})
			if err := s.ForgetRefusal(host, "a", plan.Delete); err != nil {
				t.Error(err)
			}
			want("a", map[plan.Kind]plan.Refusal{plan.Untag: {At: at, Status: 400}})
		})
	}
}
