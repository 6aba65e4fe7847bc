package column_test

import (
	"testing"
	"time"

	"regatta/model/column"
	"regatta/model/query"
)

// box is a row: a negative number is one that nobody knows.
type box struct {
	name  string
	bytes int64
	parts int
	made  time.Time
}

type of = column.Column[box]

var now = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

func size(c of) of  { return column.Size(c, func(b *box) int64 { return b.bytes }) }
func count(c of) of { return column.Count(c, func(b *box) int { return b.parts }) }

// What is unknown is neither drawn nor written as a number; none at all is one.
func TestNumbers(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		column of
		row    box
		drawn  column.Cell
		said   string
	}{
		"bytes":         {size(of{Tone: column.Strong}), box{bytes: 2_000_000}, column.Cell{Tone: column.Strong, Text: "2.0 MB"}, "2000000"},
		"no bytes":      {size(of{Tone: column.Strong}), box{}, column.Cell{Tone: column.Strong, Text: "0 B"}, "0"},
		"unknown bytes": {size(of{Tone: column.Strong}), box{bytes: -1}, column.Cell{Tone: column.Dim, Text: column.Unread}, ""},
		"parts":         {count(of{Tone: column.Warn}), box{parts: 1200}, column.Cell{Tone: column.Warn, Text: "1,200"}, "1200"},
		"no parts":      {count(of{Tone: column.Warn}), box{}, column.Cell{Tone: column.Warn, Text: "0"}, "0"},
		"unknown parts": {count(of{Tone: column.Warn}), box{parts: -1}, column.Cell{Tone: column.Dim, Text: column.Unread}, ""},
	} {
		if got := tt.column.Draw(&tt.row, 9); got != tt.drawn || !tt.column.Right {
			t.Errorf("%s is drawn as %+v, on the right %v", name, got, tt.column.Right)
		}
		if got := tt.column.Write(&tt.row); got != tt.said {
			t.Errorf("%s is written as %q", name, got)
		}
	}
}

// Numbers are sorted as numbers, by columns that rows are sorted by and nobody sorts in
// another way; a cell of one's own stays.
func TestNumbersAreSortedAndFiltered(t *testing.T) {
	t.Parallel()
	less, more := &box{bytes: 9, parts: 9}, &box{bytes: 10, parts: 10}
	by := column.Sort[box]{Name: "it"}
	for name, c := range map[string]of{"bytes": size(of{Sort: by}), "parts": count(of{Sort: by})} {
		if c.Sort.Compare(less, more) >= 0 || c.Sort.Compare(more, less) <= 0 || c.Sort.Compare(less, less) != 0 {
			t.Errorf("%s are not sorted by their number", name)
		}
	}
	if size(of{}).Sort.Compare != nil || count(of{}).Sort.Compare != nil {
		t.Error("rows are sorted by a column without an order")
	}
	by.By = 7
	if size(of{Sort: by}).Sort.Compare != nil || count(of{Sort: by}).Sort.Compare != nil {
		t.Error("whoever has the rows sorts them, and is not asked")
	}
	by.Compare = func(*box, *box) int { return 42 }
	if size(of{Sort: by}).Sort.Compare(less, more) != 42 || count(of{Sort: by}).Sort.Compare(less, more) != 42 {
		t.Error("an order of its own is lost")
	}
	own := func(*box, int) column.Cell { return column.Cell{Text: "own"} }
	if size(of{Cell: own}).Draw(less, 9).Text != "own" || count(of{Cell: own}).Draw(less, 9).Text != "own" {
		t.Error("a cell of its own is lost")
	}
	if size(of{}).Field.Size(more) != 10 || count(of{}).Field.Count(more) != 10 {
		t.Error("rows are filtered by another number")
	}
}

func TestAge(t *testing.T) {
	t.Parallel()
	made := func(b *box) time.Time { return b.made }
	c := column.Age(of{Tone: column.OK}, func() time.Time { return now }, made)
	row := &box{made: now.Add(-3 * time.Hour)}
	if got := c.Draw(row, 9); got != (column.Cell{Tone: column.OK, Text: "3h"}) || !c.Right {
		t.Errorf("drawn as %+v", got)
	}
	if got := c.Write(row); got != "2026-03-01T09:00:00Z" || !c.Field.Age(row).Equal(row.made) {
		t.Errorf("written as %q", got)
	}
	if got := c.Write(&box{}); got != "" {
		t.Errorf("an unknown time is written as %q", got)
	}
	own := column.Age(of{Value: func(*box) string { return "own" }}, func() time.Time { return now }, made)
	if own.Write(row) != "own" {
		t.Error("a value of its own is lost")
	}
}

// A cell is written as it is drawn in full, but for the marks of what is no value; that
// something failed is one.
func TestWrite(t *testing.T) {
	t.Parallel()
	for mark, want := range map[string]string{
		column.Unread: "", column.None: "", column.Absent: "", column.Failed: column.Failed, "x": "x",
	} {
		width := 0
		c := of{Cell: func(_ *box, w int) column.Cell { width = w; return column.Cell{Text: mark} }}
		if got := c.Write(&box{}); got != want || width < 200 {
			t.Errorf("%q is written as %q, %d cells wide", mark, got, width)
		}
	}
	c := of{Tone: column.Strong, Value: func(b *box) string { return b.name }}
	if got := c.Draw(&box{name: "a"}, 9); got != (column.Cell{Tone: column.Strong, Text: "a"}) {
		t.Errorf("a value is drawn as %+v", got)
	}
}

func TestMarksAndNames(t *testing.T) {
	t.Parallel()
	if got := column.Or(column.OK, "", column.None); got != (column.Cell{Tone: column.Dim, Text: column.None}) {
		t.Errorf("nothing is %+v", got)
	}
	if got := column.Or(column.OK, "x", column.None); got != (column.Cell{Tone: column.OK, Text: "x"}) {
		t.Errorf("x is %+v", got)
	}
	want := column.Cell{Tone: column.Strong, Text: "a", TailTone: column.Dim, Tail: " b c"}
	if got := column.Names([]string{"a", "b", "c"}); got != want {
		t.Errorf("names are %+v", got)
	}
}

// Rows are filtered by every column that has a field, and by no other.
func TestFields(t *testing.T) {
	t.Parallel()
	schema := column.Fields([]of{
		size(of{Field: query.Field[box]{Name: "size"}}), {Title: "drawn only"},
	}, &query.Schema[box]{})
	shows, err := query.Compile("size>5", schema, now)
	if err != nil || !shows(&box{bytes: 6}) || shows(&box{bytes: 5}) {
		t.Errorf("size>5: %v", err)
	}
}
