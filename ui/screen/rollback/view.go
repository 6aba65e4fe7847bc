package rollback

import (
	"slices"
	"strings"
	"time"

	"regatta/model/catalog"
	"regatta/model/query"
	"regatta/model/rollback"
	"regatta/model/text"
	"regatta/theme"
	"regatta/ui/component/list"
	"regatta/ui/component/table"
	"regatta/ui/kit"
)

const headLines = 2 // what the tag points to, and a gap or what is not known

const (
	colName = iota
	colDigest
	colPushed
	colWhy
)

func columns() []table.Column {
	return []table.Column{
		{Title: "CANDIDATE", Name: "candidate", Width: 12, Flex: 1},
		{Title: "DIGEST", Name: "digest", Width: 12, Rank: 2},
		{Title: "PUSHED", Name: "pushed", Width: 6, Right: true, Rank: 1},
		{Title: "WHY", Name: "why", Width: 30, Flex: 3},
	}
}

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

type data struct{ s *Screen }

func (d data) Snapshot() ([]*rollback.Candidate, func(int, bool) catalog.Compare) {
	rows := make([]*rollback.Candidate, len(d.s.loaded.Candidates))
	for i := range rows {
		rows[i] = &d.s.loaded.Candidates[i]
	}
	return rows, func(_ int, reverse bool) catalog.Compare {
		return func(a, b list.Row) int {
			if reverse {
				a, b = b, a
			}
			return int(a - b)
		}
	}
}

func (data) Live(r list.Row) list.Row             { return r }
func (data) Keep() func(*rollback.Candidate) bool { return nil }

type cells struct{ s *Screen }

func (c cells) Cell(row table.Row, column, _ int) table.Cell {
	if int(row) >= len(c.s.loaded.Candidates) {
		return table.Cell{}
	}
	one := &c.s.loaded.Candidates[row]
	switch column {
	case colName:
		return table.Cell{Role: theme.Strong, Text: name(one)}
	case colDigest:
		return table.Cell{Role: theme.Dim, Text: one.Digest.Short()}
	case colPushed:
		return table.Cell{Role: theme.Text, Text: text.Age(one.Image.Pushed, c.s.com.Now())}
	}
	if one.Bad {
		return table.Cell{Role: theme.Danger, Text: "✗ " + one.Reason}
	}
	return table.Cell{Role: theme.Text, Text: one.Reason}
}

// Value implements table.Source.
func (c cells) Value(row table.Row, column int) string { return c.Cell(row, column, 0).Text }

func name(c *rollback.Candidate) string {
	if len(c.Tags) == 0 {
		return "(no tag)"
	}
	return strings.Join(c.Tags, ", ")
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
