package ecs

import "time"

// settleTime is how long a roll-out takes.
const settleTime = time.Minute

// Fate is how a deployment goes.
type Fate uint8

// The fates. A deployment of an image that is not there crashes, whatever its
// fate.
const (
	Settles Fate = iota // its tasks take over one by one
	Hangs               // no task of it ever starts
	Crashes             // its tasks fail, and the circuit breaker stops it
	Reverts             // as Crashes, and the circuit breaker goes back to what ran before
)

// Doom is the fate of the deployments of a service that start from now on. It
// reports whether there is such a service.
func (f *Fleet) Doom(cluster, name string, fate Fate) bool {
	s, ok := f.service(cluster, name)
	if ok {
		f.mu.Lock()
		defer f.mu.Unlock()
		s.fate = fate
	}
	return ok
}

// share is a deployment's part in its service at an instant.
type share struct {
	deployment

	primary bool
	state   string // of the roll-out
	running int
	pending int
	failed  int
}

// done reports whether the roll-out is over, well or not.
func (d deployment) done(now time.Time) bool {
	return (d.fate != Hangs || d.digest == "") && !now.Before(d.settled())
}

// doomed reports whether its tasks fail.
func (d deployment) doomed() bool { return d.digest == "" || d.fate == Crashes || d.fate == Reverts }

// good reports whether the roll-out has replaced what was there.
func (d deployment) good(now time.Time) bool { return d.done(now) && !d.doomed() }

// reverted reports whether the circuit breaker has gone back from it.
func (d deployment) reverted(now time.Time) bool { return d.done(now) && d.fate == Reverts }

// shares are the deployments that a service has at an instant, the newest
// first: that one, and while it is under way or if it failed, the last good
// one.
func (s *service) shares(now time.Time) []share {
	last := len(s.deployments) - 1
	newest := share{deployment: s.deployments[last], primary: true}
	switch {
	case newest.good(now):
		newest.state, newest.running = "COMPLETED", s.desired
		return []share{newest}
	case newest.done(now):
		newest.state, newest.failed = "FAILED", s.desired
	case newest.doomed():
		newest.state, newest.pending = "IN_PROGRESS", s.desired
		newest.failed = s.part(newest.deployment, now)
	case newest.fate == Hangs:
		newest.state, newest.pending = "IN_PROGRESS", s.desired
	default:
		newest.state, newest.running = "IN_PROGRESS", s.part(newest.deployment, now)
		newest.pending = s.desired - newest.running
	}
	for i := last - 1; i >= 0; i-- {
		if d := s.deployments[i]; d.good(now) {
			old := share{deployment: d, state: "COMPLETED", running: s.desired - newest.running}
			if newest.reverted(now) {
				newest.primary, old.primary = false, true
				return []share{old, newest}
			}
			return []share{newest, old}
		}
	}
	return []share{newest}
}

// part is how many tasks a roll-out has come to.
func (s *service) part(d deployment, now time.Time) int {
	return int(int64(s.desired) * int64(now.Sub(d.started)) / int64(d.settled().Sub(d.started)))
}

// status is a deployment in the words of service deployments (API reference,
// ServiceDeploymentBrief).
func (s *service) status(d deployment, now time.Time) string {
	newest := s.deployments[len(s.deployments)-1].number == d.number
	switch {
	case d.good(now):
		return "SUCCESSFUL"
	case d.reverted(now):
		return "ROLLBACK_SUCCESSFUL"
	case d.done(now):
		return "ROLLBACK_FAILED"
	case newest:
		return "IN_PROGRESS"
	}
	return "STOPPED"
}
