// Package textview scrolls through lines of text, wrapped to its width. It
// imports kit.
package textview

import (
	"strings"

	"regatta/ui/kit"
)

// Line is a line of text in roles.
type Line []kit.Span

// Model is a window onto lines.
type Model struct {
	source        []Line
	lines         []Line // the source, wrapped
	top           int
	width, height int
}

// SetLines replaces the text; the position stays where it can.
func (m *Model) SetLines(lines []Line) {
	m.source = lines
	m.wrap()
}

// SetSize sets the size in cells.
func (m *Model) SetSize(width, height int) {
	rewrap := width != m.width
	m.width, m.height = width, height
	if rewrap {
		m.wrap()
	}
	m.Scroll(0)
}

// Scroll moves the window by n lines.
func (m *Model) Scroll(n int) { m.top = max(0, min(m.top+n, len(m.lines)-m.height)) }

// Page moves the window by n pages.
func (m *Model) Page(n int) { m.Scroll(n * max(1, m.height-1)) }

// Home goes to the first line.
func (m *Model) Home() { m.top = 0 }

// End goes to the last line.
func (m *Model) End() { m.Scroll(len(m.lines)) }

// Find moves to the next line from the one after the first visible that
// contains s, whatever the case, and reports whether there is one. step is 1 to
// look forward and -1 to look back.
func (m *Model) Find(s string, step int) bool {
	s = strings.ToLower(s)
	n := len(m.lines)
	for i, at := 0, m.top; i < n; i++ {
		at = ((at+step)%n + n) % n
		if strings.Contains(strings.ToLower(plain(m.lines[at])), s) {
			m.top = at
			m.Scroll(0)
			return true
		}
	}
	return false
}

// Len is the number of lines after wrapping.
func (m *Model) Len() int { return len(m.lines) }

// Position says which part is visible, empty if all is.
func (m *Model) Position() (first, last, total int) {
	return m.top + 1, min(m.top+m.height, len(m.lines)), len(m.lines)
}

// View draws the visible lines, exactly as large as SetSize said.
func (m *Model) View(look *kit.Look) string {
	out := make([]string, 0, m.height)
	for _, l := range m.lines[min(m.top, len(m.lines)):min(m.top+m.height, len(m.lines))] {
		out = append(out, look.Line(m.width, l...))
	}
	return kit.Block(out, m.width, m.height)
}

func plain(l Line) string {
	var b strings.Builder
	for _, s := range l {
		b.WriteString(s.Text)
	}
	return b.String()
}

func (m *Model) wrap() {
	m.lines = make([]Line, 0, len(m.source))
	for _, l := range m.source {
		m.lines = append(m.lines, wrapLine(l, m.width)...)
	}
	m.Scroll(0)
}
