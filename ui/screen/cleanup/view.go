package cleanup

import (
	"strings"

	"regatta/model/cleanup"
	"regatta/model/text"
	"regatta/theme"
	"regatta/ui/component/bar"
	"regatta/ui/kit"
)

// headLines are above the table: rules, totals, the bar, ages, and a gap.
const headLines = 5

// footLines are below it: a rule, and why of the image under the cursor in full.
const footLines = 3

// View implements kit.Screen.
func (s *Screen) View(width, height int) string {
	look := s.com.Look
	switch {
	case !s.consent.Given:
		return look.CountsAsPulling(width, height, "this repository", s.wire.Context.Host)
	case s.err != nil:
		return look.Message(width, height, kit.Span{Role: theme.Danger, Text: s.err.Error()},
			kit.Span{Role: theme.Dim, Text: "r tries again, esc goes back"})
	case !s.loaded:
		return look.Message(width, height, kit.Span{Role: theme.Dim, Text: "reading all images …"})
	case s.now == nil:
		return look.Message(width, height, kit.Span{Role: theme.Dim, Text: "working it out …"})
	}
	head := []string{s.inWords(width), s.totals(width), s.share(width), s.ages(width), look.Line(width)}
	return strings.Join(head, "\n") + "\n" + s.List.Draw(width, max(2, height-headLines-footLines)) +
		"\n" + s.reason(width)
}

// inWords is a line of the rules, or how to begin.
func (s *Screen) inWords(width int) string {
	rules := words(s.rules)
	if s.keep.path != "" {
		rules = append(rules, "keep list "+text.Clean(s.keep.path))
	}
	if wrong := s.noKeepList(); wrong != "" {
		return s.com.Look.Line(width, kit.Span{Role: theme.Warn, Text: " " + text.Clean(wrong)})
	}
	if s.rules.Empty() {
		rules = append(rules, "no rule yet: n keeps the newest, o goes by age, m by tags, u untagged ones")
		return s.com.Look.Line(width, kit.Span{Role: theme.Dim, Text: " " + strings.Join(rules, " · ")})
	}
	return s.com.Look.Line(width, kit.Span{Role: theme.Strong, Text: " " + strings.Join(rules, " · ")})
}

// totals say what the rules come to.
func (s *Screen) totals(width int) string {
	look := s.com.Look
	sum, about := s.now.sum, ""
	if !sum.Exact && sum.Bytes > 0 {
		about = "about "
	}
	spans := []kit.Span{
		{Role: count(sum.Remove), Text: " × remove " + text.Count(sum.Remove)},
		{Role: theme.OK, Text: "   = keep " + text.Count(sum.Keep)},
		{Role: theme.Warn, Text: first("~ mark ", sum.Mark) + first("↓ archive ", sum.Archive)},
		{Role: theme.Text, Text: "   frees "},
		{Role: theme.Accent, Text: about + text.Bytes(sum.Bytes)},
	}
	if m, ok := s.wire.Price.Saves(sum.Bytes, !sum.Exact); ok && sum.Bytes > 0 {
		spans = append(spans, kit.Span{Role: theme.Accent, Text: ", " + m.String() + " a month"})
	}
	if hand := byHand(s.now.rules); hand != "" {
		spans = append(spans, kit.Span{Role: theme.Accent, Text: "   • " + hand})
	}
	return look.Line(width, spans...)
}

// first counts what does not go yet.
func first(what string, n int) string {
	if n == 0 {
		return ""
	}
	return "   " + what + text.Count(n)
}

// reason is why of the image under the cursor.
func (s *Screen) reason(width int) string {
	r := s.List.Current()
	if r == nil {
		return s.com.Look.Footnote(width, footLines)
	}
	return s.com.Look.Footnote(width, footLines, kit.Span{Role: theme.Text, Text: r.verdict.Reason()})
}

func count(n int) theme.Role {
	if n == 0 {
		return theme.Dim
	}
	return theme.Danger
}

// byHand says how many exceptions there are.
func byHand(r cleanup.Rules) string {
	keep := 0
	for _, e := range r.Exceptions {
		if e == cleanup.KeepIt {
			keep++
		}
	}
	var parts []string
	if remove := len(r.Exceptions) - keep; remove > 0 {
		parts = append(parts, "remove "+text.Count(remove))
	}
	if keep > 0 {
		parts = append(parts, "keep "+text.Count(keep))
	}
	if len(parts) == 0 {
		return ""
	}
	return "by hand: " + strings.Join(parts, ", ")
}

// share is the bar of what goes and what stays, by images.
func (s *Screen) share(width int) string {
	look := s.com.Look
	if len(s.now.rows) == 0 {
		return look.Line(width)
	}
	room := max(0, width-2)
	gone := filled(s.now.sum.Remove, len(s.now.rows), room)
	return look.Line(width, kit.Span{Text: " "}, kit.Span{Role: theme.Danger, Text: bar.Of(gone, 1)},
		kit.Span{Role: theme.OK, Text: bar.Of(room-gone, 1)})
}

// Status implements kit.Reporter.
func (s *Screen) Status() kit.Status {
	switch {
	case s.err != nil:
		return kit.Status{Err: s.err}
	case !s.consent.Given:
		return kit.Status{Text: "nothing is read yet"}
	case !s.loaded:
		return kit.Status{Text: "reading", Busy: true}
	}
	parts := append([]string{s.List.Count() + " images", "nothing is changed here"}, s.in.Notes...)
	if s.changed {
		parts = append([]string{"something was changed since this was read: r reads it again"}, parts...)
	}
	return kit.Status{Text: strings.Join(parts, " · "), Busy: s.busy}
}
