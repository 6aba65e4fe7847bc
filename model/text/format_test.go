package text

import (
	"math"
	"testing"
	"time"
)

func TestBytes(t *testing.T) {
	t.Parallel()
	for n, want := range map[int64]string{
		-1: "·", 0: "0 B", 1: "1 B", 999: "999 B", 1000: "1.0 kB", 82_854_982: "83 MB", 1_500_000_000: "1.5 GB",
		math.MaxInt64: "9.2 EB",
	} {
		if got := Bytes(n); got != want {
			t.Errorf("Bytes(%d) = %q, want %q", n, got, want)
		}
	}
}

func TestExactBytes(t *testing.T) {
	t.Parallel()
	for n, want := range map[int64]string{0: "0 bytes", 1: "1 byte", 82_854_982: "82,854,982 bytes"} {
		if got := ExactBytes(n); got != want {
			t.Errorf("ExactBytes(%d) = %q, want %q", n, got, want)
		}
	}
}

func TestCountAndPlural(t *testing.T) {
	t.Parallel()
	for n, want := range map[int]string{0: "0 tags", 1: "1 tag", 12: "12 tags", 3431: "3,431 tags"} {
		if got := Plural(n, "tag", "tags"); got != want {
			t.Errorf("Plural(%d) = %q, want %q", n, got, want)
		}
	}
	if got := Count(1_234_567); got != "1,234,567" {
		t.Errorf("Count = %q", got)
	}
}

func TestAge(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)
	for want, d := range map[string]time.Duration{
		"now": 999 * time.Millisecond, "1s": time.Second, "59s": time.Minute - 1, "1m": time.Minute,
		"59m": time.Hour - 1, "1h": time.Hour, "23h": day - 1, "1d": day, "20d": 21*day - 1, "3w": 21 * day,
		"12w": 90*day - 1, "3mo": 90 * day, "24mo": 730*day - 1, "2y": 730 * day, "10y": 3660 * day,
	} {
		if got := Age(now.Add(-d), now); got != want {
			t.Errorf("Age(%v) = %q, want %q", d, got, want)
		}
	}
	if got := Age(now.Add(time.Hour), now); got != "now" {
		t.Errorf("a time ahead is %q", got)
	}
	if got := Age(time.Time{}, now); got != "·" {
		t.Errorf("an unknown time is %q", got)
	}
}

func TestAgo(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)
	for want, d := range map[string]time.Duration{
		"just now": 999 * time.Millisecond, "1s ago": time.Second, "5m ago": 5 * time.Minute, "2y ago": 730 * day,
		"1m ahead of this machine's clock": -61 * time.Second, "3d ahead of this machine's clock": -3 * day,
	} {
		if got := Ago(now.Add(-d), now); got != want {
			t.Errorf("Ago(%v) = %q, want %q", d, got, want)
		}
	}
	for _, then := range []time.Time{now, now.Add(ClockSlack)} {
		if got := Ago(then, now); got != "just now" {
			t.Errorf("Ago(%v) = %q", now.Sub(then), got)
		}
	}
	if got := Ago(time.Time{}, now); got != "at an unknown time" {
		t.Errorf("an unknown time is %q", got)
	}
}

func TestStampAge(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)
	for want, now := range map[string]time.Time{
		"2026-11-20 09:00:00 (3h)": at.Add(3 * time.Hour), "2026-11-20 09:00:00 (now)": at.Add(-ClockSlack),
		"2026-11-20 09:00:00 (18m ahead)": at.Add(-18 * time.Minute),
	} {
		if got := StampAge(at, now); got != want {
			t.Errorf("%q, want %q", got, want)
		}
	}
}

func TestStamp(t *testing.T) {
	t.Parallel()
	east := time.FixedZone("east", 3600)
	if got := Stamp(time.Date(2026, 11, 20, 10, 0, 0, 0, east)); got != "2026-11-20 09:00:00" {
		t.Error(got)
	}
	if got := Stamp(time.Time{}); got != "unknown" {
		t.Error(got)
	}
}
