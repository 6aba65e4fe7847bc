package company

import (
	"fmt"
	"time"
)

// toolCadence is a release every few weeks and nothing in between.
func toolCadence(p project) *ledger {
	l := newLedger(p)
	r := release{major: 0, minor: 4}
	for ago := p.age; ago > 0; ago -= l.src.Between(12, 44) {
		at := midnight(ago).Add(time.Duration(l.src.Between(9*3600, 16*3600)) * time.Second)
		if weekend(at) {
			continue
		}
		l.plan(&r)
		n := l.add(at, r.version())
		l.builds[n].code++
		if l.src.Chance(200) {
			l.builds[n].deps++
		}
		l.tagVersion(p, &r, n, at)
		l.tag("latest", n, at.Add(time.Minute))
	}
	if p.name == "tools/migrate" {
		l.builds[len(l.builds)-4].extra = []string{"windows/amd64"}
	}
	return l
}

// nightlyCadence is a build every working night, tagged with the date. Nights
// are kept for two months, first nights of a month for good.
func nightlyCadence(p project) *ledger {
	l := newLedger(p)
	month := time.Month(0)
	for ago := p.age; ago >= 0; ago-- {
		at := midnight(ago).Add(2*time.Hour + time.Duration(l.src.Between(0, 900))*time.Second)
		if weekend(at) {
			continue
		}
		n := l.add(at, "")
		if l.src.Chance(180) {
			l.builds[n].code++
		}
		if l.src.Chance(12) {
			l.builds[n].deps++
		}
		if ago < 60 || at.Month() != month {
			l.tag(at.Format(time.DateOnly), n, at)
		}
		month = at.Month()
		l.tag("nightly", n, at)
		if l.src.Chance(300) {
			l.tag("stable", n, at.Add(7*time.Hour))
		}
	}
	l.tag("latest", len(l.builds)-1, l.builds[len(l.builds)-1].at)
	sweep(l)
	return l
}

// modelCadence is a trained model every few weeks, with a canary before
// production.
func modelCadence(p project) *ledger {
	l := newLedger(p)
	month, serial := time.Month(0), 0
	for ago := p.age; ago > 0; ago -= l.src.Between(9, 24) {
		at := midnight(ago).Add(time.Duration(l.src.Between(18*3600, 22*3600)) * time.Second)
		if at.Month() != month {
			month, serial = at.Month(), 0
		}
		serial++
		version := fmt.Sprintf("%d.%d.%d", at.Year(), at.Month(), serial)
		n := l.add(at, version)
		l.builds[n].code++
		if n%6 == 3 {
			l.builds[n].deps++
		}
		l.tag(version, n, at)
		l.tag("canary", n, at.Add(time.Hour))
		if l.src.Chance(700) {
			l.tag("prod", n, at.Add(70*time.Hour))
			l.tag("latest", n, at.Add(70*time.Hour))
		}
	}
	return l
}
