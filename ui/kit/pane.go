package kit

import (
	"strings"

	"github.com/charmbracelet/x/ansi"

	"regatta/theme"
)

// PaneWidth is the width of a preview pane beside a list, its border included;
// 0 where there is no room for one.
func PaneWidth(width int, wanted bool) int {
	const least, most = 110, 58
	if !wanted || width < least {
		return 0
	}
	return min(width*2/5, most)
}

// NoRoomForPane is why a preview cannot be shown, empty if it can.
func NoRoomForPane(width int) string {
	if PaneWidth(width, true) == 0 {
		return "it needs 110 columns"
	}
	return ""
}

// Pane collects the lines of a preview.
type Pane struct {
	look  *Look
	width int
	lines []string
}

// NewPane returns an empty pane.
func NewPane(look *Look, width int) *Pane { return &Pane{look: look, width: width} }

// Spans adds a line.
func (p *Pane) Spans(spans ...Span) {
	p.lines = append(p.lines, p.look.Line(p.width, append([]Span{{Text: " "}}, spans...)...))
}

// Title adds a heading.
func (p *Pane) Title(s string) { p.Spans(Span{theme.Strong, s}) }

// Section adds a heading inside the pane.
func (p *Pane) Section(s string) {
	p.Gap()
	p.Spans(Span{theme.Header, s})
}

// Field adds a name and its value, wrapped. An empty value adds nothing.
func (p *Pane) Field(name, value string) {
	const indent = 12
	if value == "" {
		return
	}
	for i, piece := range wrap(value, p.width-indent-2) {
		if i > 0 {
			name = ""
		}
		p.Spans(Span{theme.Dim, Fit(name, indent)}, Span{theme.Text, piece})
	}
}

// Text adds text, wrapped.
func (p *Pane) Text(role theme.Role, s string) {
	if s == "" {
		return
	}
	for _, piece := range wrap(s, p.width-2) {
		p.Spans(Span{role, piece})
	}
}

// Gap adds an empty line.
func (p *Pane) Gap() { p.Spans() }

// Draw is the pane, cut to height lines.
func (p *Pane) Draw(height int) string {
	return Block(p.lines[:min(height, len(p.lines))], p.width, height)
}

func wrap(s string, width int) []string {
	if width < 1 {
		return nil
	}
	if !strings.ContainsAny(s, " ,") {
		return strings.Split(ansi.Hardwrap(s, width, false), "\n")
	}
	return strings.Split(ansi.Wrap(s, width, "/,"), "\n")
}
