// Package filter is the line in which a filter is typed; what it does shows at
// once. It imports kit, theme and model/query's error.
package filter

import (
	"strings"

	"charm.land/bubbles/v2/textinput"
	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"regatta/model/query"
	"regatta/theme"
	"regatta/ui/kit"
)

// Target is what is being filtered.
type Target interface {
	// SetFilter applies the text; the error is of type *query.Error.
	SetFilter(text string) (tea.Cmd, *query.Error)
	// Count is "12 / 3,431".
	Count() string
}

// Overlay is the filter line.
type Overlay struct {
	look   *kit.Look
	target Target
	input  textinput.Model
	hint   string
	before string // the filter in force when the line was opened
	err    *query.Error
}

// New opens the line with the filter that is in force.
func New(look *kit.Look, target Target, text, hint string) *Overlay {
	in := textinput.New()
	in.Prompt = ""
	in.SetVirtualCursor(false)
	in.SetValue(text)
	in.CursorEnd()
	in.Focus()
	return &Overlay{look: look, target: target, input: in, hint: hint, before: text}
}

// Update implements kit.Overlay.
func (o *Overlay) Update(msg tea.Msg) (kit.Intent, tea.Cmd) {
	if k, ok := msg.(tea.KeyPressMsg); ok {
		switch k.String() {
		case "enter":
			if o.err == nil {
				return kit.Pop{}, nil
			}
			return nil, nil
		case "esc":
			cmd, _ := o.target.SetFilter("")
			return kit.Pop{}, cmd
		}
	}
	before := o.input.Value()
	in, cmd := o.input.Update(msg)
	o.input = in
	if o.input.Value() == before {
		return nil, cmd
	}
	apply, err := o.target.SetFilter(o.input.Value())
	if o.err = err; err != nil {
		// Half of a filter is another filter: what it would show says nothing.
		apply, _ = o.target.SetFilter(o.before)
	}
	return nil, tea.Batch(cmd, apply)
}

// Hint implements kit.Hinted.
func (*Overlay) Hint() string { return "enter keeps the filter · esc clears it" }

// Place implements kit.Placed: the line stands above the footer.
func (o *Overlay) Place(_, height int) (x, y int) {
	if o.err != nil {
		return 0, height - 3
	}
	return 0, height - 2
}

// View implements kit.Overlay.
func (o *Overlay) View(width, _ int) (string, *tea.Cursor) {
	const prompt = " / "
	right := o.target.Count() + " "
	if o.err != nil {
		right = " "
	}
	room := max(10, width-ansi.StringWidth(prompt)-ansi.StringWidth(right)-1)
	o.input.SetWidth(room)
	value := ansi.Strip(o.input.View())
	tail := ""
	if o.input.Value() == "" {
		value, tail = "", o.hint
	}
	line := o.look.Line(width-ansi.StringWidth(right), kit.Span{Role: theme.Key, Text: prompt},
		kit.Span{Role: theme.Text, Text: strings.TrimRight(value, " ")}, kit.Span{Role: theme.Dim, Text: tail}) +
		o.look.Render(theme.Dim, right)
	cursor := o.input.Cursor()
	if cursor != nil {
		cursor.X += ansi.StringWidth(prompt)
		cursor.Y = 0
	}
	if o.err == nil {
		return line, cursor
	}
	if cursor != nil {
		cursor.Y = 1
	}
	return o.errorLine(width, ansi.StringWidth(prompt)) + "\n" + line, cursor
}

// errorLine marks the place of the error above the input.
func (o *Overlay) errorLine(width, indent int) string {
	text := o.input.Value()
	from := ansi.StringWidth(text[:min(o.err.Span.From, len(text))])
	to := ansi.StringWidth(text[:min(o.err.Span.To, len(text))])
	marker := strings.Repeat(" ", indent+from) + strings.Repeat("▾", max(1, to-from))
	return o.look.Line(width, kit.Span{Role: theme.Danger, Text: marker + " " + o.err.Message})
}
