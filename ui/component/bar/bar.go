// Package bar draws quantities as block glyphs. It imports the standard library
// only; its callers choose the role.
package bar

import "strings"

// Of is a bar of width cells of which fraction (0 to 1) is filled, to an eighth
// of a cell. What is not zero is always seen.
func Of(width int, fraction float64) string {
	if width <= 0 {
		return ""
	}
	eighths := int(min(max(fraction, 0), 1)*float64(width)*8 + 0.5)
	if fraction > 0 && eighths == 0 {
		eighths = 1
	}
	full, rest := eighths/8, eighths%8
	s := strings.Repeat("█", full)
	if rest > 0 {
		s += string([]rune("▏▎▍▌▋▊▉")[rest-1])
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

// Spark is one glyph a value, scaled to the largest.
func Spark(values []int) string {
	glyphs := []rune("▁▂▃▄▅▆▇█")
	top := 0
	for _, v := range values {
		top = max(top, v)
	}
	out := make([]rune, len(values))
	for i, v := range values {
		switch {
		case v <= 0 || top == 0:
			out[i] = ' '
		default:
			out[i] = glyphs[(v*len(glyphs)-1)/top]
		}
	}
	return string(out)
}
