package store

import (
	"path"
	"slices"
	"time"
)

// Mutability says which tags of a repository may be moved (API reference,
// PutImageTagMutability).
type Mutability string

// The kinds of mutability. Those with exclusions turn around for the tags that
// a filter matches.
const (
	Mutable                Mutability = "MUTABLE"
	Immutable              Mutability = "IMMUTABLE"
	MutableWithExclusion   Mutability = "MUTABLE_WITH_EXCLUSION"
	ImmutableWithExclusion Mutability = "IMMUTABLE_WITH_EXCLUSION"
)

// Settings are what an account lays down for a repository.
type Settings struct {
	Mutability  Mutability // "" is Mutable
	Exclusions  []string   // filters of tags, in which * stands for anything
	ScanOnPush  bool
	Policy      string // JSON, "" for none
	Lifecycle   string // JSON, "" for none
	EvaluatedAt time.Time
}

// Movable reports whether a tag that exists may be moved.
func (s Settings) Movable(tag string) bool {
	excluded := slices.ContainsFunc(s.Exclusions, func(filter string) bool {
		ok, err := path.Match(filter, tag)
		return ok && err == nil
	})
	switch s.Mutability {
	case Immutable:
		return false
	case ImmutableWithExclusion:
		return excluded
	case MutableWithExclusion:
		return !excluded
	case Mutable:
	}
	return true
}

// Settings are what is laid down for the repository now.
func (r *Repository) Settings() Settings {
	r.mu.RLock()
	defer r.mu.RUnlock()
	return r.settings
}

// Configure changes the settings.
func (r *Repository) Configure(change func(*Settings)) {
	r.mu.Lock()
	defer r.mu.Unlock()
	change(&r.settings)
}
