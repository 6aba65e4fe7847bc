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
		switch {
		case ctx.Err() != nil:
			return r
		case err != nil:
			r.Err = err
			if fault.Is(err, fault.Denied) || fault.Is(err, fault.NotFound) {
				return r
			}
		default:
			r = Report{State: state}
			r.Verdict, r.Text = deploy.Judge(state, w)
		}
		tell(r)
		if r.Err == nil && r.Verdict != deploy.Going {
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
