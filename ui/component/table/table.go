// Package table shows the visible part of a list of any length. The cursor and
// the marks belong to rows, not to places: whatever is appended, sorted or
// merged, what is under the cursor stays there. It imports model/catalog,
// model/column, kit and theme.
package table

import (
	"slices"

	"github.com/charmbracelet/x/ansi"

	"regatta/model/catalog"
	"regatta/model/column"
)

// Row is the identity of a row.
type Row = catalog.Row

// Model is a window onto rows. It is not safe for concurrent use.
type Model struct {
	cell    func(row Row, column, width int) column.Cell
	columns []place
	widths  []int // of the columns; 0: no room
	sorted  int   // the column that rows are sorted by, -1 for none
	reverse bool

	view    []Row
	cursor  Row // NoRow while the view is empty
	at      int // the cursor's place in the view
	top     int // the first visible place
	lead    int // empty lines above it: rows above the cursor went, and it stays on its line
	touched bool

	marks  map[Row]bool
	anchor int // where a range of marks began, -1 for none

	width, height int
}

// New returns a table of the rows that at finds; nil is a row that is there no more.
func New[T any](at func(Row) *T, columns []column.Column[T]) *Model {
	m := &Model{sorted: -1, cursor: catalog.NoRow, anchor: -1, marks: map[Row]bool{}}
	for _, c := range columns {
		width := c.Width
		if width > 0 && c.Sort.Name != "" {
			width = max(width, ansi.StringWidth(c.Title)+arrowWidth)
		}
		m.columns = append(m.columns, place{title: c.Title, width: width, flex: c.Flex, right: c.Right, rank: c.Rank})
	}
	m.cell = func(row Row, i, width int) column.Cell {
		if v := at(row); v != nil {
			return columns[i].Draw(v, width)
		}
		return column.Cell{}
	}
	return m
}

// SetSize sets the table's size in cells, the header line included.
func (m *Model) SetSize(width, height int) {
	m.width, m.height, m.lead = width, height, 0
	m.layout()
	m.scroll()
}

// SetSorted says by which column the rows are sorted, for the header.
func (m *Model) SetSorted(column int, reverse bool) { m.sorted, m.reverse = column, reverse }

// SetView replaces the rows because the user asked for others. live tells where
// a row is now, if it joined another. The cursor stays on its row; before the
// user has moved, it stays on the first.
func (m *Model) SetView(view []Row, live func(Row) Row) {
	line := m.at - m.top
	if m.replace(view, live) {
		m.top = m.at - line
		m.settle()
	}
}

// Refresh is SetView for rows that change by themselves: the row under the
// cursor stays on its line of the screen, whatever goes or comes around it.
func (m *Model) Refresh(view []Row, live func(Row) Row) {
	line := m.at - m.top + m.lead
	if m.replace(view, live) {
		m.hold(m.at, line)
	}
}

// replace reports whether the cursor's row is still there; if not, it has put
// the cursor somewhere else.
func (m *Model) replace(view []Row, live func(Row) Row) (found bool) {
	m.view = view
	m.anchor = -1
	m.remark(live)
	at := -1
	if m.touched && m.cursor != catalog.NoRow {
		at = slices.Index(view, live(m.cursor))
	}
	switch {
	case at >= 0:
		m.at = at
		return true
	case m.touched:
		m.at = min(m.at, len(view)-1)
	default:
		m.at, m.top = 0, 0
	}
	m.settle()
	return false
}

// hold puts the cursor on place without moving it from its line of the screen, though
// lines above the first row stay empty for that. Lines behind the last do not while rows
// are hidden above: those come down.
func (m *Model) hold(place, line int) {
	m.at, m.cursor = place, m.view[place]
	m.top, m.lead = max(0, place-line), max(0, line-place)
	m.top = min(m.top, max(0, len(m.view)-m.rows()))
}

func (m *Model) remark(live func(Row) Row) {
	if len(m.marks) == 0 {
		return
	}
	marks := make(map[Row]bool, len(m.marks))
	for r := range m.marks {
		marks[live(r)] = true
	}
	m.marks = marks
}

// settle makes cursor and scroll position agree with at.
func (m *Model) settle() {
	m.lead = 0
	m.at = max(0, min(m.at, len(m.view)-1))
	m.cursor = catalog.NoRow
	if len(m.view) > 0 {
		m.cursor = m.view[m.at]
	}
	m.scroll()
}

func (m *Model) rows() int { return max(0, m.height-1) }

func (m *Model) scroll() {
	m.top = min(m.top, m.at)
	m.top = max(m.top, m.at-m.rows()+1)
	m.top = max(0, min(m.top, len(m.view)-m.rows()))
}

// Cursor is the row under the cursor, NoRow if there is none.
func (m *Model) Cursor() Row { return m.cursor }

// Place is the cursor's place in the view, counted from 0.
func (m *Model) Place() int { return m.at }

// Len is the number of rows in the view.
func (m *Model) Len() int { return len(m.view) }

// View is the rows in order. It is not to be changed.
func (m *Model) View() []Row { return m.view }

// Visible are the rows on screen.
func (m *Model) Visible() []Row {
	return m.view[min(m.top, len(m.view)):min(m.top+m.rows()-m.lead, len(m.view))]
}

// Ahead are up to n rows behind the visible ones.
func (m *Model) Ahead(n int) []Row {
	from := min(m.top+m.rows()-m.lead, len(m.view))
	return m.view[from:min(from+n, len(m.view))]
}

// Move moves the cursor by n rows.
func (m *Model) Move(n int) { m.To(m.at + n) }

// Page moves the cursor by n pages.
func (m *Model) Page(n int) { m.Move(n * max(1, m.rows()-1)) }

// To puts the cursor on the place, counted from 0; a place outside is the
// nearest one inside.
func (m *Model) To(place int) {
	m.touched = true
	m.at = place
	m.settle()
}

// Select puts the cursor on the row if it is in the view.
func (m *Model) Select(row Row) bool {
	at := slices.Index(m.view, row)
	if at >= 0 {
		m.To(at)
	}
	return at >= 0
}

// Forget lets go of cursor and marks: the rows to come are others.
func (m *Model) Forget() {
	m.touched = false
	m.ClearMarks()
	m.SetView(nil, func(r Row) Row { return r })
}

// Touch holds the cursor to the row that it is on from now on.
func (m *Model) Touch() { m.touched = true }

// Scroll moves the window by n rows; the cursor follows where it must.
func (m *Model) Scroll(n int) {
	m.touched = true
	m.top = max(0, min(m.top+n, len(m.view)-m.rows()))
	m.at = max(m.top, min(m.at, m.top+m.rows()-1))
	m.settle()
}
