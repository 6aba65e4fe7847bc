package lifecycle

import (
	"time"

	"regatta/model/ref"
)

// Horizon is how many days a forecast looks ahead.
const Horizon = 90

// rateWindow is how many days back the present rate is measured.
const rateWindow = 30

// Day is one run of the policy, so many days ahead. Sizes are in bytes, as the
// images have them: layers that images share count for each.
type Day struct {
	At         time.Time
	Expire     int          // images, those pushed meanwhile too
	Transition int          // likewise
	Expired    []ref.Digest // those of them that are there today
	Archived   []ref.Digest
	Standard   int64 // stored after the run, with the policy
	Archive    int64
	Without    int64 // stored without it
}

// Future is what a policy does over the next days.
type Future struct {
	Quiet  []Day   // nothing is pushed
	Going  []Day   // pushes go on as in the last 30 days
	PerDay float64 // how many images were pushed a day in these
}

// Forecast runs the policy once a day, the first time now. Pushes go on as they
// were: what was pushed in the last 30 days comes again 30 days later, and
// again, with tags that the same rules select.
func Forecast(p Policy, images []Image, now time.Time, on Switches) Future {
	quiet := newSimulation(p, images, on)
	going := newSimulation(p, images, on)
	recent := going.recent(now)
	for cycle := 1; cycle*rateWindow <= Horizon; cycle++ {
		going.repeat(recent, instant(cycle)*rateWindow*instant(day))
	}
	going.arrange()
	going.sort()
	return Future{
		Quiet: quiet.run(now), Going: going.run(now), PerDay: float64(len(recent)) / rateWindow,
	}
}
