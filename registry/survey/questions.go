package survey

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"golang.org/x/sync/errgroup"

	"regatta/model/fault"
	"regatta/model/graph"
	"regatta/model/plan"
	"regatta/model/ref"
	"regatta/model/text"
)

// mostAsked is how much a registry is asked for what an undo needs. It is the bound of
// mostHeads, for its reason.
const mostAsked = mostHeads

// questions have a registry asked for what an undo needs, each thing once.
type questions struct {
	reg      Neighbours
	progress func(total, done int)
	// strict ends it all where the registry does not say what a repository has.
	strict bool
	seen   plan.Presence
	others *asking // the other repositories; nil until they are asked
	heads  int

	mu      sync.Mutex
	sources plan.Sources
	unknown map[plan.Ask]bool
	why     string // the first reason why something was not found out
	stopped bool   // the registry is asked no more
}

func newQuestions(reg Neighbours, progress func(total, done int)) *questions {
	if progress == nil {
		progress = func(int, int) {}
	}
	return &questions{
		reg: reg, progress: progress, seen: plan.Presence{}, sources: plan.Sources{}, unknown: map[plan.Ask]bool{},
	}
}

// answer finds out what is asked for, as far as it is within the bound; the rest is
// unknown. It reports whether it has asked for anything.
func (q *questions) answer(ctx context.Context, asks []plan.Ask) (bool, error) {
	var here, elsewhere []plan.Ask
	for _, a := range asks {
		switch {
		case q.unknown[a]:
		case q.stopped:
			q.miss(a, q.why)
		case q.heads >= mostAsked:
			q.miss(a, limit())
		case a.Elsewhere:
			elsewhere = append(elsewhere, a)
		default:
			q.heads++
			here = append(here, a)
		}
	}
	if err := q.ask(ctx, here); err != nil {
		return true, err
	}
	return len(here)+len(elsewhere) > 0, q.askOthers(ctx, elsewhere)
}

func limit() string { return text.Count(mostAsked) + " requests are the limit" }

// miss notes that something was not found out. The first reason is the one that is told.
func (q *questions) miss(a plan.Ask, why string) {
	q.unknown[a] = true
	if q.why == "" {
		q.why = why
	}
}

func (q *questions) ask(ctx context.Context, asks []plan.Ask) error {
	q.progress(len(asks), 0)
	group, inner := errgroup.WithContext(ctx)
	group.SetLimit(atATime)
	for _, a := range asks {
		group.Go(func() error {
			if !q.goesOn(a) {
				return nil
			}
			there, err := present(inner, q.reg, a)
			if err := ended(ctx); err != nil {
				return err
			}
			q.mu.Lock()
			defer q.mu.Unlock()
			q.progress(0, 1)
			switch {
			case err != nil && late(ctx) != "":
				q.stopped = true
				q.miss(a, late(ctx))
			case err != nil && q.strict:
				return err
			case err != nil:
				q.stopped = true
				q.miss(a, fmt.Sprintf("the registry does not say (%s)", fault.KindOf(err)))
			default:
				q.note(a.Place, there)
			}
			return nil
		})
	}
	return group.Wait()
}

// note notes what is there of a place; the caller holds the lock. It may be asked for twice
// at once, by itself and with all that belongs to it: what is not whole is not there.
func (q *questions) note(at plan.Place, there bool) {
	if was, asked := q.seen[at]; !asked || was {
		q.seen[at] = there
	}
}

// goesOn reports whether the registry is still asked: one that does not answer is left
// alone.
func (q *questions) goesOn(a plan.Ask) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.stopped {
		q.progress(0, 1)
		q.miss(a, q.why)
	}
	return !q.stopped
}

// askOthers asks the other repositories for blobs that those of the undo lack. That they
// do not answer says nothing of these.
func (q *questions) askOthers(ctx context.Context, asks []plan.Ask) error {
	if len(asks) == 0 {
		return nil
	}
	o := q.others
	if o == nil {
		o = newAsking(q.reg, q.progress)
		o.list(ctx, repositoriesOf(asks)...)
		q.others = o
	}
	before := o.heads
	o.most = before + mostAsked - q.heads
	o.freed = blobsOf(asks)
	err := o.everybody(ctx)
	q.heads += o.heads - before
	if err != nil {
		return err
	}
	found := o.result()
	for _, a := range asks {
		if found.Unsure[a.Digest] {
			q.miss(a, found.Reason)
			continue
		}
		q.sources[a.Digest] = o.held[a.Digest]
	}
	return nil
}

// repositoriesOf are the repositories of questions, once each.
func repositoriesOf(asks []plan.Ask) []string {
	var out []string
	for _, a := range asks {
		if !slices.Contains(out, a.Repository) {
			out = append(out, a.Repository)
		}
	}
	return out
}

// blobsOf are the blobs of questions, once each.
func blobsOf(asks []plan.Ask) []graph.Freed {
	var out []graph.Freed
	once := map[ref.Digest]bool{}
	for _, a := range asks {
		if !once[a.Digest] {
			once[a.Digest] = true
			out = append(out, graph.Freed{Digest: a.Digest})
		}
	}
	return out
}
