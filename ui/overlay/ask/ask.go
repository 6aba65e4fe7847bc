// Package ask takes a line of text. It imports kit and theme.
package ask

import (
	"strings"

	"charm.land/bubbles/v2/textinput"
	tea "charm.land/bubbletea/v2"

	"regatta/theme"
	"regatta/ui/kit"
)

// Overlay asks for a line.
type Overlay struct {
	look  *kit.Look
	title string
	hint  string
	check func(string) error
	then  func(string) kit.Intent
	input textinput.Model
	err   error

	run    func(string) tea.Cmd // what the line starts; nil: nothing, but then says what it leads to
	live   func(string) tea.Cmd // nil: nobody follows along
	before string
	told   string // what live was called with last
}

// New asks for a line that check accepts, and does what then makes of it.
func New(look *kit.Look, title, hint string, check func(string) error, then func(string) kit.Intent) *Overlay {
	in := textinput.New()
	in.Prompt = ""
	in.SetVirtualCursor(false)
	in.Focus()
	return &Overlay{look: look, title: title, hint: hint, check: check, then: then, input: in}
}

// Begin writes what the line begins with.
func (o *Overlay) Begin(line string) *Overlay {
	o.input.SetValue(line)
	o.input.CursorEnd()
	return o
}

// Running asks for a line that check accepts, and starts what run makes of it.
func Running(look *kit.Look, title, hint string, check func(string) error, run func(string) tea.Cmd) *Overlay {
	o := New(look, title, hint, check, nil)
	o.run = run
	return o
}

// Update implements kit.Overlay.
func (o *Overlay) Update(msg tea.Msg) (kit.Intent, tea.Cmd) {
	if k, ok := msg.(tea.KeyPressMsg); ok {
		switch k.String() {
		case "esc":
			return kit.Pop{}, o.tell(o.before)
		case "enter":
			text := strings.TrimSpace(o.input.Value())
			if o.err = o.check(text); o.err != nil {
				return nil, nil
			}
			if o.run != nil {
				return kit.Pop{}, o.run(text)
			}
			return kit.Pop{Then: o.then(text)}, o.tell(text)
		}
		o.err = nil
	}
	in, cmd := o.input.Update(msg)
	o.input = in
	if told := o.tell(in.Value()); told != nil {
		return nil, tea.Batch(cmd, told)
	}
	return nil, cmd
}

// View implements kit.Overlay.
func (o *Overlay) View(width, _ int) (string, *tea.Cursor) {
	const most = 76
	w := min(width-4, most)
	inner := w - 4
	o.input.SetWidth(inner - 3)
	last := kit.Span{Role: theme.Dim, Text: o.hint}
	if o.err != nil {
		last = kit.Span{Role: theme.Danger, Text: o.err.Error()}
	}
	lines := []string{
		o.look.Line(inner, kit.Span{Role: theme.Key, Text: "> "}, kit.Span{Text: o.input.Value()}),
		o.look.Line(inner), o.look.Line(inner, last),
	}
	cursor := o.input.Cursor()
	if cursor != nil {
		cursor.X += 2 + 2 // the border and the prompt
		cursor.Y = 1
	}
	return o.look.Box(o.title, lines, w), cursor
}
