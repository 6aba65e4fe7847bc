package table

import "slices"

// ToggleMark marks or unmarks the row under the cursor.
func (m *Model) ToggleMark() {
	if m.Len() == 0 {
		return
	}
	m.touched = true
	if m.marks[m.cursor] {
		delete(m.marks, m.cursor)
	} else {
		m.marks[m.cursor] = true
	}
}

// MarkRange begins a range at the cursor; called again, it marks all rows from
// there to the cursor. It reports whether a range is open now.
func (m *Model) MarkRange() bool {
	if m.Len() == 0 {
		return false
	}
	m.touched = true
	if m.anchor < 0 {
		m.anchor = m.at
		return true
	}
	for _, r := range m.view[min(m.anchor, m.at) : max(m.anchor, m.at)+1] {
		m.marks[r] = true
	}
	m.anchor = -1
	return false
}

// MarkAll marks all rows of the view.
func (m *Model) MarkAll() {
	for _, r := range m.view {
		m.marks[r] = true
	}
}

// ClearMarks unmarks all rows and ends a range. It reports whether there was
// anything to clear.
func (m *Model) ClearMarks() bool {
	had := len(m.marks) > 0 || m.anchor >= 0
	clear(m.marks)
	m.anchor = -1
	return had
}

// Marked are the marked rows, in no particular order. Marks outlive a filter:
// rows that it hides stay marked.
func (m *Model) Marked() []Row {
	out := make([]Row, 0, len(m.marks))
	for r := range m.marks {
		out = append(out, r)
	}
	slices.Sort(out)
	return out
}

// Marks is the number of marked rows.
func (m *Model) Marks() int { return len(m.marks) }

func (m *Model) isMarked(place int, r Row) bool {
	if m.anchor >= 0 && place >= min(m.anchor, m.at) && place <= max(m.anchor, m.at) {
		return true
	}
	return m.marks[r]
}

// Mark marks a row.
func (m *Model) Mark(r Row) { m.marks[r] = true }
