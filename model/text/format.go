package text

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/dustin/go-humanize"
)

// Bytes is a size short enough for a column, in decimal units as registries
// bill it: "83 MB".
func Bytes(n int64) string {
	if n < 0 {
		return "·"
	}
	return humanize.Bytes(uint64(n))
}

// ExactBytes is a size to the byte: "82,854,982 bytes".
func ExactBytes(n int64) string {
	if n == 1 {
		return "1 byte"
	}
	return humanize.Comma(n) + " bytes"
}

// Count is a number with thousands separated: "3,431".
func Count(n int) string { return humanize.Comma(int64(n)) }

const day = 24 * time.Hour

// Age is the time from then to now in its largest unit: "12s", "5m", "3h",
// "12d", "8w", "14mo", "3y". Times ahead of now, which clocks that disagree
// produce, are "now"; an unknown time is "·".
func Age(then, now time.Time) string {
	if then.IsZero() {
		return "·"
	}
	d := now.Sub(then)
	units := []struct {
		below, unit time.Duration
		suffix      string
	}{
		{time.Second, 0, ""},
		{time.Minute, time.Second, "s"},
		{time.Hour, time.Minute, "m"},
		{day, time.Hour, "h"},
		{21 * day, day, "d"},
		{90 * day, 7 * day, "w"},
		{730 * day, 30 * day, "mo"},
	}
	for _, u := range units {
		switch {
		case d >= u.below:
		case u.unit == 0:
			return "now"
		default:
			return strconv.Itoa(int(d/u.unit)) + u.suffix
		}
	}
	return strconv.Itoa(int(d/(365*day))) + "y"
}

// ClockSlack is how far clocks may disagree without a word.
const ClockSlack = time.Minute

// Ago is Age as a sentence has it: "5m ago", "just now". A time that is well ahead
// of now is told as such: "1h ahead of this machine's clock".
func Ago(then, now time.Time) string {
	switch {
	case then.IsZero():
		return "at an unknown time"
	case then.Sub(now) > ClockSlack:
		return Age(now, then) + " ahead of this machine's clock"
	case now.Sub(then) < time.Second:
		return "just now"
	}
	return Age(then, now) + " ago"
}

// StampAge is a time in full with its age beside: "2026-11-20 09:00:00 (3h)". Of one
// that is well ahead of now it is said how far: "(1h ahead)".
func StampAge(then, now time.Time) string {
	age := Age(then, now)
	if then.Sub(now) > ClockSlack {
		age = Age(now, then) + " ahead"
	}
	return Stamp(then) + " (" + age + ")"
}

// Stamp is a time in full, in UTC: "2026-11-20 09:00:00".
func Stamp(t time.Time) string {
	if t.IsZero() {
		return "unknown"
	}
	return t.UTC().Format(time.DateTime)
}

// Plural is "1 tag", "12 tags", "3,431 tags".
func Plural(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%s %s", Count(n), many)
}

// ShortDigest shortens "algorithm:hex" to twelve digits; other text stays.
func ShortDigest(s string) string {
	_, sum, ok := strings.Cut(s, ":")
	if !ok || len(sum) < 12 {
		return s
	}
	return sum[:12]
}

// Took is a duration short enough for a column: "0ms", "340ms", "2.1s", "4m".
func Took(d time.Duration) string {
	switch {
	case d < time.Second:
		return strconv.Itoa(int(max(0, d).Milliseconds())) + "ms"
	case d < time.Minute:
		return strconv.FormatFloat(d.Seconds(), 'f', 1, 64) + "s"
	}
	return strconv.Itoa(int(d.Minutes())) + "m"
}

// RFC3339 is a time for other programs, empty where it is unknown.
func RFC3339(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}
