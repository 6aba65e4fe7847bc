package table_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
	"pgregory.net/rapid"

	"regatta/model/catalog"
	"regatta/model/column"
	"regatta/theme"
	"regatta/ui/component/table"
	"regatta/ui/kit"
)

// number is a row that is its number.
type number table.Row

func numbers(row table.Row) *number { return new(number(row)) }

// says is a column whose cells say row and column.
func says(c column.Column[number], n int) column.Column[number] {
	c.Cell = func(row *number, _ int) column.Cell {
		return column.Cell{Text: fmt.Sprintf("r%d", *row), Tail: fmt.Sprintf(" c%d", n)}
	}
	return c
}

func look(tb testing.TB) *kit.Look {
	tb.Helper()
	s, err := theme.New("dark", theme.Full, true)
	if err != nil {
		tb.Fatal(err)
	}
	return &kit.Look{Styles: s}
}

func same(r table.Row) table.Row { return r }

func upTo(n int) []table.Row {
	out := make([]table.Row, n)
	for i := range out {
		out[i] = table.Row(i)
	}
	return out
}

func columns() []column.Column[number] {
	out := []column.Column[number]{
		{Title: "NAME", Width: 10, Flex: 1}, {Title: "SIZE", Width: 8, Right: true}, {Title: "AGE", Width: 6, Rank: 1}, {Title: "MORE", Width: 20, Rank: 2},
	}
	for i, c := range out {
		out[i] = says(c, i)
	}
	return out
}

// Whatever happens, the cursor is on a visible row, what is drawn is exactly as
// large as it should be, and a row that is still there keeps the cursor.
func TestTableKeepsItsPromises(t *testing.T) {
	t.Parallel()
	style := look(t)
	rapid.Check(t, func(t *rapid.T) {
		m := table.New(numbers, columns())
		width, height := 80, 10
		m.SetSize(width, height)
		for range rapid.IntRange(1, 40).Draw(t, "steps") {
			cursor := m.Cursor()
			switch rapid.IntRange(0, 8).Draw(t, "event") {
			case 0:
				rows := rapid.Permutation(upTo(30)).Draw(t, "rows")[:rapid.IntRange(0, 30).Draw(t, "n")]
				m.Touch()
				if rapid.Bool().Draw(t, "by itself") {
					m.Refresh(rows, same)
				} else {
					m.SetView(rows, same)
				}
				if cursor != catalog.NoRow && slices.Contains(rows, cursor) && m.Cursor() != cursor {
					t.Fatalf("the cursor went from row %d to %d", cursor, m.Cursor())
				}
			case 1:
				m.Move(rapid.IntRange(-40, 40).Draw(t, "by"))
			case 2:
				m.Page(rapid.IntRange(-3, 3).Draw(t, "pages"))
			case 3:
				m.Scroll(rapid.IntRange(-40, 40).Draw(t, "lines"))
			case 4:
				width, height = rapid.IntRange(30, 200).Draw(t, "width"), rapid.IntRange(2, 60).Draw(t, "height")
				m.SetSize(width, height)
			case 5:
				m.ToggleMark()
			case 6:
				m.MarkRange()
			case 7:
				m.MarkAll()
			case 8:
				m.ClearMarks()
			}
			check(t, m, style, width, height)
		}
	})
}

func check(t *rapid.T, m *table.Model, style *kit.Look, width, height int) {
	if m.Len() > 0 && !slices.Contains(m.Visible(), m.Cursor()) {
		t.Fatalf("row %d under the cursor is not among the visible %v", m.Cursor(), m.Visible())
	}
	if m.Len() == 0 && m.Cursor() != catalog.NoRow {
		t.Fatalf("an empty table has a cursor on %d", m.Cursor())
	}
	if v := m.Visible(); m.Len() > 0 && v[0] != m.View()[0] && len(v) < min(m.Len(), height-1) {
		t.Fatalf("%d of %d rows are shown on %d lines, and the first is hidden", len(v), m.Len(), height-1)
	}
	lines := strings.Split(m.Draw(style), "\n")
	if len(lines) != height {
		t.Fatalf("%d lines are drawn, not %d", len(lines), height)
	}
	for _, l := range lines {
		if w := ansi.StringWidth(l); w != width {
			t.Fatalf("a line is %d wide, not %d: %q", w, width, l)
		}
	}
}

func TestTheRowUnderTheCursorKeepsItsLine(t *testing.T) {
	t.Parallel()
	m := table.New(numbers, columns())
	m.SetSize(80, 11)
	m.SetView(upTo(100), same)
	m.To(50)
	line := slices.Index(m.Visible(), 50)
	more := append([]table.Row{200, 201, 202}, upTo(100)...)
	m.Refresh(more, same)
	if m.Cursor() != 50 || slices.Index(m.Visible(), 50) != line {
		t.Errorf("row %d is under the cursor, on line %d, not %d", m.Cursor(), slices.Index(m.Visible(), 50), line)
	}
	m.Refresh(upTo(60)[48:], same) // the rows above go: the cursor stays on its line
	if got := strings.Split(ansi.Strip(m.Draw(look(t))), "\n")[1+line]; !strings.HasPrefix(got, "▌ r50") {
		t.Errorf("line %d is %q", line, got)
	}
	m.Refresh(upTo(51), same) // the rows below go: those above fill the screen
	if v := m.Visible(); v[0] != 41 || v[9] != 50 {
		t.Errorf("the rows %v are shown", v)
	}
	m.Refresh(upTo(51)[43:], same)
	if v := m.Visible(); v[0] != 43 {
		t.Errorf("all rows fit, and %v are shown", v)
	}
	m.Refresh(append(upTo(51)[43:], upTo(60)[51:]...), same)
	m.SetView(upTo(60)[48:], same)
	if got := strings.Split(ansi.Strip(m.Draw(look(t))), "\n")[1]; !strings.HasPrefix(got, "  r48") {
		t.Errorf("what the user asked for leaves empty lines: %q", got)
	}
	joined := func(r table.Row) table.Row {
		if r == 50 {
			return 7
		}
		return r
	}
	m.SetView(upTo(100)[:49], joined)
	if m.Cursor() != 7 {
		t.Errorf("the cursor is on %d, but its row joined 7", m.Cursor())
	}
}

