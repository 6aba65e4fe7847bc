package company

import (
	"slices"
	"time"

	"regatta/registry/sandbox/internal/prng"
)

const day = 24 * time.Hour

// midnight is the start of the day so many days before the epoch.
func midnight(ago int) time.Time { return daysAgo(ago).Truncate(day) }

func weekend(at time.Time) bool {
	return at.Weekday() == time.Saturday || at.Weekday() == time.Sunday
}

// holidays are the quiet days around the turn of the year.
func holidays(at time.Time) bool {
	return at.Month() == time.December && at.Day() > 22 || at.Month() == time.January && at.Day() < 3
}

// pushes draws the instants of the builds of one day: most days none or one,
// now and then a burst.
func pushes(src *prng.Source, date time.Time, pace int) []time.Time {
	if weekend(date) || holidays(date) {
		pace /= 25
	}
	if !src.Chance(pace) {
		return nil
	}
	n := 1
	if src.Chance(250) {
		n = src.Between(2, 4)
	}
	var all []time.Time
	for range n {
		at := date.Add(time.Duration(src.Between(7*3600, 17*3600+1800)) * time.Second)
		if at.Before(Epoch()) {
			all = append(all, at)
		}
	}
	slices.SortFunc(all, time.Time.Compare)
	return all
}
