package lifecycle

import (
	"strings"

	"regatta/model/cost"
	"regatta/model/lifecycle"
	"regatta/model/text"
	"regatta/theme"
	"regatta/ui/component/bar"
	"regatta/ui/kit"
)

// headLines are above the table: totals, the bar, tabs, and a gap.
const headLines = 4

// footLines are below it: a rule, and why of the image under the cursor.
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
	}
	below := s.List.Draw(width, max(2, height-headLines-footLines)) + "\n" + s.footnote(width)
	if s.timeline {
		below = s.drawTimeline(width, max(2, height-headLines))
	}
	return s.totals(width) + "\n" + s.share(width) + "\n" + s.tabLine(width) + "\n" + look.Line(width) + "\n" + below
}

func (s *Screen) footnote(width int) string {
	r := s.List.Current()
	if r == nil {
		return s.com.Look.Footnote(width, footLines)
	}
	why := s.reason(r)
	if r.aws != nil {
		why = "AWS: " + r.aws.Outcome.String() + "; here: " + why
	}
	said := kit.Span{Role: theme.Text, Text: why}
	if r.used == "" {
		return s.com.Look.Footnote(width, footLines, said)
	}
	used := kit.Span{Role: theme.Accent, Text: "in use by " + r.used}
	if r.dangerous() {
		used.Role = theme.Danger
	}
	return s.com.Look.Footnote(width, footLines, used, said)
}

// totals say what the policy comes to.
func (s *Screen) totals(width int) string {
	look := s.com.Look
	if len(s.violations) > 0 {
		return look.Line(width, kit.Span{Role: theme.Danger, Text: " ✗ " +
			text.Plural(len(s.violations), "violation", "violations") + ": ECR would not take this policy; e edits it"})
	}
	if s.now == nil {
		return look.Line(width, kit.Span{Role: theme.Dim, Text: " working it out …"})
	}
	spans := append(totals(s.now.sum), s.saves(s.now.sum), dangers(s.inUse(), !s.in.AllUses), s.awsSays())
	if d := s.now.change; len(d.Expire)+len(d.Keep)+len(d.Transition) > 0 {
		spans = append(spans, kit.Span{Role: theme.Dim, Text: "   against " + s.baseName() + ": " + difference(d)})
	}
	return look.Line(width, spans...)
}

func totals(sum lifecycle.Summary) []kit.Span {
	most := ""
	if sum.Estimated {
		most = "at most "
	}
	return []kit.Span{
		{Role: theme.Danger, Text: " × expire " + text.Count(sum.Expire)},
		{Role: theme.Text, Text: "   "},
		{Role: theme.Warn, Text: "↓ archive " + text.Count(sum.Transition)},
		{Role: theme.Text, Text: "   "},
		{Role: theme.OK, Text: "= keep " + text.Count(sum.Keep)},
		{Role: theme.Text, Text: "   frees "},
		{Role: theme.Accent, Text: most + text.Bytes(sum.ReclaimedBytes)},
	}
}

// dangers counts what would go though somebody runs it; least: there may be more.
func dangers(n int, least bool) kit.Span {
	if n == 0 {
		return kit.Span{}
	}
	return kit.Span{Role: theme.Danger, Text: "   ! " + atLeast(n, least) + " in use"}
}

// atLeast is a number of which there may be more.
func atLeast(n int, least bool) string {
	switch {
	case least && n == 0:
		return "?"
	case least:
		return "≥ " + text.Count(n)
	}
	return text.Count(n)
}

// saves is what the bytes that come back cost a month.
func (s *Screen) saves(sum lifecycle.Summary) kit.Span { return saves(s.wire.Price, sum) }

func saves(price cost.Price, sum lifecycle.Summary) kit.Span {
	m, ok := price.Saves(sum.ReclaimedBytes, sum.Estimated)
	if !ok || sum.ReclaimedBytes == 0 {
		return kit.Span{}
	}
	return kit.Span{Role: theme.Accent, Text: ", " + m.String() + " a month"}
}

// inUse counts the images that would go and that somebody runs.
func (s *Screen) inUse() int {
	n := 0
	for _, r := range s.shown() {
		if r.dangerous() {
			n++
		}
	}
	return n
}

// baseName is what verdicts are held against.
func (s *Screen) baseName() string {
	switch {
	case s.wire.Policy == nil:
		return "the policy at first"
	case s.has == "":
		return "having no policy"
	}
	return "today's policy"
}

func difference(d lifecycle.Difference) string {
	var parts []string
	add := func(n int, sign, what string) {
		if n > 0 {
			parts = append(parts, sign+text.Count(n)+" "+what)
		}
	}
	add(len(d.Expire), "+", "expire")
	add(len(d.Transition), "+", "archive")
	add(len(d.Keep), "+", "kept")
	return strings.Join(parts, ", ")
}

// share is the bar of what goes and what stays, by images.
func (s *Screen) share(width int) string {
	look := s.com.Look
	if s.now == nil || len(s.in.Images) == 0 || len(s.violations) > 0 {
		return look.Line(width)
	}
	return shareOf(look, width, s.now.sum)
}

func shareOf(look *kit.Look, width int, sum lifecycle.Summary) string {
	room := max(0, width-2)
	all := int64(sum.Expire + sum.Transition + sum.Keep)
	expire := int(bar.Share(int64(sum.Expire), all)*float64(room) + 0.5)
	archive := int(bar.Share(int64(sum.Transition), all)*float64(room) + 0.5)
	full := func(n int) string { return bar.Of(max(0, n), 1) }
	return look.Line(width, kit.Span{Text: " "}, kit.Span{Role: theme.Danger, Text: full(expire)},
		kit.Span{Role: theme.Warn, Text: full(min(archive, room-expire))},
		kit.Span{Role: theme.OK, Text: full(room - expire - archive)})
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
	parts := []string{s.List.Count() + " images", "nothing is changed here"}
	if s.text != s.has && isTemplate(s.text) {
		parts[1] = "a template, not saved"
	}
	parts = append(parts, s.in.Notes...)
	if n := s.turned(); n > 0 {
		parts = append(parts, text.Plural(n, "assumption", "assumptions")+" turned round")
	}
	return kit.Status{Text: strings.Join(parts, " · "), Busy: s.busy}
}