// A row that comes back above the first line moves nothing, so the header says that
// there is more above.
func TestRowsAboveAreSaid(t *testing.T) {
	t.Parallel()
	m := table.New(numbers, columns())
	m.SetSize(80, 11)
	m.SetView(upTo(20)[1:], same)
	m.To(0)
	if got := ansi.Strip(m.Draw(look(t))); strings.Contains(got, "▴") {
		t.Errorf("nothing is above, but it says so:\n%s", got)
	}
	m.Refresh(upTo(20), same)
	if got := ansi.Strip(m.Draw(look(t))); !strings.HasPrefix(got, "▴ ") || strings.Contains(got, "r0 ") {
		t.Errorf("a row came above the first line:\n%s", got)
	}
}

func TestBeforeTheUserMovesTheCursorStaysOnTop(t *testing.T) {
	t.Parallel()
	m := table.New(numbers, columns())
	m.SetSize(80, 11)
	m.SetView([]table.Row{5, 6}, same)
	m.SetView([]table.Row{9, 5, 6}, same)
	if m.Cursor() != 9 {
		t.Errorf("the cursor is on %d", m.Cursor())
	}
	m.Touch()
	m.SetView([]table.Row{1, 9, 5}, same)
	if m.Cursor() != 9 {
		t.Errorf("the cursor left the row for %d", m.Cursor())
	}
}

func TestMarksFollowRowsThatJoin(t *testing.T) {
	t.Parallel()
	m := table.New(numbers, columns())
	m.SetSize(80, 11)
	m.SetView(upTo(5), same)
	m.ToggleMark()
	m.Move(2)
	m.ToggleMark()
	m.SetView([]table.Row{1, 3, 4}, func(r table.Row) table.Row {
		if r == 2 {
			return 3
		}
		return r
	})
	if got := m.Marked(); !slices.Equal(got, []table.Row{0, 3}) {
		t.Errorf("marked: %v", got) // row 0 is hidden by a filter and stays marked
	}
}

func TestColumnsGoByRankWhenSpaceIsShort(t *testing.T) {
	t.Parallel()
	m := table.New(numbers, columns())
	style := look(t)
	for width, want := range map[int]string{80: "NAME SIZE AGE MORE", 40: "NAME SIZE AGE", 25: "NAME SIZE"} {
		m.SetSize(width, 3)
		head := strings.Join(strings.Fields(ansi.Strip(strings.Split(m.Draw(style), "\n")[0])), " ")
		if head != want {
			t.Errorf("at %d: %q, want %q", width, head, want)
		}
	}
}

// The arrow of the order is there though the title fills its column, or does not even
// fit into it.
func TestTheOrderIsShownBesideAnyTitle(t *testing.T) {
	t.Parallel()
	full := says(column.Column[number]{
		Title: "RULE", Width: 4, Right: true, Sort: column.Sort[number]{Name: "rule"},
	}, 1)
	wide := says(column.Column[number]{Title: "USED BY", Width: 20, Flex: 1, Sort: column.Sort[number]{Name: "user"}}, 0)
	m := table.New(numbers, []column.Column[number]{wide, full})
	style := look(t)
	head := func() string { return ansi.Strip(strings.Split(m.Draw(style), "\n")[0]) }
	for sorted, want := range map[int]string{0: "USED BY↓", 1: "RULE↓"} {
		m.SetSorted(sorted, true)
		m.SetSize(40, 3)
		if got := head(); !strings.Contains(got, want) {
			t.Errorf("the head is %q, want %s", got, want)
		}
	}
	m.SetSorted(0, false)
	m.SetSize(13, 3)
	if got := head(); got != "  USE↑   RULE" {
		t.Errorf("with little room the head is %q", got)
	}
}

func TestClicks(t *testing.T) {
	t.Parallel()
	m := table.New(numbers, columns())
	m.SetSize(80, 5)
	m.SetView(upTo(3), same)
	if place, ok := m.PlaceAt(2); !ok || place != 1 {
		t.Errorf("line 2 is place %d %v", place, ok)
	}
	for _, y := range []int{0, 4, 9} {
		if _, ok := m.PlaceAt(y); ok {
			t.Errorf("line %d is a row", y)
		}
	}
	if m.ColumnAt(3) != 0 || m.ColumnAt(0) != -1 || m.ColumnAt(200) != -1 {
		t.Error("columns are not where they are drawn")
	}
}
