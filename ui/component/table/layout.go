package table

// gutter is the width of what stands before each row: the cursor and the mark.
const gutter = 2

// gap is the space between columns.
const gap = 2

// arrowWidth is the width of the arrow beside the title that rows are sorted by.
const arrowWidth = 1

// place is where a column stands. One without a width is not drawn.
type place struct {
	title             string
	width, flex, rank int
	right             bool
}

// layout gives each column a width. Columns go by rank until the rest fits.
func (m *Model) layout() {
	m.widths = make([]int, len(m.columns))
	gone := map[int]bool{}
	for m.needed(gone) > m.width {
		worst := -1
		for i, c := range m.columns {
			if !gone[i] && c.rank > 0 && (worst < 0 || c.rank >= m.columns[worst].rank) {
				worst = i
			}
		}
		if worst < 0 {
			break
		}
		gone[worst] = true
	}
	left := m.width - m.needed(gone)
	flex := 0
	for i, c := range m.columns {
		if !gone[i] {
			m.widths[i] = c.width
			flex += c.flex
		}
	}
	m.stretch(left, flex)
}

func (m *Model) stretch(left, flex int) {
	for i, c := range m.columns {
		if m.widths[i] == 0 || c.flex == 0 {
			continue
		}
		share := left * c.flex / flex
		if left < 0 {
			share = max(left, 1-m.widths[i])
		}
		m.widths[i] += share
		left -= share
		flex -= c.flex
	}
}

func (m *Model) needed(gone map[int]bool) int {
	n := gutter
	for i, c := range m.columns {
		if !gone[i] && c.width > 0 {
			n += c.width + gap
		}
	}
	return n - gap
}

// ColumnAt is the column at cell x, -1 if there is none.
func (m *Model) ColumnAt(x int) int {
	at := gutter
	for i, w := range m.widths {
		if w == 0 {
			continue
		}
		if x >= at && x < at+w+gap {
			return i
		}
		at += w + gap
	}
	return -1
}

// PlaceAt is the place in the view that is drawn on line y, the header being
// line 0. ok is false where no row is.
func (m *Model) PlaceAt(y int) (place int, ok bool) {
	place = m.top + y - 1 - m.lead
	return place, y >= 1+m.lead && y <= m.rows() && place < len(m.view)
}
