// Package deploy says how a new deployment of a service goes: whether what runs
// is what was meant, whether that has settled, and what has happened on the way.
// It is pure: whoever runs the services was asked before. It imports the standard
// library and its siblings in model.
package deploy

import (
	"errors"
	"slices"
	"strings"
	"time"

	"regatta/model/ref"
)

// Service is one that a scheduler keeps running: a service of Amazon ECS in a
// region.
type Service struct{ Region, Cluster, Name string }

const scheme = "ecs:"

// String is the service as a plan names it: "ecs:REGION/CLUSTER/SERVICE".
func (s Service) String() string { return scheme + s.Region + "/" + s.Place() }

// Place is the service as people name it: "CLUSTER/SERVICE".
func (s Service) Place() string { return s.Cluster + "/" + s.Name }

// Title is the service as a sentence names it.
func (s Service) Title() string { return "service " + s.Name + " of cluster " + s.Cluster }

// errService says how a service is written.
var errService = errors.New("a service is written ecs:REGION/CLUSTER/SERVICE")

// ParseService reads what String has written.
func ParseService(text string) (Service, error) {
	rest, ok := strings.CutPrefix(text, scheme)
	parts := strings.Split(rest, "/")
	if !ok || len(parts) != 3 {
		return Service{}, errService
	}
	for _, p := range parts {
		if p == "" || strings.ContainsFunc(p, odd) {
			return Service{}, errService
		}
	}
	return Service{Region: parts[0], Cluster: parts[1], Name: parts[2]}, nil
}

// odd reports whether a letter is in no name of a region, cluster or service
// (API reference, CreateCluster and CreateService).
func odd(r rune) bool {
	switch {
	case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9', r == '-', r == '_':
		return false
	}
	return true
}

// Rollout is how far a deployment has come, in ECS's words.
type Rollout string

// The states of a roll-out.
const (
	InProgress Rollout = "IN_PROGRESS"
	Completed  Rollout = "COMPLETED"
	Failed     Rollout = "FAILED"
)

// Deployment is one of those that a service has at a time.
type Deployment struct {
	ID      string    `json:"id"`
	Primary bool      `json:"primary"` // it is the one that the service is to come to
	Rollout Rollout   `json:"rolloutState"`
	Reason  string    `json:"reason"`
	Began   time.Time `json:"createdAt"`
	Desired int       `json:"desired"`
	Running int       `json:"running"`
	Pending int       `json:"pending"`
	Failed  int       `json:"failed"`
}

// Event is something that a service says has happened.
type Event struct {
	At   time.Time `json:"at"`
	Text string    `json:"text"`
}

// Task is one that runs or is about to. Digest is what the containers of it run that
// follow the tag, empty where that is not known.
type Task struct {
	ID         string     `json:"id"`
	Deployment string     `json:"deployment"`
	Digest     ref.Digest `json:"digest"`
	Status     string     `json:"status"`
}

// starting reports whether it has not begun to run (developer guide, Task lifecycle).
func (t Task) starting() bool {
	return slices.Contains([]string{"PROVISIONING", "PENDING", "ACTIVATING"}, t.Status)
}

// Past is a deployment that a service has had.
type Past struct {
	Place  string // CLUSTER/SERVICE
	Digest ref.Digest
	Began  time.Time
	Ended  time.Time // zero while it goes on
	Stable bool      // it has settled
}

// State is a service at an instant.
type State struct {
	Service     Service      `json:"-"`
	Deployments []Deployment `json:"deployments"` // the newest first
	Pinned      ref.Digest   `json:"pinned"`      // what its newest deployment starts tasks of, if that is known
	Events      []Event      `json:"events"`      // the newest first
	Tasks       []Task       `json:"tasks"`

	// Controller is who deploys it, in ECS's words; empty: ECS itself.
	Controller string `json:"-"`
	// Apart says that its task definition names no image by the tag that was asked
	// about: a new deployment does not look that up.
	Apart bool `json:"-"`
}

// Primary is the deployment that the service is to come to.
func (s State) Primary() (Deployment, bool) {
	for _, d := range s.Deployments {
		if d.Primary {
			return d, true
		}
	}
	return Deployment{}, false
}

// Of is the deployment of that ID.
func (s State) Of(id string) (Deployment, bool) {
	for _, d := range s.Deployments {
		if d.ID == id {
			return d, true
		}
	}
	return Deployment{}, false
}

// Since are the events from a time on, the oldest first.
func (s State) Since(t time.Time) []Event {
	var out []Event
	for _, e := range slices.Backward(s.Events) {
		if !e.At.Before(t) {
			out = append(out, e)
		}
	}
	return out
}
