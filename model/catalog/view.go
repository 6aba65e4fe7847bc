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
		slices.SortFunc(rows, func(a, b Row) int {
			if c := order(a, b); c != 0 {
				return c
			}
			return int(a - b)
		})
	}
	return rows
}

// byTime, byNumber and byString compare values, backwards if reverse is set;
// what is unknown comes last in either direction. They are written out: a sort
// of 100,000 rows calls them two million times.
func byTime(a, b time.Time, reverse bool) int {
	switch za, zb := a.IsZero(), b.IsZero(); {
	case za || zb:
		return unknownLast(za, zb)
	case reverse:
		return b.Compare(a)
	}
	return a.Compare(b)
}

func byNumber(a, b int64, reverse bool) int {
	switch {
	case a < 0 || b < 0:
		return unknownLast(a < 0, b < 0)
	case reverse:
		return cmp.Compare(b, a)
	}
	return cmp.Compare(a, b)
}

func byString[S ~string](a, b S, reverse bool) int {
	switch {
	case a == "" || b == "":
		return unknownLast(a == "", b == "")
	case reverse:
		return cmp.Compare(b, a)
	}
	return cmp.Compare(a, b)
}

func unknownLast(a, b bool) int {
	switch {
	case a && b:
		return 0
	case a:
		return 1
	}
	return -1
}
