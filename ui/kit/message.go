package kit

import (
	"strings"

	"github.com/charmbracelet/x/ansi"

	"regatta/model/catalog"
	"regatta/theme"
)

// Message draws short paragraphs in the middle of an empty page.
func (l *Look) Message(width, height int, paragraphs ...Span) string {
	const most = 90
	lines := make([]string, 0, height)
	for _, p := range paragraphs {
		if p.Text == "" {
			continue
		}
		for _, piece := range wrap(p.Text, min(width-4, most)) {
			left := max(0, (width-ansi.StringWidth(piece))/2)
			lines = append(lines, l.Line(width, Span{Text: strings.Repeat(" ", left)}, Span{p.Role, piece}))
		}
		lines = append(lines, strings.Repeat(" ", width))
	}
	above := max(0, (height-len(lines))/3)
	blank := make([]string, above)
	for i := range blank {
		blank[i] = strings.Repeat(" ", width)
	}
	return Block(append(blank, lines...), width, height)
}

// ContextBadges are the host and the state of a context, for the header. The
// context's name is in the breadcrumbs already.
func ContextBadges(c catalog.Context) []Span {
	var out []Span
	if c.Host != "" && c.Host != c.Name {
		out = append(out, Span{theme.Dim, c.Host})
	}
	if c.Color != "" && c.Color != "none" {
		out = append(out, Span{Text: " "}, Span{theme.ContextRole(c.Color), " " + c.Name + " "})
	}
	if c.ReadOnly {
		out = append(out, Span{Text: " "}, Span{theme.Chip, " read-only "})
	}
	return out
}
