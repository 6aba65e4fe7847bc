// Package column describes a column of a table once: how it is called, drawn, written out,
// sorted and filtered by. Screens and the command line draw their tables from it. It
// imports query and the standard library.
package column

import "regatta/model/query"

// Tone is how a piece of text is meant. Whoever draws it chooses the colour.
type Tone uint8

// The tones.
const (
	Text   Tone = iota
	Dim         // secondary: separators, units, what is not known yet
	Accent      // what leads the eye
	Bar         // quantities that are seen
	Strong      // the thing itself: names
	OK          // a good state
	Warn        // a state to look at
	Danger      // a bad state, a failure
	Hue         // from here on: the colours that tell contexts apart
)

// The marks of what is not a value.
const (
	Unread = "·" // nobody has read it yet
	None   = "—" // there is nothing
	Absent = "–" // it was looked for, and is not there
	Failed = "!" // it could not be read
)

// Cell is what stands in a cell: Text, then Tail in a tone of its own.
type Cell struct {
	Tone     Tone
	Text     string
	TailTone Tone
	Tail     string
}

// Column describes a column of rows of type T.
type Column[T any] struct {
	Title string // in the table's head
	Name  string // where the table is saved, and in JSON; "" leaves it out

	Width int  // cells that it needs; 0: it is not drawn, only sorted by
	Flex  int  // its part of the space that is left
	Right bool // numbers are aligned on the right
	Rank  int  // when space is short, the highest rank goes first; 0 always stays

	Value func(row *T) string          // in full, as it is saved; nil: the cell's text
	Cell  func(row *T, width int) Cell // as it is drawn; nil: the value, in Tone
	Tone  Tone                         // of a cell that is its value
	Sort  Sort[T]                      // a zero Name: rows are not sorted by it
	Field query.Field[T]               // a zero Name: rows are not filtered by it
}

// Sort is how rows are sorted by a column.
type Sort[T any] struct {
	Name    string // "size"
	Turn    int    // its place among the orders; the least is where the table begins
	Down    bool   // it starts with the largest
	By      int    // what whoever has the rows calls the order, where Compare is nil
	Compare func(a, b *T) int
}

// Draw is the cell of a row, width cells wide.
func (c Column[T]) Draw(row *T, width int) Cell {
	if c.Cell != nil {
		return c.Cell(row, width)
	}
	return Cell{Tone: c.Tone, Text: c.Value(row)}
}

// wide is room for any text.
const wide = 1000

// Write is what the cell stands for, in full. What is unread or missing is
// empty.
func (c Column[T]) Write(row *T) string {
	if c.Value != nil {
		return c.Value(row)
	}
	switch said := c.Cell(row, wide).Text; said {
	case Unread, None, Absent:
		return ""
	default:
		return said
	}
}

// Fields adds what rows are filtered by to a schema.
func Fields[T any](columns []Column[T], to *query.Schema[T]) *query.Schema[T] {
	for _, c := range columns {
		to.Add(c.Field)
	}
	return to
}
