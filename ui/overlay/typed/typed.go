// Package typed asks for a name to be typed before something that is hard to
// take back. It imports kit and theme.
package typed

import (
	"strings"

	"charm.land/bubbles/v2/textinput"
	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"regatta/theme"
	"regatta/ui/kit"
)

// Overlay asks for Want to be typed.
type Overlay struct {
	look    *kit.Look
	title   string
	reasons []string
	want    string
	then    func() (kit.Intent, tea.Cmd)
	input   textinput.Model
	wrong   bool
}

// New asks for want to be typed, says why, and runs then when it was.
func New(look *kit.Look, title, want string, reasons []string, then func() (kit.Intent, tea.Cmd)) *Overlay {
	in := textinput.New()
	in.Prompt = ""
	in.SetVirtualCursor(false)
	in.Focus()
	return &Overlay{look: look, title: title, reasons: reasons, want: want, then: then, input: in}
}

// Update implements kit.Overlay. A paste is refused: a name that is on the
// clipboard was not read.
func (o *Overlay) Update(msg tea.Msg) (kit.Intent, tea.Cmd) {
	if _, ok := msg.(tea.PasteMsg); ok {
		return nil, nil
	}
	if k, ok := msg.(tea.KeyPressMsg); ok {
		switch k.String() {
		case "esc":
			return kit.Pop{}, nil
		case "ctrl+v":
			return nil, nil
		case "enter":
			return o.confirm()
		}
		o.wrong = false
	}
	in, cmd := o.input.Update(msg)
	o.input = in
	return nil, cmd
}

func (o *Overlay) confirm() (kit.Intent, tea.Cmd) {
	if strings.TrimSpace(o.input.Value()) != o.want {
		o.wrong = true
		return nil, nil
	}
	intent, cmd := o.then()
	return kit.Pop{Then: intent}, cmd
}

// View implements kit.Overlay.
func (o *Overlay) View(width, _ int) (string, *tea.Cursor) {
	const most = 76
	w := min(width-4, most)
	inner := w - 4
	var lines []string
	for _, r := range o.reasons {
		for i, piece := range strings.Split(ansi.Wrap(r, inner-2, "/"), "\n") {
			mark := "! "
			if i > 0 {
				mark = "  "
			}
			lines = append(lines, o.look.Line(inner, kit.Span{Role: theme.Warn, Text: mark}, kit.Span{Text: piece}))
		}
	}
	lines = append(lines, "", o.look.Line(inner, kit.Span{Text: "Type "}, kit.Span{Role: theme.Strong, Text: o.want},
		kit.Span{Text: " to go on, esc to go back."}))
	o.input.SetWidth(inner - 3)
	lines = append(lines, o.look.Line(inner, kit.Span{Role: theme.Key, Text: "> "},
		kit.Span{Role: theme.Input, Text: o.input.Value()}))
	hint := ""
	if o.wrong {
		hint = "that is not " + o.want
	}
	lines = append(lines, o.look.Line(inner, kit.Span{Role: theme.Danger, Text: hint}))
	cursor := o.input.Cursor()
	if cursor != nil {
		cursor.X += 2 + 2 // the border and the prompt
		cursor.Y = len(lines) - 1
	}
	return o.look.Box(o.title, lines, w), cursor
}
