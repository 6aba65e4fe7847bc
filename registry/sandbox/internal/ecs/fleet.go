// Package ecs is the ECS API of the sandbox's account: clusters with services
// that run images of the same store (Amazon ECS API reference). Nothing runs;
// what would run follows from the clock. It may import std and the sandbox's
// internals.
package ecs

import (
	"cmp"
	"sync"
	"time"

	"regatta/registry/sandbox/internal/aws"
	"regatta/registry/sandbox/internal/store"
)

// Fleet is the clusters of an account. It is safe for concurrent use.
type Fleet struct {
	store *store.Store

	mu       sync.Mutex // not to be held while a repository is asked for: see Pin
	clusters []string   // in lexical order
	services []*service // by cluster, then by name
	families []family   // by name
	settles  time.Duration
}

// New is a fleet without clusters; settles is how long the deployments to come take, 0: a minute.
func New(s *store.Store, settles time.Duration) *Fleet { return &Fleet{store: s, settles: settles} }

// service keeps a number of tasks running (API reference, Service).
type service struct {
	cluster string
	name    string
	family  string
	fargate bool
	lags    bool // was deployed before its tag last moved
	desired int
	created time.Time
	fate    Fate // of the deployments to come

	controller string // who deploys it, "": ECS
	beside     []Container
	byDigest   bool // its tasks name digests

	deployments []deployment // oldest first; at least one
}

// deployment is the roll-out of an image (API reference, Deployment).
type deployment struct {
	number   int // of the service's, from one
	revision int // of the task definition
	image    imageRef
	digest   string // that the tag was resolved to, "" if it was not there
	started  time.Time
	pinned   bool // digest is known
	fate     Fate
	takes    time.Duration // until it has settled, 0: as long as usual
}

// settled is when the roll-out is over.
func (d deployment) settled() time.Time { return d.started.Add(cmp.Or(d.takes, settleTime)) }

// imageRef is a tag in a repository of the store.
type imageRef struct {
	repository string
	tag        string
}

// on is the image as a registry's clients name it.
func (i imageRef) on(c *aws.Call) string { return c.Registry() + "/" + i.repository + ":" + i.tag }

// family is the active revisions of a task definition, oldest first.
type family struct {
	name      string
	revisions []revision
}

// revision is a task definition of one container (API reference,
// TaskDefinition).
type revision struct {
	number     int
	image      imageRef
	fargate    bool
	registered time.Time
}

// newest is the task definition that a family's name alone means.
func (f family) newest() revision { return f.revisions[len(f.revisions)-1] }

// resolve is the digest that an image's tag points at now, "" if none.
func (f *Fleet) resolve(i imageRef) string {
	repo, ok := f.store.Repository(i.repository)
	if !ok {
		return ""
	}
	tag, _ := repo.Tag(i.tag)
	return tag.Digest
}

// settle fills the repository of a service, which pins what it runs.
func (f *Fleet) settle(s *service) {
	f.mu.Lock()
	repository := s.deployments[0].image.repository
	f.mu.Unlock()
	f.store.Repository(repository)
}
