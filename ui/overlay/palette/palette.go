// Package palette finds commands, screens and images by name. It imports kit,
// theme and the fuzzy matcher.
package palette

import (
	"strings"

	"charm.land/bubbles/v2/textinput"
	tea "charm.land/bubbletea/v2"
	"github.com/sahilm/fuzzy"

	"regatta/theme"
	"regatta/ui/kit"
)

type item struct {
	kit.Candidate

	key      string
	disabled string
}

// Overlay is the palette.
type Overlay struct {
	look   *kit.Look
	open   func(string) []kit.Candidate
	all    []item
	shown  []item
	cursor int
	input  textinput.Model
}

// New offers the bindings, and whatever open makes of the typed text.
func New(look *kit.Look, bindings []kit.Binding, open func(string) []kit.Candidate) *Overlay {
	in := textinput.New()
	in.Prompt = ""
	in.SetVirtualCursor(false)
	in.Focus()
	o := &Overlay{look: look, open: open, input: in}
	for _, b := range bindings {
		if b.ID == "palette" || b.Run == nil {
			continue
		}
		o.all = append(o.all, item{
			Candidate: kit.Candidate{
				Title: b.Desc, Detail: b.Group,
				Intent: func() kit.Intent { return kit.RunBinding{ID: b.ID} },
			},
			key: b.Key(), disabled: b.Reason(),
		})
	}
	o.refresh()
	return o
}

// refresh lists what fits the typed text: what can be opened by it first, then
// the commands, the best match first.
func (o *Overlay) refresh() {
	text := strings.TrimSpace(o.input.Value())
	o.shown, o.cursor = nil, 0
	if o.open != nil {
		for _, c := range o.open(text) {
			o.shown = append(o.shown, item{Candidate: c})
		}
	}
	if text == "" {
		o.shown = append(o.shown, o.all...)
		return
	}
	for _, m := range fuzzy.FindFrom(text, source(o.all)) {
		o.shown = append(o.shown, o.all[m.Index])
	}
}

type source []item

func (s source) String(i int) string { return s[i].Title }
func (s source) Len() int            { return len(s) }

// Update implements kit.Overlay.
func (o *Overlay) Update(msg tea.Msg) (kit.Intent, tea.Cmd) {
	if k, ok := msg.(tea.KeyPressMsg); ok {
		switch k.String() {
		case "esc":
			return kit.Pop{}, nil
		case "enter":
			return o.choose(), nil
		case "down", "ctrl+n", "tab":
			o.move(1)
			return nil, nil
		case "up", "ctrl+p", "shift+tab":
			o.move(-1)
			return nil, nil
		}
	}
	before := o.input.Value()
	in, cmd := o.input.Update(msg)
	o.input = in
	if o.input.Value() != before {
		o.refresh()
	}
	return nil, cmd
}

// Hint implements kit.Hinted.
func (*Overlay) Hint() string { return "enter runs it · ↑↓ choose · esc closes" }

func (o *Overlay) move(n int) { o.cursor = max(0, min(o.cursor+n, len(o.shown)-1)) }

func (o *Overlay) choose() kit.Intent {
	if o.cursor >= len(o.shown) {
		return nil
	}
	return kit.Pop{Then: o.shown[o.cursor].Intent()}
}

// View implements kit.Overlay.
func (o *Overlay) View(width, height int) (string, *tea.Cursor) {
	w := min(width-8, 84)
	inner := w - 4
	rows := min(height-8, 14)
	o.input.SetWidth(inner - 3)
	lines := []string{o.inputLine(inner), ""}
	from := max(0, min(o.cursor-rows/2, len(o.shown)-rows))
	for i := from; i < min(from+rows, len(o.shown)); i++ {
		lines = append(lines, o.line(i, inner))
	}
	for len(lines) < rows+2 {
		lines = append(lines, "")
	}
	if len(o.shown) == 0 {
		lines[2] = o.look.Render(theme.Dim, "nothing fits; HOST/REPOSITORY opens any registry")
	}
	cursor := o.input.Cursor()
	if cursor != nil {
		cursor.X += 2 + 2 // the border and the prompt
		cursor.Y = 1
	}
	return o.look.Box("commands", lines, w), cursor
}

func (o *Overlay) inputLine(inner int) string {
	return o.look.Line(inner, kit.Span{Role: theme.Key, Text: ": "},
		kit.Span{Role: theme.Text, Text: o.input.Value()})
}

func (o *Overlay) line(i, inner int) string {
	it := o.shown[i]
	const keyWidth = 10
	title, detail := kit.Fit(it.Title, inner-keyWidth-22), it.Detail
	if it.disabled != "" {
		detail = it.disabled
	}
	if i == o.cursor {
		line := "▌" + title + " " + kit.Fit(detail, 20) + kit.Fit(it.key, keyWidth)
		return o.look.Line(inner, kit.Span{Role: theme.Selected, Text: line})
	}
	role := theme.Text
	if it.disabled != "" {
		role = theme.Dim
	}
	return o.look.Line(inner, kit.Span{Role: role, Text: " " + title + " "},
		kit.Span{Role: theme.Dim, Text: kit.Fit(detail, 20)}, kit.Span{Role: theme.Key, Text: kit.Fit(it.key, keyWidth)})
}
