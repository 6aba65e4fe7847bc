package rollback

import (
	"cmp"
	"context"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"regatta/cmd/app"
	"regatta/model/deploy"
	rollouts "regatta/registry/deploy"
)

const (
	// WatchEvery is how often a deployment is looked at.
	WatchEvery = 5 * time.Second
	// WatchAtMost is how long a deployment is waited for, unless told otherwise.
	WatchAtMost = 15 * time.Minute
)

// Watched is how something that follows a tag stands in the end.
type Watched struct {
	Case    *Case
	Name    string // CLUSTER/SERVICE, or NAMESPACE/KIND/NAME
	Restart string // the command that starts it anew, where that is the user's to give
	Verdict deploy.Verdict
	Text    string
	State   deploy.State
	Err     error
}

// Watch looks at what follows the tags until all of it has settled or time is
// up, and says what happens on the way.
func Watch(
	ctx context.Context, s *app.App, all []*Case, atMost time.Duration, say func(line string),
) []Watched {
	ctx, cancel := context.WithTimeout(ctx, atMost)
	defer cancel()
	tell := &teller{say: say, said: map[string]string{}}
	var group errgroup.Group
	var mu sync.Mutex
	var out []Watched
	add := func(w ...Watched) {
		mu.Lock()
		defer mu.Unlock()
		out = append(out, w...)
	}
	for _, l := range all {
		for _, service := range deploy.Services(l.Facts.Uses, l.Facts.Tag.Tag) {
			group.Go(func() error {
				add(watchService(ctx, s, l, service, tell))
				return nil
			})
		}
	}
	workloads := TrackedBy(all)
	for at, here := range ByCorner(workloads) {
		group.Go(func() error {
			add(watchPods(ctx, s, at, here, workloads, tell)...)
			return nil
		})
	}
	_ = group.Wait() // none fails
	slices.SortFunc(out, func(a, b Watched) int { return cmp.Compare(a.Name, b.Name) })
	return out
}

func watchService(
	ctx context.Context, s *app.App, l *Case, service deploy.Service, tell *teller,
) Watched {
	wanted := deploy.Wanted{Digests: l.Parts()}
	var begun time.Time
	deployer := s.Deployer(l.Facts.Tag.Host)
	r := rollouts.Watch(ctx, deployer, service, l.Facts.Tag, wanted, WatchEvery, func(r rollouts.Report) {
		if now, ok := r.State.Primary(); ok && begun.IsZero() {
			begun = now.Began
		}
		tell.events(service.Place(), r.State.Since(begun))
		if r.Err != nil {
			tell.line(service.Place(), "it cannot be looked at: "+r.Err.Error())
		} else {
			tell.line(service.Place(), r.Text)
		}
	})
	return Watched{
		Case: l, Name: service.Place(), Verdict: r.Verdict, Text: r.Text, State: r.State, Err: r.Err,
	}
}

// watchPods looks at the workloads of a namespace, which the user starts anew,
// until all run what they are to.
func watchPods(ctx context.Context, s *app.App, at Corner, here, all []Tracked, tell *teller) []Watched {
	out := make([]Watched, len(here))
	for i, one := range here {
		out[i] = Watched{
			Case: one.Case, Name: one.Name(all), Restart: one.Workload.Restart(), Verdict: deploy.Going, Text: Unanswered,
		}
	}
	t := time.NewTicker(WatchEvery)
	defer t.Stop()
	for {
		set, failed, err := LookAtPods(ctx, s, at)
		if err != nil {
			return out
		}
		settled := true
		for i, one := range here {
			out[i].Err = failed
			_, out[i].Verdict, out[i].Text = one.Pods(set)
			out[i].tell(tell)
			settled = settled && out[i].Verdict == deploy.Settled
		}
		if settled {
			return out
		}
		select {
		case <-t.C:
		case <-ctx.Done():
			return out
		}
	}
}

func (w Watched) tell(tell *teller) {
	if w.Err != nil && w.Verdict != deploy.Settled {
		tell.line(w.Name, "it cannot be looked at: "+w.Err.Error())
		return
	}
	tell.line(w.Name, w.Text)
}
