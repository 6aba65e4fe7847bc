package survey_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"regatta/model/fault"
	"regatta/model/image"
	"regatta/model/journal"
	"regatta/model/plan"
	"regatta/model/ref"
	"regatta/registry/oci"
	"regatta/registry/sandbox"
	"regatta/registry/survey"
)

// stockroom is a registry whose repository lacks what is gone of an image, among others
// of which one may have it.
type stockroom struct {
	*oci.Client

	gone   []ref.Digest
	names  int
	holder string
	denied bool // the others say nothing
	asked  atomic.Int64
}

func (s *stockroom) Repositories(context.Context, string) (image.RepositoryPage, error) {
	out := image.RepositoryPage{Repositories: []image.Repository{image.NewRepository(repo)}}
	for i := range s.names {
		out.Repositories = append(out.Repositories, image.NewRepository(fmt.Sprintf("team/%05d", i)))
	}
	return out, nil
}

func (s *stockroom) BlobExists(_ context.Context, of string, d image.Descriptor) (bool, error) {
	s.asked.Add(1)
	switch {
	case of == repo:
		return !slices.Contains(s.gone, d.Digest), nil
	case s.denied:
		return false, &fault.Error{Kind: fault.Denied}
	}
	return of == s.holder, nil
}

// Saved implements survey.Saved.
func (s *stockroom) Saved(ctx context.Context, d ref.Digest) (image.Manifest, error) {
	return s.Manifest(ctx, repo, string(d))
}

// untagged is a run that took v1 off an image of so many layers, v2 stays.
func untagged(t *testing.T, layers int) (*stockroom, journal.Run) {
	t.Helper()
	reg, c := newClient(t)
	var names []string
	for i := range layers {
		names = append(names, strconv.Itoa(i))
	}
	d := reg.PushImage(repo, sandbox.Image{Layers: names})
	for _, tag := range []string{"v1", "v2"} {
		reg.Tag(repo, tag, d, sandbox.Epoch())
	}
	v, err := survey.View(t.Context(), c, repo, survey.Options{})
	must(t, err)
	s := &stockroom{Client: c}
	p, err := survey.Untag(t.Context(), s, v, []string{"v1"}, plan.Options{}, nil)
	must(t, err)
	s.asked.Store(0)
	return s, journal.Run{Plan: p, Steps: []journal.Step{{Outcome: plan.Done, Saved: []ref.Digest{ref.Digest(d)}}}}
}

func (s *stockroom) undo(ctx context.Context, r journal.Run, progress func(total, done int)) (plan.Undo, error) {
	return survey.Undo(ctx, s, survey.Keeper{Saved: s}, r, plan.Options{}, progress)
}

// Two thousand questions are the limit. What was not asked for is not known to be there:
// the plan says so, and does not promise everything.
func TestUndoDoesNotAskForEver(t *testing.T) {
	t.Parallel()
	s, r := untagged(t, 2100)
	total, done := 0, 0
	u, err := s.undo(t.Context(), r, func(more, through int) { total, done = total+more, done+through })
	must(t, err)
	said := strings.Join(u.Plan.Notes, "; ")
	if n := s.asked.Load(); n > 2000 || n < 1999 || !strings.Contains(said, "not looked at: 2,000 requests are the limit") {
		t.Errorf("asked %d times: %s", n, said)
	}
	if u.Verdict != plan.Partial || len(u.Plan.Steps) != 1 || len(u.Plan.Lost) != 1 || !u.Plan.Lost[0].Maybe ||
		!strings.Contains(u.Plan.Lost[0].Reason, "was not asked whether it still has its blob") {
		t.Errorf("%s, %d steps, %+v", u.Verdict, len(u.Plan.Steps), u.Plan.Lost)
	}
	if total != 2000 || done != total {
		t.Errorf("%d of %d", done, total)
	}
}

// Of two that vanished, one repository has both: it is found, and asked no more than
// needed. Where none is found in time, or they do not answer, nothing is said to be gone.
func TestUndoAsksOthersWithinTheLimit(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		names  int
		holder string
		denied bool
		asked  int64
		steps  int
		lost   string
		note   string
	}{
		"one has it":  {names: 100, holder: "team/00000", asked: 4 + 2, steps: 3},
		"none has it": {names: 40, asked: 4 + 80, steps: 1, lost: "the registry no longer has its blob"},
		"there are too many": {
			names: 2500, asked: 2000, steps: 1, lost: "it is not known whether another one does", note: "2,000 requests are the limit",
		},
		"they do not say": {
			names: 3, denied: true, asked: 4 + 6, steps: 1, lost: "it is not known whether another one does", note: "3 repositories did not answer",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, r := untagged(t, 3)
			s.gone = []ref.Digest{ref.DigestOf([]byte("0")), ref.DigestOf([]byte("1"))}
			s.names, s.holder, s.denied = c.names, c.holder, c.denied
			u, err := s.undo(t.Context(), r, nil)
			must(t, err)
			if n := s.asked.Load(); n > c.asked || c.lost != "" && n < c.asked-4 {
				t.Errorf("asked %d times", n)
			}
			said := strings.Join(u.Plan.Notes, "; ")
			lost := len(u.Plan.Lost) == 1 && u.Plan.Loses() && strings.Contains(u.Plan.Lost[0].Reason, c.lost)
			if len(u.Plan.Steps) != c.steps || lost != (c.lost != "") || (u.Verdict == plan.Possible) == lost ||
				strings.Contains(said, "not looked at") != (c.note != "") || !strings.Contains(said, c.note) {
				t.Errorf("%s, %d steps, %+v, %s", u.Verdict, len(u.Plan.Steps), u.Plan.Lost, said)
			}
		})
	}
}

func TestUndoCanBeCancelled(t *testing.T) {
	t.Parallel()
	s, r := untagged(t, 3)
	s.gone, s.names = []ref.Digest{ref.DigestOf([]byte("0"))}, 1000
	ctx, cancel := context.WithCancel(t.Context())
	_, err := s.undo(ctx, r, func(int, int) {
		if s.asked.Load() > 10 {
			cancel()
		}
	})
	if n := s.asked.Load(); !errors.Is(err, context.Canceled) && !fault.Is(err, fault.Cancelled) || n > 100 {
		t.Errorf("asked %d times: %v", n, err)
	}
}
