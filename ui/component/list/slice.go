package list

import (
	"cmp"
	"slices"

	"regatta/model/catalog"
)

// Slice is the Data of rows that come as a whole and do not move. Rows that an
// order does not tell apart stay as they come.
type Slice[T any] struct {
	Rows func() []*T
	Only func() func(*T) bool // a condition beside the filter; nil: none
}

// Snapshot implements Data.
func (s Slice[T]) Snapshot() ([]*T, func(by int, reverse bool) catalog.Compare) {
	return slices.Clone(s.Rows()), func(_ int, reverse bool) catalog.Compare {
		direction := 1
		if reverse {
			direction = -1
		}
		return func(a, b Row) int { return direction * cmp.Compare(a, b) }
	}
}

// At implements Data.
func (s Slice[T]) At(row Row) *T {
	if rows := s.Rows(); row >= 0 && int(row) < len(rows) {
		return rows[row]
	}
	return nil
}

// Live implements Data.
func (Slice[T]) Live(row Row) Row { return row }

// Keep implements Data.
func (s Slice[T]) Keep() func(*T) bool {
	if s.Only == nil {
		return nil
	}
	return s.Only()
}

// Values is a Slice of rows that are kept as values.
func Values[T any](all func() []T) Data[T] { return values[T]{all} }

type values[T any] struct{ all func() []T }

// Snapshot implements Data.
func (v values[T]) Snapshot() ([]*T, func(by int, reverse bool) catalog.Compare) {
	all := v.all()
	rows := make([]*T, len(all))
	for i := range all {
		rows[i] = &all[i]
	}
	return Slice[T]{Rows: func() []*T { return rows }}.Snapshot()
}

// At implements Data.
func (v values[T]) At(row Row) *T {
	if all := v.all(); row >= 0 && int(row) < len(all) {
		return &all[row]
	}
	return nil
}

// Live implements Data.
func (values[T]) Live(row Row) Row { return row }

// Keep implements Data.
func (values[T]) Keep() func(*T) bool { return nil }
