package table

// gutter is the width of what stands before each row: the cursor and the mark.
const gutter = 2

// gap is the space between columns.
const gap = 2

// Column is a column of a table.
type Column struct {
	Title string
	Name  string // its title where the table is saved; empty leaves it out
	Width int    // cells that it needs
	Flex  int    // its part of the space that is left
	Right bool   // numbers are aligned on the right
	Rank  int    // when space is short, the highest rank goes first; 0 always stays
}

// layout gives each column a width. Columns go by rank until the rest fits.
func (m *Model) layout() {
	m.widths = make([]int, len(m.columns))
	gone := map[int]bool{}
	for m.needed(gone) > m.width {
		worst := -1
		for i, c := range m.columns {
			if !gone[i] && c.Rank > 0 && (worst < 0 || c.Rank >= m.columns[worst].Rank) {
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
			m.widths[i] = c.Width
			flex += c.Flex
		}
	}
	m.stretch(left, flex)
}

func (m *Model) stretch(left, flex int) {
	for i, c := range m.columns {
		if m.widths[i] == 0 || c.Flex == 0 {
			continue
		}
		share := left * c.Flex / flex
		if left < 0 {
			share = max(left, 1-m.widths[i])
		}
		m.widths[i] += share
		left -= share
		flex -= c.Flex
	}
}

func (m *Model) needed(gone map[int]bool) int {
	n := gutter
	for i, c := range m.columns {
		if !gone[i] {
			n += c.Width + gap
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
