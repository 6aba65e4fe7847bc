package company

import (
	"fmt"
	"time"
)

// release is the state of a service between two releases.
type release struct {
	major, minor, patch int
	commits             int // since the last release
	candidate           int // number of the current release candidate, zero for none
	since               time.Time
	due                 int // commits after which the next one is cut
}

func (r *release) version() string { return fmt.Sprintf("%d.%d.%d", r.major, r.minor, r.patch) }

// serviceCadence is trunk-based work: every merge is built, candidates are
// cut from the newest build, releases are rebuilt from the candidate and
// promoted to staging and then to production.
func serviceCadence(p project) *ledger {
	l := newLedger(p)
	r := release{major: 1, due: 6}
	for ago := p.age; ago >= 0; ago-- {
		for _, at := range pushes(l.src, midnight(ago), p.pace) {
			l.merge(p, at)
			r.commits++
			l.advance(p, &r, at)
		}
	}
	if r.candidate > 0 && p.pace > 150 {
		l.release(p, &r, thursday())
	}
	expire(l)
	return l
}

// thursday is the afternoon before the epoch, when busy services release what
// is ready. Production has to wait for it.
func thursday() time.Time { return midnight(1).Add(15 * time.Hour) }

// merge is a build of the main branch.
func (l *ledger) merge(_ project, at time.Time) {
	n := l.add(at, "")
	b := &l.builds[n]
	if l.src.Chance(380) {
		b.code++
	}
	if l.src.Chance(25) {
		b.deps++
	}
	l.tag("git-"+b.commit.short(), n, at)
	l.tag("main", n, at)
}

// advance cuts a candidate or a release when one is due.
func (l *ledger) advance(p project, r *release, at time.Time) {
	newest := len(l.builds) - 1
	switch {
	case r.candidate == 0 && r.commits < r.due:
	case r.candidate == 0:
		l.plan(r)
		l.candidate(p, r, newest, at)
	case at.Sub(r.since) < 2*day:
	case l.src.Chance(350) && r.candidate < 4:
		l.candidate(p, r, newest, at)
	default:
		l.release(p, r, at)
	}
}

// plan picks the number of the next release.
func (l *ledger) plan(r *release) {
	switch kind := l.src.IntN(100); {
	case kind < 4:
		r.major, r.minor, r.patch = r.major+1, 0, 0
	case kind < 60:
		r.minor, r.patch = r.minor+1, 0
	default:
		r.patch++
	}
}

func (l *ledger) candidate(p project, r *release, n int, at time.Time) {
	r.candidate++
	r.since = at
	l.tag(fmt.Sprintf("%s%s-rc.%d", p.prefix, r.version(), r.candidate), n, at.Add(20*time.Minute))
}

// release rebuilds the newest code with a version in it.
func (l *ledger) release(p project, r *release, at time.Time) {
	at = at.Add(time.Duration(l.src.Between(20, 90)) * time.Minute)
	if !at.Before(Epoch()) {
		return
	}
	commit := l.builds[len(l.builds)-1].commit
	n := l.add(at, r.version())
	l.builds[n].commit = commit
	l.tagVersion(p, r, n, at)
	l.tag("latest", n, at.Add(time.Minute))
	l.tag("staging", n, at.Add(10*time.Minute))
	l.tag("prod", n, at.Add(time.Duration(l.src.Between(20, 70))*time.Hour))
	*r = release{major: r.major, minor: r.minor, patch: r.patch, due: l.src.Between(4, 12)}
}

func (l *ledger) tagVersion(p project, r *release, n int, at time.Time) {
	l.tag(p.prefix+r.version(), n, at)
	l.tag(fmt.Sprintf("%s%d.%d", p.prefix, r.major, r.minor), n, at.Add(5*time.Second))
	l.tag(fmt.Sprintf("%s%d", p.prefix, r.major), n, at.Add(9*time.Second))
}
