package rollback

import (
	"slices"
	"strings"
	"time"

	"regatta/model/query"
	"regatta/model/rollback"
	"regatta/model/text"
	"regatta/theme"
	"regatta/ui/kit"
)

const headLines = 2 // what the tag points to, and a gap or what is not known

func fields() *query.Schema[rollback.Candidate] {
	return &query.Schema[rollback.Candidate]{
		Name: func(c *rollback.Candidate, yield func(string) bool) bool {
			return slices.ContainsFunc(c.Tags, yield) || yield(string(c.Digest))
		},
		Is: map[string]func(*rollback.Candidate) bool{
			"bad": func(c *rollback.Candidate) bool { return c.Bad },
		},
	}
}

// head is what the tag points to now, and what is not known.
func (s *Screen) head(width int) string {
	look := s.com.Look
	first := []kit.Span{
		{Role: theme.Strong, Text: " " + s.wire.Tag.Tag},
		{Text: " of " + s.wire.Tag.Repository + " points to "},
		{Role: theme.Accent, Text: s.loaded.Current.Short()},
	}
	h, now := s.loaded.History, s.com.Now()
	if len(h) > 0 && h[0].Digest == s.loaded.Current && !h[0].Since.IsZero() && now.Sub(h[0].Since) >= time.Minute {
		said := ", seen so for "
		if h[0].Began {
			said = ", for "
		}
		first = append(first, kit.Span{Role: theme.Dim, Text: said + text.Age(h[0].Since, now)})
	}
	second := kit.Span{}
	if len(s.loaded.Notes) > 0 {
		second = kit.Span{Role: theme.Warn, Text: " ! " + strings.Join(s.loaded.Notes, "; ")}
	}
	return look.Line(width, first...) + "\n" + look.Line(width, second)
}
