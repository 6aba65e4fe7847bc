package survey_test

import (
	"context"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"regatta/model/fault"
	"regatta/model/image"
	"regatta/model/plan"
	"regatta/model/ref"
	"regatta/registry/sandbox"
	"regatta/registry/survey"
)

// rated is a registry of which one is told so much a second, and no more.
type rated struct {
	survey.Neighbours

	begun time.Time
	turns chan struct{}
	every time.Duration // where it is asked about a repository named so
	of    string
}

func newRated(every time.Duration, of string) *rated {
	return &rated{begun: time.Now(), turns: make(chan struct{}, 1), every: every, of: of}
}

func (r *rated) wait(ctx context.Context, of string) error {
	if !strings.HasPrefix(of, r.of) {
		return nil
	}
	select {
	case r.turns <- struct{}{}:
		defer func() { <-r.turns }()
	case <-ctx.Done():
		return ctx.Err()
	}
	select {
	case <-time.After(r.every):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (r *rated) Repositories(context.Context, string) (image.RepositoryPage, error) {
	names := []image.Repository{image.NewRepository(repo), image.NewRepository("team/one"), image.NewRepository("team/two"), image.NewRepository("team/three")}
	return image.RepositoryPage{Repositories: names}, nil
}

func (r *rated) BlobExists(ctx context.Context, of string, _ image.Descriptor) (bool, error) {
	return of == repo, r.wait(ctx, of)
}

func (r *rated) Resolve(ctx context.Context, of, _ string) (image.Descriptor, error) {
	if err := r.wait(ctx, of); err != nil || of == repo {
		return image.Descriptor{}, err
	}
	return image.Descriptor{}, &fault.Error{Kind: fault.NotFound}
}

// A rate does not make a plan wait for long: what is not asked makes the number a
// bound, and what undo needs unknown.
func TestAPlanDoesNotWaitForARate(t *testing.T) {
	t.Parallel()
	e := newEstate(t)
	layers := strings.Split(strings.Repeat("x", 200), "x")
	for i := range layers {
		layers[i] = strings.Repeat("y", i+1)
	}
	e.digest = ref.Digest(e.PushImage(repo, sandbox.Image{Layers: layers}))
	v, err := survey.View(t.Context(), e.client, repo, survey.Options{Digests: []ref.Digest{e.digest}, Referrers: true})
	must(t, err)
	for of, want := range map[string]struct {
		time  time.Duration
		bound bool
		said  string
	}{
		"team/": {10 * time.Second, true, "3 repositories were not asked for everything: 10s is the limit"},
		repo:    {30 * time.Second, false, "30s is the limit"},
	} {
		synctest.Test(t, func(t *testing.T) {
			reg := newRated(time.Second, of)
			p, err := survey.Delete(t.Context(), reg, v, plan.Selection{Digests: []ref.Digest{e.digest}}, plan.Options{}, nil)
			must(t, err)
			if took := time.Since(reg.begun); took != want.time {
				t.Errorf("%s is slow: the plan took %s", of, took)
			}
			said := p.InRegistry.Reason + "; " + strings.Join(p.Notes, "; ")
			if p.InRegistry.AtMost != want.bound || !strings.Contains(said, want.said) {
				t.Errorf("%s is slow: %+v, %s", of, p.InRegistry, said)
			}
		})
	}
}
