// Package store holds what a registry holds: repositories with manifests,
// tags, blobs and the instants they were pushed and pulled. It knows no HTTP;
// the registry protocol and the cloud APIs are faces on it. It may import std
// and the sandbox's wire types.
package store

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"sync"
	"time"
)

// Store is a set of repositories. It is safe for concurrent use.
type Store struct {
	mu      sync.RWMutex
	repos   map[string]*Repository
	spill   string
	uploads map[string]*Upload
	serial  int
}

// New is an empty store.
func New() *Store {
	return &Store{repos: map[string]*Repository{}, uploads: map[string]*Upload{}}
}

// Plant adds a repository, as created at an instant, whose content is made by
// fill when the repository is first asked for.
func (s *Store) Plant(name string, createdAt time.Time, fill func(*Repository)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.repos[name] = newRepository(name, createdAt, fill)
}

// Create adds an empty repository and reports whether there was none of that
// name. One that a push has only begun to make counts as none.
func (s *Store) Create(name string, at time.Time) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	repo, ok := s.repos[name]
	switch {
	case !ok:
		s.repos[name] = newRepository(name, at, nil)
	case repo.listed():
		return false
	default:
		repo.found(at)
	}
	return true
}

// Delete removes a repository with all that it holds.
func (s *Store) Delete(name string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	_, ok := s.repos[name]
	delete(s.repos, name)
	return ok
}

// Planted finds a repository by name without filling it: good for its name,
// creation and settings only.
func (s *Store) Planted(name string) (*Repository, bool) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	repo, ok := s.repos[name]
	return repo, ok && repo.listed()
}

// Names lists the repositories in lexical order. One that a push has only
// begun to make is not yet listed.
func (s *Store) Names() []string {
	s.mu.RLock()
	defer s.mu.RUnlock()
	names := make([]string, 0, len(s.repos))
	for name, repo := range s.repos {
		if repo.listed() {
			names = append(names, name)
		}
	}
	slices.Sort(names)
	return names
}

// Repository finds a repository by name.
func (s *Store) Repository(name string) (*Repository, bool) {
	s.mu.RLock()
	repo, ok := s.repos[name]
	s.mu.RUnlock()
	if ok {
		repo.ready()
	}
	return repo, ok
}

// Ensure finds a repository or creates it empty, as a push does.
func (s *Store) Ensure(name string) *Repository {
	if repo, ok := s.Repository(name); ok {
		return repo
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, ok := s.repos[name]; !ok {
		s.repos[name] = newRepository(name, time.Time{}, nil)
	}
	repo := s.repos[name]
	return repo
}

// Close cancels open uploads and removes the temporary files of large ones.
func (s *Store) Close() error {
	var failed error
	for _, u := range s.openUploads() {
		u.Lock()
		failed = errors.Join(failed, u.Cancel())
		u.Unlock()
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.spill == "" {
		return failed
	}
	dir := s.spill
	s.spill = ""
	if err := os.RemoveAll(dir); err != nil {
		failed = errors.Join(failed, fmt.Errorf("remove spilled uploads: %w", err))
	}
	return failed
}

func (s *Store) openUploads() []*Upload {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return slices.Collect(maps.Values(s.uploads))
}

// spillDir is the directory of large uploads, made at the first one.
func (s *Store) spillDir() (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.spill != "" {
		return s.spill, nil
	}
	dir, err := os.MkdirTemp("", "regatta-sandbox-")
	if err != nil {
		return "", fmt.Errorf("make a directory for large uploads: %w", err)
	}
	s.spill = dir
	return dir, nil
}
