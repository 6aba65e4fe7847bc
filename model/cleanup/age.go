package cleanup

import (
	"time"

	"regatta/model/text"
)

// young says why an image is not old enough to go, or how old it is.
func (e *evaluation) young(img *Image) (why string, kept bool) {
	limit := e.rules.OlderThan
	if limit == 0 {
		return "", false
	}
	age := e.now.Sub(img.Time)
	switch {
	case img.Time.IsZero():
		return "no time is known of it, so that it is not known whether it is older than " + span(limit), true
	case age < 0:
		return "its time, " + text.Stamp(img.Time) + ", is in the future", true
	case age <= limit:
		return "not older than " + span(limit) + " (" + span(age) + ")", true
	}
	return "older than " + span(limit) + " (" + span(age) + ")", false
}

// pulled says why an image is not out of use for long enough, or for how long
// it is. One that was never pulled, where pulls are told, counts from its time,
// as ECR counts.
func (e *evaluation) pulled(img *Image) (why string, kept bool) {
	limit := e.rules.NotPulled
	if limit == 0 {
		return "", false
	}
	at, head := img.Pulled, "not pulled for "
	if at.IsZero() {
		at, head = img.Time, "never pulled since it is there, for "
	}
	age := e.now.Sub(at)
	switch {
	case !e.stock.pulls:
		return "the registry does not tell when images are pulled", true
	case at.IsZero():
		return "neither when it was pulled nor when it was pushed is known", true
	case age < 0:
		return "its time, " + text.Stamp(at) + ", is in the future", true
	case age <= limit && img.Pulled.IsZero():
		return "never pulled, and not there for " + span(limit) + " yet (" + span(age) + ")", true
	case age <= limit:
		return "pulled in the last " + span(limit) + " (" + span(age) + " ago)", true
	}
	return head + span(limit) + " (" + span(age) + ")", false
}

// span is a time in whole days, or hours below two days.
func span(d time.Duration) string {
	const day = 24 * time.Hour
	switch {
	case d%day == 0 && d > 0, d >= 2*day:
		return text.Plural(int(d/day), "day", "days")
	case d >= time.Hour || d == 0:
		return text.Plural(int(d/time.Hour), "hour", "hours")
	}
	return text.Plural(int(d/time.Minute), "minute", "minutes")
}
