package company

import (
	"cmp"
	"slices"
	"time"

	"regatta/registry/sandbox/internal/prng"
)

// build is one run of the pipeline.
type build struct {
	at      time.Time
	commit  commit
	version string // "" between releases
	code    int    // revision of the app's own layer
	deps    int    // revision of the layer of dependencies
	release bool
	orphan  bool // its index was deleted and left the children
	extra   []string
}

// tagging is where a tag points at the end of the history.
type tagging struct {
	name  string
	build int
	at    time.Time
}

// ledger is the history of a project while it is made up.
type ledger struct {
	src    *prng.Source
	builds []build
	tags   map[string]tagging
}

func newLedger(p project) *ledger {
	return &ledger{src: prng.New("history of " + p.name), tags: map[string]tagging{}}
}

// add notes a build and returns its number.
func (l *ledger) add(at time.Time, version string) int {
	b := build{at: at, version: version, commit: newCommit(l.src), release: version != ""}
	if n := len(l.builds); n > 0 {
		b.code, b.deps = l.builds[n-1].code, l.builds[n-1].deps
	}
	l.builds = append(l.builds, b)
	return len(l.builds) - 1
}

func (l *ledger) tag(name string, build int, at time.Time) {
	if at.Before(Epoch()) {
		l.tags[name] = tagging{name: name, build: build, at: at}
	}
}

// taggings lists the tags in lexical order.
func (l *ledger) taggings() []tagging {
	all := make([]tagging, 0, len(l.tags))
	for _, t := range l.tags {
		all = append(all, t)
	}
	slices.SortFunc(all, func(a, b tagging) int { return cmp.Compare(a.name, b.name) })
	return all
}

// tagged tells which builds have a tag.
func (l *ledger) tagged() map[int]bool {
	builds := map[int]bool{}
	for _, t := range l.tags {
		builds[t.build] = true
	}
	return builds
}
