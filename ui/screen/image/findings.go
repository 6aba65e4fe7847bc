package image

import (
	"context"
	"strings"

	tea "charm.land/bubbletea/v2"

	"regatta/model/column"
	"regatta/model/finding"
	"regatta/model/ref"
	"regatta/model/text"
	"regatta/theme"
	"regatta/ui/component/bar"
	"regatta/ui/component/list"
	"regatta/ui/component/table"
	"regatta/ui/kit"
)

// Scanner tells what scans of an image have found.
type Scanner interface {
	Findings(ctx context.Context, repository string, d ref.Digest) (finding.Report, error)
}

// findings is what the tab of findings shows.
type findings struct {
	list   *list.Model[finding.Finding]
	of     ref.Digest // the image that was asked about
	report finding.Report
	rows   []*finding.Finding
	done   bool
	err    error
}

type findingsMsg struct {
	of     ref.Digest
	report finding.Report
	err    error
}

func (s *Screen) newFindings() {
	s.found.list = list.New(s.com, s, list.Config[finding.Finding]{
		ID: "findings", Group: "Image", Noun: "findings", Columns: findingColumns(), Schema: findingFields(),
		Data: list.Slice[finding.Finding]{Rows: func() []*finding.Finding { return s.found.rows }},
	})
}

// loadFindings asks about the image of the platform that is looked at: an index
// is not scanned.
func (s *Screen) loadFindings() tea.Cmd {
	src, repo, d := s.wire.Scanner, s.wire.Repository, s.leaf.Digest
	if src == nil || !s.leafOK || s.found.of == d && s.found.err == nil {
		return nil
	}
	s.found.of, s.found.done, s.found.err = d, false, nil
	return s.lane.Go(func(ctx context.Context) tea.Msg {
		report, err := src.Findings(ctx, repo, d)
		return findingsMsg{d, report, err}
	})
}

func (s *Screen) onFindings(msg findingsMsg) tea.Cmd {
	if msg.of != s.found.of {
		return nil
	}
	s.found.report, s.found.err, s.found.done = msg.report, msg.err, true
	s.found.rows = nil
	for i := range msg.report.Findings {
		s.found.rows = append(s.found.rows, &s.found.report.Findings[i])
	}
	s.resize()
	s.show()
	return s.found.list.Reorder()
}

// scanLine is for the overview.
func (s *Screen) scanLine() string {
	switch f := s.found; {
	case s.wire.Scanner == nil || f.err != nil || !f.done:
		return ""
	case !f.report.Scanned():
		return string(f.report.State)
	}
	return s.found.report.Counts.String()
}

func (s *Screen) emptyFindings() kit.Span {
	switch f := s.found; {
	case f.err != nil:
		return kit.Span{Role: theme.Danger, Text: f.err.Error()}
	case s.leafErr != nil || !s.leafOK:
		return s.emptyLeaf()
	case !f.done:
		return kit.Span{Role: theme.Dim, Text: "asking for findings …"}
	case !f.report.Scanned():
		return kit.Span{Role: theme.Warn, Text: strings.TrimSpace(f.report.Missing() + " " + f.report.Reason)}
	case len(f.rows) == 0:
		return kit.Span{Role: theme.OK, Text: "The scan of " + text.Stamp(f.report.Completed) + " UTC has found nothing."}
	}
	return kit.Span{}
}

// findingsHead is how many lines there are above the table.
func (s *Screen) findingsHead() int {
	n := 1 // the gap
	for _, count := range s.found.report.Counts {
		if count > 0 {
			n++
		}
	}
	return n
}

func severityTone(v finding.Severity) column.Tone {
	switch v {
	case finding.Critical, finding.High:
		return column.Danger
	case finding.Medium:
		return column.Warn
	case finding.Low, finding.Informational, finding.Undefined:
	}
	return column.Dim
}

func severityRole(v finding.Severity) theme.Role { return table.Role(severityTone(v)) }

// drawFindings is a bar for each severity above the table.
func (s *Screen) drawFindings(width, height int) string {
	const barWidth, countWidth = 24, 5
	look, counts := s.com.Look, s.found.report.Counts
	var lines []string
	for _, v := range finding.Severities() {
		if counts[v] == 0 {
			continue
		}
		spans := []kit.Span{
			{Role: severityRole(v), Text: " " + kit.Fit(v.String(), nameWidth)},
			{Role: theme.Text, Text: kit.FitRight(text.Count(counts[v]), countWidth) + "  "},
			{Role: severityRole(v), Text: bar.Of(barWidth, bar.Share(int64(counts[v]), int64(counts.Most())))},
		}
		if len(lines) == 0 && !s.found.report.Completed.IsZero() {
			when := text.Ago(s.found.report.Completed, s.com.Now())
			spans = append(spans, kit.Span{Role: theme.Dim, Text: "  scanned " + when})
		}
		lines = append(lines, look.Line(width, spans...))
	}
	lines = append(lines, look.Line(width))
	return strings.Join(lines, "\n") + "\n" + s.found.list.Draw(width, max(2, height-len(lines)-detailHeight))
}

func (s *Screen) noFindings() string {
	if s.tab != tabFindings || len(s.found.rows) == 0 {
		return "there are no findings on this tab"
	}
	return ""
}

// Unwind implements kit.Unwinder.
func (s *Screen) Unwind() (bool, tea.Cmd) {
	if s.tab != tabFindings {
		return false, nil
	}
	return s.found.list.Unwind()
}

func (s *Screen) sortFindings() (kit.Intent, tea.Cmd) { return nil, s.found.list.SortNext() }

func (s *Screen) saveFindings() (kit.Intent, tea.Cmd) { return s.found.list.Save() }

func (s *Screen) findingsStatus() kit.Status {
	switch f := s.found; {
	case f.err != nil:
		return kit.Status{Err: f.err}
	case !f.done:
		return kit.Status{Text: "asking for findings", Busy: s.leafErr == nil}
	}
	line := s.found.list.Count() + " findings in " + s.config.Platform.String()
	if f := s.found.list.Filter(); f != "" {
		line += " · filter " + f
	}
	return kit.Status{Text: line + " · by " + s.found.list.Ordered()}
}
