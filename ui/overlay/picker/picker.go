// Package picker has one of a few things chosen. It imports kit and theme.
package picker

import (
	"strings"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"regatta/theme"
	"regatta/ui/kit"
)

// Overlay is the choice.
type Overlay struct {
	look  *kit.Look
	title string
	names []string
	then  func(i int) tea.Cmd
	at    int

	details []string // a few lines on each name; nil for none
}

// New offers names; then gets the place of the one that is chosen.
func New(look *kit.Look, title string, names []string, then func(i int) tea.Cmd) *Overlay {
	return &Overlay{look: look, title: title, names: names, then: then}
}

// NewDetailed is New with some words on each name, shown for the one that is
// pointed at.
func NewDetailed(look *kit.Look, title string, names, details []string, then func(i int) tea.Cmd) *Overlay {
	return &Overlay{look: look, title: title, names: names, details: details, then: then}
}

// Hint implements kit.Hinted.
func (*Overlay) Hint() string { return "enter chooses, esc closes" }

// Update implements kit.Overlay.
func (o *Overlay) Update(msg tea.Msg) (kit.Intent, tea.Cmd) {
	k, ok := msg.(tea.KeyPressMsg)
	if !ok {
		return nil, nil
	}
	switch k.String() {
	case "esc", "q", "h", "left":
		return kit.Pop{}, nil
	}
	if len(o.names) == 0 {
		return nil, nil
	}
	switch k.String() {
	case "j", "down", "tab":
		o.at = (o.at + 1) % len(o.names)
	case "k", "up", "shift+tab":
		o.at = (o.at + len(o.names) - 1) % len(o.names)
	case "enter", "l", "right":
		return kit.Pop{}, o.then(o.at)
	}
	return nil, nil
}

// View implements kit.Overlay.
func (o *Overlay) View(width, _ int) (string, *tea.Cursor) {
	const most = 60
	w := min(width-4, most)
	lines := make([]string, len(o.names))
	for i, name := range o.names {
		mark, role := "  ", theme.Text
		if i == o.at {
			mark, role = "▌ ", theme.Strong
		}
		lines[i] = o.look.Line(w-4, kit.Span{Role: theme.Accent, Text: mark}, kit.Span{Role: role, Text: name})
	}
	return o.look.Box(o.title, append(lines, o.detail(w-4)...), w), nil
}

// detailLines is the room for words on a name.
const detailLines = 4

// detail are the words on the name that is pointed at, in as many lines for each.
func (o *Overlay) detail(width int) []string {
	if o.details == nil {
		return nil
	}
	out := []string{o.look.Line(width)}
	words := strings.Split(ansi.Wordwrap(o.details[o.at], width, ""), "\n")
	for i := range detailLines {
		line := ""
		if i < len(words) {
			line = words[i]
		}
		out = append(out, o.look.Line(width, kit.Span{Role: theme.Dim, Text: line}))
	}
	return out
}
