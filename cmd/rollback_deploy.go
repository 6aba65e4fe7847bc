package cmd

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	rollbacks "regatta/cmd/app/rollback"
	model "regatta/model/deploy"
	"regatta/model/text"
	"regatta/registry/deploy"
)

const (
	// watchEvery is how often a deployment is looked at.
	watchEvery = 5 * time.Second
	// watchAtMost is how long a deployment is waited for, unless told otherwise.
	watchAtMost = 15 * time.Minute
)

// watched is how something that follows a tag stands in the end.
type watched struct {
	lapse   *rollbacks.Case
	name    string // CLUSTER/SERVICE, or NAMESPACE/KIND/NAME
	restart string // the command that starts it anew, where that is the user's to give
	verdict model.Verdict
	text    string
	state   model.State
	err     error
}

// watch looks at what follows the tags until all of it has settled or time is
// up, and tells what happens on the way.
func (c *changing) watch(ctx context.Context, all []*rollbacks.Case, o rollbackOptions) []watched {
	ctx, cancel := context.WithTimeout(ctx, o.patience())
	defer cancel()
	tell := &teller{say: func(line string) { fmt.Fprintln(c.streams.Err, line) }, said: map[string]string{}}
	var group errgroup.Group
	var mu sync.Mutex
	var out []watched
	add := func(w ...watched) {
		mu.Lock()
		defer mu.Unlock()
		out = append(out, w...)
	}
	for _, l := range all {
		for _, service := range model.Services(l.Facts.Uses, l.Facts.Tag.Tag) {
			group.Go(func() error {
				add(c.watchService(ctx, l, service, tell))
				return nil
			})
		}
	}
	workloads := trackedBy(all)
	for at, here := range byCorner(workloads) {
		group.Go(func() error {
			add(c.watchPods(ctx, at, here, workloads, tell)...)
			return nil
		})
	}
	_ = group.Wait() // none fails
	slices.SortFunc(out, func(a, b watched) int { return cmp.Compare(a.name, b.name) })
	return out
}

func (c *changing) watchService(ctx context.Context, l *rollbacks.Case, service model.Service, tell *teller) watched {
	wanted := model.Wanted{Digests: l.Parts()}
	var begun time.Time
	deployer := c.app.Deployer(l.Facts.Tag.Host)
	r := deploy.Watch(ctx, deployer, service, l.Facts.Tag, wanted, watchEvery, func(r deploy.Report) {
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
	return watched{
		lapse: l, name: service.Place(), verdict: r.Verdict, text: r.Text, state: r.State, err: r.Err,
	}
}

// teller says of each service what is new. It is safe for concurrent use.
type teller struct {
	mu    sync.Mutex
	say   func(line string)
	said  map[string]string // the last line, by name
	event map[string]bool
}

func (t *teller) line(name, said string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.said[name] != said {
		t.said[name] = said
		t.say(name + ": " + text.Clean(said))
	}
}

func (t *teller) events(name string, all []model.Event) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.event == nil {
		t.event = map[string]bool{}
	}
	for _, e := range all {
		key := name + e.At.String() + e.Text
		if !t.event[key] {
			t.event[key] = true
			t.say(name + ": " + e.At.UTC().Format("15:04:05") + " " + e.Text)
		}
	}
}
