package supply

import (
	"regatta/model/finding"
	"regatta/model/text"
	"regatta/theme"
	"regatta/ui/kit"
)

const (
	headHeight = 2
	footHeight = 4
	around     = headHeight + footHeight
)

// View implements kit.Screen.
func (s *Packages) View(width, height int) string {
	look := s.com.Look
	switch {
	case s.err != nil:
		return look.Message(width, height, kit.Span{Role: theme.Danger, Text: s.err.Error()},
			kit.Span{Role: theme.Text, Text: kit.Advice(s.err)})
	case !s.ready:
		return look.Message(width, height, kit.Span{Role: theme.Dim, Text: "reading the bill of materials …"})
	}
	return look.Line(width, kit.Span{Role: theme.Text, Text: " " + s.head()}) + "\n" + look.Line(width) + "\n" +
		s.List.Draw(width, max(0, height-around)) + "\n" + s.foot(width)
}

// head says what document it is.
func (s *Packages) head() string {
	out := s.doc.Format
	if s.doc.Name != "" {
		out += " of " + s.doc.Name
	}
	if s.doc.Tool != "" {
		out += " by " + s.doc.Tool
	}
	if !s.doc.Created.IsZero() {
		out += ", " + text.Ago(s.doc.Created, s.com.Now())
	}
	if s.doc.Left > 0 {
		out += " · " + text.Count(s.doc.Left) + " packages more are not kept"
	}
	return out
}

// foot is what the package under the cursor has in full.
func (s *Packages) foot(width int) string {
	p := kit.NewPane(s.com.Look, width)
	p.Gap()
	if i := s.current(); i != nil {
		p.Text(theme.Dim, i.PURL)
		for _, f := range i.found {
			p.Spans(kit.Span{Role: role(f), Text: kit.Fit(f.Severity.String(), 14) + f.Name},
				kit.Span{Role: theme.Dim, Text: "  " + f.Description})
		}
	}
	return p.Draw(footHeight)
}

func role(f finding.Finding) theme.Role {
	if f.Severity <= finding.High {
		return theme.Danger
	}
	return theme.Warn
}

// Status implements kit.Reporter.
func (s *Packages) Status() kit.Status {
	if s.err != nil {
		return kit.Status{Err: s.err}
	}
	line := s.List.Count() + " packages · by " + s.List.Ordered()
	if f := s.List.Filter(); f != "" {
		line += " · filter " + f
	}
	switch {
	case s.scanErr != nil:
		line += " · findings: " + text.Clean(s.scanErr.Error())
	case s.scanned && !s.report.Scanned():
		line += " · " + string(s.report.State)
	case s.scanned:
		line += " · " + s.report.Counts.String()
	}
	return kit.Status{Text: line, Busy: !s.ready}
}
