package deploy

import (
	"context"
	"time"

	"regatta/model/deploy"
	"regatta/model/fault"
	"regatta/model/ref"
)

// Looker says how a service stands.
type Looker interface {
	Look(ctx context.Context, s deploy.Service, image ref.Reference) (deploy.State, error)
}

// Report is how a watched deployment stands in the end.
type Report struct {
	State   deploy.State
	Verdict deploy.Verdict
	Text    string
	// Err is why the service could not be looked at the last time, if so: the rest
	// is of the time before.
	Err error
}

// Watch looks at a service now and then until it has come to what it is meant to
// run, or will not by itself, or until ctx ends: then it is still going, and goes
// on without being watched. Each sight is told. What cannot be asked is asked
// again the next time, unless that may not be asked at all.
func Watch(
	ctx context.Context, l Looker, s deploy.Service, image ref.Reference, w deploy.Wanted, every time.Duration,
	tell func(Report),
) Report {
	r := Report{State: deploy.State{Service: s}, Verdict: deploy.Going, Text: "nobody has looked yet"}
	for {
		state, err := l.Look(ctx, s, image)
		if ctx.Err() != nil {
			return r
		}
		r.see(state, err, &w)
		tell(r)
		if r.over() {
			return r
		}
		t := time.NewTimer(every)
		select {
		case <-t.C:
		case <-ctx.Done():
			t.Stop()
			return r
		}
	}
}

// see takes a sight in. The deployment that is seen first is what is watched,
// where that was not known: of a service that somebody else deploys, one to come.
func (r *Report) see(state deploy.State, err error, w *deploy.Wanted) {
	if r.Err = err; err != nil {
		return
	}
	r.State = state
	r.Verdict, r.Text = deploy.Judge(state, *w)
	if now, ok := state.Primary(); ok && w.ID == "" && state.Controller == "" && r.Verdict == deploy.Going {
		w.ID = now.ID
	}
}

func (r *Report) over() bool {
	if r.Err != nil {
		return fault.Is(r.Err, fault.Denied) || fault.Is(r.Err, fault.NotFound)
	}
	return r.Verdict != deploy.Going
}
