package rollback

import (
	"strings"
	"time"

	"regatta/model/text"
)

// Skew says whose times are ahead of this machine's clock, and how far. It is empty
// where clocks agree, as far as times tell.
func Skew(f Facts) string {
	var whose []string
	most := time.Duration(0)
	add := func(name string, times []time.Time) {
		if by := lead(times, f.Now); by > text.ClockSlack {
			whose, most = append(whose, name), max(most, by)
		}
	}
	pushed, created := f.listed()
	add("the registry", pushed)
	add("the images", created)
	add("the services that follow the tag", f.settled())
	add("the journal", f.written())
	add("what was seen here", f.looked())
	if len(whose) == 0 {
		return ""
	}
	return "times of " + strings.Join(whose, " and of ") + " are up to " + text.Age(f.Now, f.Now.Add(most)) +
		" ahead of this machine's clock: ages, and what goes by them, are not to be relied on"
}

// lead is how far the clock that times are of is ahead at least: none of them is of the
// future.
func lead(times []time.Time, now time.Time) time.Duration {
	most := time.Duration(0)
	for _, at := range times {
		most = max(most, at.Sub(now))
	}
	return most
}

// listed are the times by which images are old: when they were pushed, or made where
// the registry does not tell.
func (f Facts) listed() (pushed, created []time.Time) {
	for _, img := range f.Images {
		pushed = append(pushed, img.Pushed)
		if img.Pushed.IsZero() {
			created = append(created, img.Created)
		}
	}
	return pushed, created
}

func (f Facts) settled() []time.Time {
	var out []time.Time
	for _, p := range f.Past {
		out = append(out, p.Began, p.Ended)
	}
	return out
}

// written are the times of the changes of the tag.
func (f Facts) written() []time.Time {
	var out []time.Time
	for _, m := range f.moves() {
		out = append(out, m.when)
	}
	return out
}

func (f Facts) looked() []time.Time {
	var out []time.Time
	for _, s := range f.Seen {
		out = append(out, s.First, s.Last)
	}
	return out
}
