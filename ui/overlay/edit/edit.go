// Package edit takes a text of several lines. It imports kit.
package edit

import (
	"strings"

	"charm.land/bubbles/v2/textarea"
	tea "charm.land/bubbletea/v2"

	"regatta/ui/kit"
)

// Owner hears of every change of the text while the overlay is open, and says
// below it what it thinks.
type Owner interface {
	Edited(text string) tea.Cmd
	Remarks() []kit.Span // a line each
}

// Overlay is a text under edit. It keeps what is typed: esc only closes it.
type Overlay struct {
	look  *kit.Look
	title string
	owner Owner
	input textarea.Model
}

const (
	mostRemarks = 4
	mostLines   = 999
)

// New edits text, with the cursor at the line, from 0.
func New(look *kit.Look, title, text string, line int, owner Owner) *Overlay {
	in := textarea.New()
	in.Prompt, in.ShowLineNumbers, in.CharLimit, in.MaxHeight = "", true, 0, mostLines
	in.SetVirtualCursor(false)
	in.SetStyles(textarea.Styles{}) // its own have colours that no theme knows
	in.SetWidth(20)                 // View sets the width that it really has
	in.SetHeight(1)
	in.SetValue(text)
	in.Focus()
	in.MoveToBegin()
	for range line {
		in.CursorDown()
	}
	return &Overlay{look: look, title: title, owner: owner, input: in}
}

// Hint implements kit.Hinted.
func (*Overlay) Hint() string { return "esc keeps the text and closes" }

// Place implements kit.Placed: below the screen's totals, which go on telling
// what the text would do.
func (*Overlay) Place(int, int) (x, y int) { return 0, 3 }

// Update implements kit.Overlay.
func (o *Overlay) Update(msg tea.Msg) (kit.Intent, tea.Cmd) {
	if k, ok := msg.(tea.KeyPressMsg); ok && k.String() == "esc" {
		return kit.Pop{}, nil
	}
	before := o.input.Value()
	in, cmd := o.input.Update(msg)
	o.input = in
	if now := o.input.Value(); now != before {
		return nil, tea.Batch(cmd, o.owner.Edited(now))
	}
	return nil, cmd
}

// View implements kit.Overlay.
func (o *Overlay) View(width, height int) (string, *tea.Cursor) {
	const border, above, footer = 2, 3, 2
	w := min(width, 100)
	remarks := o.owner.Remarks()
	remarks = remarks[:min(len(remarks), mostRemarks)]
	o.input.SetWidth(w - border - 2)
	o.input.SetHeight(max(3, height-above-border-footer-len(remarks)))
	lines := strings.Split(o.input.View(), "\n")
	for _, r := range remarks {
		lines = append(lines, o.look.Line(w-border-2, r))
	}
	cursor := o.input.Cursor()
	if cursor != nil {
		cursor.X += 2
		cursor.Y++
	}
	return o.look.Box(o.title, lines, w), cursor
}
