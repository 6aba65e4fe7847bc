package list

import (
	"cmp"

	"regatta/model/catalog"
)

// Slice is the Data of rows that come as a whole and do not move. Rows that an
// order does not tell apart stay as they come.
type Slice[T any] struct {
	Rows func() []*T
	// Compare is an order; nil: the rows as they come.
	Compare func(by int) func(a, b *T) int
}

// Snapshot implements Data.
func (s Slice[T]) Snapshot() ([]*T, func(by int, reverse bool) catalog.Compare) {
	rows := s.Rows()
	return rows, func(by int, reverse bool) catalog.Compare {
		var compare func(a, b *T) int
		if s.Compare != nil {
			compare = s.Compare(by)
		}
		direction := 1
		if reverse {
			direction = -1
		}
		if compare == nil {
			return func(a, b Row) int { return direction * cmp.Compare(a, b) }
		}
		return func(a, b Row) int {
			return cmp.Or(direction*compare(rows[a], rows[b]), cmp.Compare(a, b))
		}
	}
}

// Live implements Data.
func (Slice[T]) Live(row Row) Row { return row }

// Keep implements Data.
func (Slice[T]) Keep() func(*T) bool { return nil }
