package rollback

import (
	"cmp"
	"context"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"regatta/model/deploy"
	"regatta/model/journal"
	"regatta/model/rollback"
	"regatta/model/text"
)

// lookAround looks at what follows the tags.
func (t *Following) lookAround(ctx context.Context, now state, out *rollback.Sight) {
	var group errgroup.Group
	var mu sync.Mutex
	for _, l := range now.all {
		for _, service := range deploy.Services(l.Facts.Uses, l.Facts.Tag.Tag) {
			group.Go(func() error {
				one := t.service(ctx, l, service, out.Deployed)
				mu.Lock()
				defer mu.Unlock()
				out.Services = append(out.Services, one)
				return nil
			})
		}
	}
	var asking bool
	out.Workloads, asking = t.workloads(ctx, now.all)
	out.Watching, out.Soon = out.Watching || asking, out.Soon || asking
	_ = group.Wait() // none fails
	slices.SortFunc(out.Services, func(a, b rollback.Service) int {
		return cmp.Compare(a.State.Service.Place(), b.State.Service.Place())
	})
	t.patience(out)
}

// patience says whether anything is still waited for: for long enough, and no
// longer.
func (t *Following) patience(out *rollback.Sight) {
	t.mu.Lock()
	waited, patient := t.app.Now().Sub(t.began), t.app.Now().Sub(t.asked) < WatchAtMost
	t.mu.Unlock()
	late := func(said string) string { return "not settled after " + text.Took(waited) + ": " + said }
	for i, one := range out.Services {
		switch {
		case !out.Deployed || one.Verdict != deploy.Going:
		case patient:
			out.Watching = true
		default:
			out.Services[i].Text = late(one.Text) + "; it goes on by itself"
		}
	}
	for i, one := range out.Workloads {
		switch {
		case one.Verdict != deploy.Going:
		case patient:
			out.Watching = true
		default:
			out.Workloads[i].Text = late(one.Text)
		}
	}
}

// service is how a service stands. Before anything was deployed, that it does
// not run the image is no failure.
func (t *Following) service(ctx context.Context, l *Case, at deploy.Service, deployed bool) rollback.Service {
	out := rollback.Service{Wanted: l.Parts(), Verdict: deploy.Going, State: deploy.State{Service: at}}
	state, err := t.app.Deployer(l.Facts.Tag.Host).Look(ctx, at, l.Facts.Tag)
	if err != nil {
		out.Text, out.Err = "how it goes is not known", err
		return out
	}
	out.State, out.Obstacle = state, state.Obstacle(l.Facts.Tag.Tag)
	out.Verdict, out.Text = deploy.Judge(state, deploy.Wanted{Digests: out.Wanted})
	now, _ := state.Primary()
	switch {
	case !deployed && out.Verdict != deploy.Settled:
		out.Verdict, out.Text, out.Since = deploy.Going, "still runs the digest that it has looked up before", later(state)
	case deployed:
		out.Since = t.sinceOf(at, now.Began)
		t.tell(ctx, at.Place(), out.Verdict, out.Text)
	}
	return out
}

// later is after all that a service says has happened.
func later(s deploy.State) time.Time {
	if len(s.Events) == 0 {
		return time.Time{}
	}
	return s.Events[0].At.Add(time.Nanosecond)
}

// sinceOf is when the deployment began that is watched.
func (t *Following) sinceOf(at deploy.Service, now time.Time) time.Time {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.since == nil {
		t.since = map[string]time.Time{}
	}
	if known, ok := t.since[at.String()]; ok {
		return known
	}
	t.since[at.String()] = now
	return now
}

// tell writes down how something went in the end, once.
func (t *Following) tell(ctx context.Context, name string, v deploy.Verdict, said string) {
	if v != deploy.Going && t.news(name, said) {
		t.write(ctx, journal.Remark{About: journal.Rollout, Level: Level(v == deploy.Settled), Text: name + ": " + said})
	}
}

// news reports whether that was not said last.
func (t *Following) news(name, said string) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.told == nil {
		t.told = map[string]string{}
	}
	known := t.told[name]
	t.told[name] = said
	return known != said
}
