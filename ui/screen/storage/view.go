package storage

import (
	"strings"

	"regatta/model/text"
	"regatta/theme"
	"regatta/ui/component/bar"
	"regatta/ui/kit"
)

const headHeight = 4 // the sum, its picture, and gaps

// View implements kit.Screen.
func (s *Screen) View(width, height int) string {
	look := s.com.Look
	switch {
	case !s.consent.Given:
		return look.CountsAsPulling(width, height, "this repository", s.wire.Context.Host)
	case s.err != nil:
		return look.Message(width, height, kit.Span{Role: theme.Danger, Text: s.err.Error()},
			kit.Span{Role: theme.Text, Text: kit.Advice(s.err)})
	case !s.ready:
		return look.Message(width, height,
			kit.Span{Role: theme.Dim, Text: strings.TrimSpace("reading all manifests … " + s.meter.String())})
	}
	return s.head(width) + "\n" + s.List.Draw(width, max(0, height-headHeight))
}

// head is what is stored beside what it would be without sharing.
func (s *Screen) head(width int) string {
	look, p := s.com.Look, s.picture
	room := max(0, min(width-24, 60))
	note := "if every image had copies of its own"
	if width < room+len(note)+24 {
		note = ""
	}
	least := ""
	if len(p.Gaps) > 0 {
		least = "≥ "
	}
	line := func(name string, bytes int64, role theme.Role, more string) string {
		return look.Line(width, kit.Span{Role: theme.Dim, Text: " " + kit.Fit(name, 11)},
			kit.Span{Role: theme.Text, Text: kit.FitRight(least+text.Bytes(bytes), 8) + "  "},
			kit.Span{Role: role, Text: bar.Of(room, bar.Share(bytes, p.Alone))}, kit.Span{Role: theme.Dim, Text: "  " + more})
	}
	return look.Line(width) + "\n" + line("stored", p.Stored, theme.Accent, "") + "\n" +
		line("unshared", p.Alone, theme.Bar, note) + "\n" + look.Line(width)
}

// Status implements kit.Reporter.
func (s *Screen) Status() kit.Status {
	if s.err != nil {
		return kit.Status{Err: s.err}
	}
	if !s.ready {
		return kit.Status{Text: "storage of " + s.wire.Repository, Busy: s.consent.Given}
	}
	line := s.List.Count() + " images · " + text.Plural(len(s.picture.Layers), "blob", "blobs")
	line += " · by " + s.List.Ordered()
	if f := s.List.Filter(); f != "" {
		line += " · filter " + f
	}
	if n := len(s.picture.Gaps); n > 0 {
		line += " · " + text.Count(n) + " could not be read: " + s.picture.Gaps[0]
	}
	return kit.Status{Text: line}
}
