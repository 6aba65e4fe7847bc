package company

import (
	"slices"
	"strings"
)

// How long things last before the clean-up job takes them, in days.
const (
	commitTagDays = 35
	candidateDays = 200
	untaggedDays  = 110
)

// expire is the work of the clean-up job of the last years: old commit and
// candidate tags are gone, and most builds that no tag names. It overlooked
// some.
func expire(l *ledger) {
	for name, t := range l.tags {
		switch {
		case strings.HasPrefix(name, "git-") && t.at.Before(daysAgo(commitTagDays)),
			strings.Contains(name, "-rc.") && t.at.Before(daysAgo(candidateDays)):
			delete(l.tags, name)
		}
	}
	sweep(l)
}

// sweep drops the builds that no tag names, but for some younger ones, of
// which a few lost their index only.
func sweep(l *ledger) {
	tagged := l.tagged()
	renumber := map[int]int{}
	var kept []build
	for n, b := range l.builds {
		lucky := b.at.After(daysAgo(untaggedDays)) && l.src.Chance(400)
		if !tagged[n] && !lucky {
			continue
		}
		b.orphan = !tagged[n] && l.src.Chance(250)
		renumber[n] = len(kept)
		kept = append(kept, b)
	}
	l.builds = slices.Clip(kept)
	for name, t := range l.tags {
		t.build = renumber[t.build]
		l.tags[name] = t
	}
}
