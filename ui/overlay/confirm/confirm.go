// Package confirm asks a yes-or-no question. The answer no has the focus first.
// It imports kit.
package confirm

import (
	"strings"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"regatta/ui/kit"
)

// Overlay is the question.
type Overlay struct {
	look     *kit.Look
	title    string
	question string
	no, yes  string
	then     kit.Intent
	onYes    bool
}

// New asks question; yes leads to then.
func New(look *kit.Look, title, question, no, yes string, then kit.Intent) *Overlay {
	return &Overlay{look: look, title: title, question: question, no: no, yes: yes, then: then}
}

// Update implements kit.Overlay.
func (o *Overlay) Update(msg tea.Msg) (kit.Intent, tea.Cmd) {
	k, ok := msg.(tea.KeyPressMsg)
	if !ok {
		return nil, nil
	}
	switch k.String() {
	case "esc", "n", "q":
		return kit.Pop{}, nil
	case "tab", "shift+tab", "left", "right", "h", "l":
		o.onYes = !o.onYes
	case "enter":
		if o.onYes {
			return kit.Pop{Then: o.then}, nil
		}
		return kit.Pop{}, nil
	}
	return nil, nil
}

// View implements kit.Overlay.
func (o *Overlay) View(width, _ int) (string, *tea.Cursor) {
	const most = 70
	w := min(width-4, most)
	inner := w - 4
	lines := strings.Split(ansi.Wrap(o.question, inner, ""), "\n")
	lines = append(lines, "", o.look.Line(inner, o.look.Button(o.no, !o.onYes), kit.Span{Text: "   "},
		o.look.Button(o.yes, o.onYes)))
	return o.look.Box(o.title, lines, w), nil
}
