package ecs

import "time"

// settleTime is how long a roll-out takes.
const settleTime = time.Minute

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
func (d deployment) done(now time.Time) bool { return !now.Before(d.started.Add(settleTime)) }

// good reports whether the roll-out has replaced what was there.
func (d deployment) good(now time.Time) bool { return d.done(now) && d.digest != "" }

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
	case newest.digest == "":
		newest.state, newest.pending = "IN_PROGRESS", s.desired
	default:
		part := int64(s.desired) * int64(now.Sub(newest.started)) / int64(settleTime)
		newest.state, newest.running = "IN_PROGRESS", int(part)
		newest.pending = s.desired - newest.running
	}
	for i := last - 1; i >= 0; i-- {
		if d := s.deployments[i]; d.good(now) {
			return []share{newest, {deployment: d, state: "COMPLETED", running: s.desired - newest.running}}
		}
	}
	return []share{newest}
}

// status is a deployment in the words of service deployments (API reference,
// ServiceDeploymentBrief).
func (s *service) status(d deployment, now time.Time) string {
	newest := s.deployments[len(s.deployments)-1].number == d.number
	switch {
	case d.good(now):
		return "SUCCESSFUL"
	case d.done(now):
		return "ROLLBACK_FAILED"
	case newest:
		return "IN_PROGRESS"
	}
	return "STOPPED"
}
