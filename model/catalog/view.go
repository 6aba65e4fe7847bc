// Package catalog holds growing sets of repositories and images: pages are
// appended, details attached, and a view is a list of rows after filter and
// sort. Rows keep their identity for as long as the set lives, whatever is
// appended, merged or sorted. It imports the standard library and its siblings.
//
// A set belongs to one goroutine. A Snapshot of it may be read by another:
// rows are replaced, never changed.
package catalog

import (
	"cmp"
	"slices"
	"time"
)

// Row is the identity of a row in its set.
type Row int32

// NoRow is no row.
const NoRow Row = -1

// Compare orders two rows; rows that tie keep the order in which they came.
type Compare func(a, b Row) int

// View lists the rows that keep wants, in order. A nil keep wants all; a nil
// order is the order in which the rows came. Rows that are gone are nil in
// items and never listed.
func View[T any](items []*T, keep func(*T) bool, order Compare) []Row {
	rows := make([]Row, 0, len(items))
	for i, v := range items {
		if v != nil && (keep == nil || keep(v)) {
			rows = append(rows, Row(i))
		}
	}
	if order != nil {
		slices.SortFunc(rows, func(a, b Row) int { return cmp.Or(order(a, b), cmp.Compare(a, b)) })
	}
	return rows
}

// directed compares a and b, backwards if reverse is set; what is unknown comes
// last in either direction.
func directed[V any](a, b V, known func(V) bool, compare func(a, b V) int, reverse bool) int {
	ka, kb := known(a), known(b)
	switch {
	case !ka && !kb:
		return 0
	case !ka:
		return 1
	case !kb:
		return -1
	case reverse:
		return compare(b, a)
	}
	return compare(a, b)
}

func byTime(a, b time.Time, reverse bool) int {
	return directed(a, b, func(t time.Time) bool { return !t.IsZero() }, time.Time.Compare, reverse)
}

func byNumber(a, b int64, reverse bool) int {
	return directed(a, b, func(n int64) bool { return n >= 0 }, cmp.Compare[int64], reverse)
}

func byString[S ~string](a, b S, reverse bool) int {
	return directed(a, b, func(s S) bool { return s != "" }, cmp.Compare[S], reverse)
}
