// Package null is what the JSON documents say of what is not known: null. No field is ever
// left out. It imports model.
package null

import (
	"time"

	"regatta/model/cost"
)

// Of is v, null where it is empty.
func Of[T comparable](v T) *T {
	var zero T
	if v == zero {
		return nil
	}
	return &v
}

// Size is a number of bytes, null where it is negative.
func Size(n int64) *int64 {
	if n < 0 {
		return nil
	}
	return &n
}

// Time is RFC 3339 in UTC, null for the zero time.
func Time(t time.Time) *string {
	if t.IsZero() {
		return nil
	}
	s := t.UTC().Format(time.RFC3339)
	return &s
}

// Money is an amount, null where it is not known.
func Money(m cost.Money, known bool) *cost.Money {
	if !known {
		return nil
	}
	return &m
}
