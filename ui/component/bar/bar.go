// Package bar draws quantities as block glyphs. It imports model/column; its callers
// choose the tone.
package bar

import (
	"strings"

	"regatta/model/column"
)

// Of is a bar of width cells of which fraction (0 to 1) is filled, to half a
// cell. What is not zero is always seen. It is a line and not a block: a column
// of bars must not outshine the text beside it.
func Of(width int, fraction float64) string {
	if width <= 0 {
		return ""
	}
	halves := int(min(max(fraction, 0), 1)*float64(width)*2 + 0.5)
	if fraction > 0 && halves == 0 {
		halves = 1
	}
	full := halves / 2
	s := strings.Repeat("━", full)
	if halves%2 == 1 {
		s += "╸"
		full++
	}
	return s + strings.Repeat(" ", width-full)
}

// Share is part/whole, 0 where whole is.
func Share(part, whole int64) float64 {
	if whole <= 0 || part <= 0 {
		return 0
	}
	return float64(part) / float64(whole)
}

// Column is a column of bars, each the share of something that of tells.
func Column[T any](c column.Column[T], of func(row *T) float64) column.Column[T] {
	c.Cell = func(row *T, width int) column.Cell {
		return column.Cell{Tone: column.Bar, Text: Of(width, of(row))}
	}
	return c
}
