package survey

import (
	"context"
	"sync"
	"time"

	"regatta/model/image"
	"regatta/registry/httpx"
)

// timedSource measures how long it takes to list, and to look at the first tags of the list,
// as a run does before it deletes: but for what requests wait for here.
type timedSource struct {
	Source

	mu    sync.Mutex
	took  time.Duration // the pages, which are asked for one after the other
	looks int
	look  time.Duration // the slowest of the first looks, which are made at once
}

// Images implements Source.
func (s *timedSource) Images(ctx context.Context, repo, cursor string) (image.Page, error) {
	inner, took := httpx.Measured(ctx)
	page, err := s.Source.Images(inner, repo, cursor)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.took += took()
	return page, err
}

// Resolve implements Source.
func (s *timedSource) Resolve(ctx context.Context, repo, reference string) (image.Descriptor, error) {
	inner, took := httpx.Measured(ctx)
	d, err := s.Source.Resolve(inner, repo, reference)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.looks++; s.looks <= atATime {
		s.look = max(s.look, took())
	}
	return d, err
}

func (s *timedSource) sum() time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.took + s.look
}
