package health

import (
	"strings"

	"regatta/model/health"
	"regatta/model/text"
	"regatta/theme"
	"regatta/ui/kit"
)

const (
	headLines = 2 // the checks, and a gap
	footLines = 5 // a rule, and the finding under the cursor in full
)

// View implements kit.Screen.
func (s *Screen) View(width, height int) string {
	look := s.com.Look
	switch {
	case !s.consent.Given:
		return look.CountsAsPulling(width, height, "this repository", s.wire.Context.Host)
	case s.err != nil:
		return look.Message(width, height, kit.Span{Role: theme.Danger, Text: s.err.Error()},
			kit.Span{Role: theme.Dim, Text: "r tries again, esc goes back"})
	case s.patient == nil:
		return look.Message(width, height, kit.Span{Role: theme.Dim, Text: "reading all manifests …"})
	}
	head := s.checks(width) + "\n" + look.Line(width) + "\n"
	if len(s.found) == 0 {
		return head + look.Message(width, height-headLines, s.allIsWell()...)
	}
	return head + s.List.Draw(width, max(2, height-headLines-footLines)) + "\n" + s.detail(width)
}

func (s *Screen) allIsWell() []kit.Span {
	out := []kit.Span{{Role: theme.OK, Text: "Nothing is wrong with " + s.wire.Repository + "."}}
	if gaps := s.gaps(); len(gaps) > 0 {
		out[0] = kit.Span{
			Role: theme.Warn, Text: "Nothing was found, and not all could be looked at: " + strings.Join(gaps, " · ") + ".",
		}
	}
	if s.blobs != looked {
		out = append(out, kit.Span{Role: theme.Dim, Text: "b asks for every config and layer as well"})
	}
	return out
}

// checks is a line of what was looked at and how much was found.
func (s *Screen) checks(width int) string {
	spans := []kit.Span{}
	for _, c := range []struct {
		kind health.Kind
		name string
	}{
		{health.MissingChild, "children"},
		{health.MissingBlob, "blobs"},
		{health.LostSubject, "referrers"},
		{health.OrphanTag, "signatures"},
		{health.Unreferenced, "untagged"},
	} {
		spans = append(spans, kit.Span{Text: " "}, s.check(c.kind, c.name), kit.Span{Text: "  "})
	}
	return s.com.Look.Line(width, spans...)
}

func (s *Screen) check(kind health.Kind, name string) kit.Span {
	n := s.counts[kind]
	switch {
	case kind == health.MissingBlob && s.blobs != looked:
		return kit.Span{Role: theme.Dim, Text: "· " + name}
	case n == 0 && kind == health.Unreferenced && !s.wire.Untagged:
		return kit.Span{Role: theme.Dim, Text: "· " + name}
	case n == 0 && (len(s.patient.Gaps()) > 0 || kind == health.MissingBlob && s.unasked > 0):
		return kit.Span{Role: theme.Warn, Text: "? " + name}
	case n == 0:
		return kit.Span{Role: theme.OK, Text: "✓ " + name}
	case grave(kind):
		return kit.Span{Role: theme.Danger, Text: "✗ " + name + " " + text.Count(n)}
	}
	return kit.Span{Role: theme.Warn, Text: "! " + name + " " + text.Count(n)}
}

// detail is the finding under the cursor in full, and what to do about it.
func (s *Screen) detail(width int) string {
	look := s.com.Look
	if f := s.List.Current(); f != nil {
		return look.Footnote(width, footLines, kit.Span{Role: theme.Strong, Text: f.Digest.Short() + ": " + f.Text},
			kit.Span{Role: theme.Dim, Text: s.patient.Advice(*f)})
	}
	return look.Footnote(width, footLines)
}

// Status implements kit.Reporter.
func (s *Screen) Status() kit.Status {
	switch {
	case s.err != nil:
		return kit.Status{Err: s.err}
	case !s.consent.Given:
		return kit.Status{Text: "nothing is read yet"}
	case s.patient == nil:
		return kit.Status{Text: "reading" + s.far(), Busy: true}
	case s.blobs == looking:
		return kit.Status{Text: "asking for configs and layers" + s.far() + " · b stops", Busy: true}
	}
	parts := []string{s.List.Count() + " findings", text.Plural(s.patient.Read(), "manifest", "manifests") + " read"}
	if s.blobs != looked {
		parts = append(parts, "blobs not asked for")
	}
	if !s.wire.Untagged {
		parts = append(parts, "untagged ones are not listed")
	}
	if s.changed {
		parts = append([]string{"something was changed since this was read: r reads it again"}, parts...)
	}
	return kit.Status{Text: strings.Join(append(parts, s.gaps()...), " · ")}
}

// gaps are what could not be looked at.
func (s *Screen) gaps() (out []string) {
	if gaps := s.patient.Gaps(); len(gaps) > 0 {
		out = append(out, text.Count(len(gaps))+" could not be read: "+gaps[0])
	}
	if s.unasked > 0 {
		out = append(out, text.Plural(s.unasked, "request", "requests")+" for blobs failed")
	}
	return out
}

// far is how far the work is.
func (s *Screen) far() string {
	if far := s.meter.String(); far != "" {
		return " " + far
	}
	return ""
}
