// Package help shows the keys that work here, and the errors of the session.
// It imports kit, theme and the text view.
package help

import (
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"regatta/model/text"
	"regatta/theme"
	"regatta/ui/component/textview"
	"regatta/ui/kit"
)

// Overlay is a titled page of text that scrolls.
type Overlay struct {
	look  *kit.Look
	title string
	hint  string
	view  textview.Model
	lines int
}

// New shows bindings by group.
func New(look *kit.Look, bindings []kit.Binding) *Overlay {
	return newOverlay(look, "keys", "esc close · : runs any of these by name", keyLines(bindings))
}

// NewErrors shows the errors, the newest first.
func NewErrors(look *kit.Look, errs []kit.Failed) *Overlay {
	var lines []textview.Line
	for _, e := range slices.Backward(errs) {
		lines = append(lines, textview.Line{
			{Role: theme.Dim, Text: text.Stamp(e.At) + " UTC  "}, {Role: theme.Danger, Text: text.Clean(e.Err.Error())},
		})
		if advice := kit.Advice(e.Err); advice != "" {
			lines = append(lines, textview.Line{{Role: theme.Dim, Text: "    → "}, {Role: theme.Text, Text: advice}})
		}
		lines = append(lines, textview.Line{})
	}
	return newOverlay(look, "errors of this session", "esc close", lines)
}

func newOverlay(look *kit.Look, title, hint string, lines []textview.Line) *Overlay {
	o := &Overlay{look: look, title: title, hint: hint, lines: len(lines)}
	o.view.SetLines(lines)
	return o
}

func keyLines(bindings []kit.Binding) []textview.Line {
	var groups []string
	byGroup := map[string][]kit.Binding{}
	for _, b := range bindings {
		if len(b.Keys) == 0 {
			continue
		}
		if _, ok := byGroup[b.Group]; !ok {
			groups = append(groups, b.Group)
		}
		byGroup[b.Group] = append(byGroup[b.Group], b)
	}
	var lines []textview.Line
	for _, g := range groups {
		lines = append(lines, textview.Line{{Role: theme.Accent, Text: g}})
		for _, b := range byGroup[g] {
			lines = append(lines, keyLine(b))
		}
		lines = append(lines, textview.Line{})
	}
	return lines[:max(0, len(lines)-1)]
}

func keyLine(b kit.Binding) textview.Line {
	names := make([]string, len(b.Keys))
	for i, k := range b.Keys {
		names[i] = kit.KeyName(k)
	}
	line := textview.Line{
		{Role: theme.Key, Text: "  " + kit.Fit(strings.Join(names, " "), 16)}, {Role: theme.Text, Text: b.Desc},
	}
	if reason := b.Reason(); reason != "" {
		line = append(line, kit.Span{Role: theme.Dim, Text: " (not now: " + reason + ")"})
	}
	return line
}

// Update implements kit.Overlay.
func (o *Overlay) Update(msg tea.Msg) (kit.Intent, tea.Cmd) {
	switch msg := msg.(type) {
	case tea.MouseWheelMsg:
		o.view.Scroll(map[bool]int{true: -3, false: 3}[msg.Button == tea.MouseWheelUp])
	case tea.KeyPressMsg:
		switch msg.String() {
		case "esc", "q", "?", "!", "enter", "h", "left":
			return kit.Pop{}, nil
		case "j", "down":
			o.view.Scroll(1)
		case "k", "up":
			o.view.Scroll(-1)
		case "pgdown", "space", "ctrl+f":
			o.view.Page(1)
		case "pgup", "ctrl+b":
			o.view.Page(-1)
		case "g", "home":
			o.view.Home()
		case "G", "end":
			o.view.End()
		}
	}
	return nil, nil
}

// View implements kit.Overlay.
func (o *Overlay) View(width, height int) (string, *tea.Cursor) {
	w := min(width-4, 110)
	const frame = 4 // the border, a blank line and the hint
	o.view.SetSize(w-4, min(height-2-frame, max(o.lines, 1)))
	o.view.SetSize(w-4, min(height-2-frame, max(o.view.Len(), 1)))
	lines := strings.Split(o.view.View(o.look), "\n")
	hint := o.hint
	if first, last, total := o.view.Position(); last-first+1 < total {
		hint += " · " + text.Count(last) + " of " + text.Count(total) + " lines"
	}
	lines = append(lines, "", o.look.Render(theme.Dim, hint))
	return o.look.Box(o.title, lines, w), nil
}
