package kit

import (
	"strings"

	"github.com/charmbracelet/x/ansi"

	"regatta/theme"
)

// Span is text in one role.
type Span struct {
	Role theme.Role
	Text string
}

// Fit cuts or pads plain text to exactly width cells.
func Fit(s string, width int) string {
	if width <= 0 {
		return ""
	}
	w := ansi.StringWidth(s)
	if w > width {
		s = ansi.Truncate(s, width, "…")
		w = ansi.StringWidth(s)
	}
	return s + strings.Repeat(" ", max(0, width-w))
}

// FitRight is Fit with the padding on the left.
func FitRight(s string, width int) string {
	w := ansi.StringWidth(s)
	if w >= width {
		return Fit(s, width)
	}
	return strings.Repeat(" ", width-w) + s
}

// Line draws spans on one line of exactly width cells, cut at its end. Equal
// neighbours are drawn together.
func (l *Look) Line(width int, spans ...Span) string {
	var b strings.Builder
	left := width
	for i := 0; i < len(spans) && left > 0; {
		role, text := spans[i].Role, ""
		var textSb46 strings.Builder
		for ; i < len(spans) && spans[i].Role == role; i++ {
			textSb46.WriteString(spans[i].Text)
		}
		text += textSb46.String()
		w := ansi.StringWidth(text)
		if w > left {
			text = ansi.Truncate(text, left, "…")
			w = ansi.StringWidth(text)
		}
		left -= w
		b.WriteString(l.Render(role, text))
	}
	if left > 0 {
		b.WriteString(strings.Repeat(" ", left))
	}
	return b.String()
}

// Button is a button's label; the one with the focus is marked by more than its
// colour.
func (*Look) Button(label string, focus bool) Span {
	if focus {
		return Span{Role: theme.Selected, Text: "▌" + label + " "}
	}
	return Span{Role: theme.Text, Text: " " + label + " "}
}

// Block makes lines exactly height lines of width cells.
func Block(lines []string, width, height int) string {
	out := make([]string, height)
	blank := strings.Repeat(" ", max(0, width))
	for i := range out {
		if i < len(lines) {
			out[i] = lines[i]
		} else {
			out[i] = blank
		}
	}
	return strings.Join(out, "\n")
}

// Beside joins two blocks of the same height with a line between them.
func (l *Look) Beside(left, right string) string {
	a, b := strings.Split(left, "\n"), strings.Split(right, "\n")
	bar := l.Render(theme.Border, "│")
	out := make([]string, len(a))
	for i := range a {
		out[i] = a[i] + bar
		if i < len(b) {
			out[i] += b[i]
		}
	}
	return strings.Join(out, "\n")
}

// Box draws lines in a border with a title. Width is the whole box's, in cells.
func (l *Look) Box(title string, lines []string, width int) string {
	inner := width - 4
	edge := func(s string) string { return l.Render(theme.Border, s) }
	head := " " + ansi.Truncate(title, max(0, inner-2), "…") + " "
	out := make([]string, 0, len(lines)+2)
	out = append(out, edge("╭─")+l.Render(theme.Accent, head)+
		edge(strings.Repeat("─", max(0, inner+1-ansi.StringWidth(head)))+"╮"))
	for _, line := range lines {
		if w := ansi.StringWidth(line); w > inner {
			line = ansi.Truncate(line, inner, "…")
		} else {
			line += strings.Repeat(" ", inner-w)
		}
		out = append(out, edge("│")+" "+line+" "+edge("│"))
	}
	out = append(out, edge("╰"+strings.Repeat("─", inner+2)+"╯"))
	return strings.Join(out, "\n")
}
