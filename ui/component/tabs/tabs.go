// Package tabs is the line that names the pages of a screen. It imports kit.
package tabs

import (
	"regatta/theme"
	"regatta/ui/kit"
)

// Line is the pages of a screen, each opened by its number.
type Line struct {
	Names []string
	At    int // the one that is shown
}

// Draw is the line in so many cells.
func (l Line) Draw(look *kit.Look, width int) string {
	gap := l.gap(width)
	spans := []kit.Span{{Text: gap}}
	for i, name := range l.Names {
		role := theme.Dim
		if i == l.At {
			role = theme.Chip
		}
		spans = append(spans, kit.Span{Role: role, Text: " " + string(rune('1'+i)) + " " + name + gap})
	}
	return look.Line(width, spans...)
}

// Hit is the page whose name is at a column.
func (l Line) Hit(x, width int) (page int, ok bool) {
	gap := len(l.gap(width))
	at := gap
	for i, name := range l.Names {
		w := len(name) + 3 + gap
		if x >= at && x < at+w {
			return i, true
		}
		at += w
	}
	return 0, false
}

// gap is between the names; it goes first where the line is too narrow.
func (l Line) gap(width int) string {
	needed := 1
	for _, name := range l.Names {
		needed += len(name) + 4
	}
	if needed > width {
		return ""
	}
	return " "
}
