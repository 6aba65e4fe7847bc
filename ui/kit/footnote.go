package kit

import (
	"strings"

	"github.com/charmbracelet/x/ansi"

	"regatta/theme"
)

// Footnote is a rule and below it, on as many lines as there are, texts in full
// of which a table above has no room for more than the beginning.
func (l *Look) Footnote(width, height int, texts ...Span) string {
	lines := []string{l.Render(theme.Border, strings.Repeat("─", width))}
	for _, t := range texts {
		for piece := range strings.SplitSeq(ansi.Wrap(t.Text, max(10, width-2), "/"), "\n") {
			lines = append(lines, l.Line(width, Span{Role: t.Role, Text: " " + piece}))
		}
	}
	return Block(lines, width, height)
}
