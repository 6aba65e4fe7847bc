package lifecycle

import (
	"slices"
	"strings"

	"regatta/model/text"
	"regatta/theme"
	"regatta/ui/kit"
)

// View implements kit.Screen.
func (s *Several) View(width, height int) string {
	look := s.com.Look
	if !s.consent.Given {
		return look.CountsAsPulling(width, height, "these repositories", s.wire.Context.Host)
	}
	sum, used, known, _ := s.sum()
	line, share := look.Line(width, kit.Span{Role: theme.Dim, Text: " reading …"}), look.Line(width)
	if known > 0 {
		line = look.Line(width, append(totals(sum), saves(s.wire.Price, sum), dangers(used, s.someUsesUnknown()))...)
		share = shareOf(look, width, sum)
	}
	return s.trying(width) + "\n" + line + "\n" + share + "\n" + look.Line(width) + "\n" +
		s.List.Draw(width, max(2, height-headLines))
}

// someUsesUnknown tells that more may be in use than is known.
func (s *Several) someUsesUnknown() bool {
	return slices.ContainsFunc(s.rows, func(r *repository) bool { return r.tried && r.err == nil && !r.in.AllUses })
}

// trying is a line of which policy it is about.
func (s *Several) trying(width int) string {
	look := s.com.Look
	switch {
	case len(s.violations) > 0:
		return look.Line(width, kit.Span{Role: theme.Danger, Text: " ✗ " +
			text.Plural(len(s.violations), "violation", "violations") + ": ECR would not take this policy; e edits it"})
	case s.text == "":
		return look.Line(width, kit.Span{Role: theme.Text, Text: " the policy that each repository has"})
	}
	name := "one policy"
	for _, t := range templates() {
		if t.text() == s.text {
			name = t.name
		}
	}
	return look.Line(width, kit.Span{Role: theme.Text, Text: " tried on all: "},
		kit.Span{Role: theme.Accent, Text: name}, kit.Span{Role: theme.Dim, Text: " (" + rules(s.policy) + ")"})
}

// Status implements kit.Reporter.
func (s *Several) Status() kit.Status {
	if !s.consent.Given {
		return kit.Status{Text: "nothing is read yet"}
	}
	if r := s.current(); r != nil && r.err != nil {
		return kit.Status{Err: r.err}
	}
	_, _, known, failed := s.sum()
	parts := []string{s.List.Count() + " repositories"}
	switch {
	case s.reading > 0 || s.busy:
		parts = append(parts, text.Count(known)+" of "+text.Count(len(s.rows))+" read")
	case s.changed:
		parts = append(parts, "something was changed since this was read")
	default:
		parts = append(parts, "nothing is changed here")
	}
	if failed > 0 {
		parts = append(parts, text.Count(failed)+" failed")
	}
	return kit.Status{Text: strings.Join(parts, " · "), Busy: s.reading > 0 || s.busy}
}
