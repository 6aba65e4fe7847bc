package rollback

import (
	"strings"

	"regatta/model/fault"
	"regatta/model/query"
	"regatta/model/ref"
	"regatta/model/text"
	"regatta/theme"
	"regatta/ui/component/table"
	"regatta/ui/kit"
)

const (
	lineTag = iota
	lineNow
	lineTo
	lineDigest
	lineWhy
)

func lineColumns() []table.Column {
	return []table.Column{
		{Title: "TAG", Name: "tag", Width: 18, Flex: 2},
		{Title: "NOW", Name: "now", Width: 9, Flex: 1},
		{Title: "BACK TO", Name: "to", Width: 9, Flex: 1},
		{Title: "DIGEST", Name: "digest", Width: 12, Rank: 1},
		{Title: "WHY", Name: "why", Width: 26, Flex: 3},
	}
}

func lineFields() *query.Schema[line] {
	return &query.Schema[line]{
		Name: func(l *line, yield func(string) bool) bool { return yield(l.name()) },
		Is: map[string]func(*line) bool{
			"failed": func(l *line) bool { return l.err != nil },
		},
	}
}

// lines draws the rows.
type lines struct{ s *Several }

// Cell implements table.Source.
func (c lines) Cell(row table.Row, column, _ int) table.Cell {
	l := c.s.at(row)
	switch {
	case l == nil:
		return table.Cell{}
	case column == lineTag:
		return table.Cell{Role: theme.Strong, Text: l.name()}
	case l.err != nil && column == lineWhy:
		return table.Cell{Role: theme.Danger, Text: "✗ " + failure(l.err)}
	case l.err != nil:
		return table.Cell{Role: theme.Dim, Text: "–"}
	case l.loaded == nil:
		return table.Cell{Role: theme.Dim, Text: unread}
	case column == lineNow:
		return table.Cell{Role: theme.Text, Text: called(l.loaded.Names, l.loaded.Current)}
	case l.to == nil && column == lineWhy:
		return table.Cell{Role: theme.Warn, Text: "! nothing is known that it could go back to"}
	case l.to == nil:
		return table.Cell{Role: theme.Dim, Text: "–"}
	}
	return target(l, column)
}

func target(l *line, column int) table.Cell {
	switch column {
	case lineTo:
		return table.Cell{Role: theme.Accent, Text: called(l.to.Tags, l.to.Digest)}
	case lineDigest:
		return table.Cell{Role: theme.Dim, Text: l.to.Digest.Short()}
	case lineWhy:
		if l.to.Bad {
			return table.Cell{Role: theme.Danger, Text: "✗ " + l.to.Reason}
		}
	}
	return table.Cell{Role: theme.Text, Text: l.to.Reason}
}

// failure is why a tag cannot go back, in a few words.
func failure(err error) string {
	if fault.Is(err, fault.NotFound) {
		return "there is no such tag"
	}
	return text.Clean(err.Error())
}

// called is what people call an image: its highest version, else its digest.
func called(tags []string, d ref.Digest) string {
	if len(tags) == 0 {
		return d.Short()
	}
	return tags[0]
}

// Value implements table.Source.
func (c lines) Value(row table.Row, column int) string {
	l := c.s.at(row)
	switch {
	case l == nil:
		return ""
	case column == lineNow && l.loaded != nil:
		return string(l.loaded.Current)
	case column == lineDigest && l.to != nil:
		return string(l.to.Digest)
	}
	const wide = 1000
	if said := c.Cell(row, column, wide).Text; said != unread && said != "–" {
		return said
	}
	return ""
}

func (l *line) name() string { return l.tag.Repository + ":" + l.tag.Tag }

// Status implements kit.Reporter.
func (s *Several) Status() kit.Status {
	if s.err != nil {
		return kit.Status{Err: s.err}
	}
	if !s.ready {
		return kit.Status{Text: "looking for tags that may go back together", Busy: true}
	}
	read := 0
	for _, l := range s.rows {
		if l.loaded != nil || l.err != nil {
			read++
		}
	}
	if read < len(s.rows) {
		said := "looking for what they pointed to, " + text.Count(read) + " of " + text.Count(len(s.rows))
		return kit.Status{Text: said, Busy: true}
	}
	if l := s.current(); l != nil && l.err != nil {
		return kit.Status{Err: l.err}
	}
	all := text.Plural(len(s.rows), "tag", "tags")
	return kit.Status{Text: text.Count(s.list.Table.Marks()) + " of " + all + " marked"}
}

// View implements kit.Screen.
func (s *Several) View(width, height int) string {
	look := s.com.Look
	switch {
	case s.err != nil:
		return look.Message(width, height, kit.Span{Role: theme.Danger, Text: s.err.Error()},
			kit.Span{Role: theme.Dim, Text: "Nothing was changed. r looks again, esc goes back."})
	case !s.ready:
		return look.Message(width, height, kit.Span{Role: theme.Dim, Text: "looking for tags that may go back together …"})
	}
	first := look.Line(width, kit.Span{Text: " What is marked goes back together: "},
		kit.Span{Role: theme.Dim, Text: "one plan, one confirmation, one revert"})
	second := look.Line(width, s.remark())
	return first + "\n" + second + "\n" + s.list.Draw(width, max(0, height-headLines))
}

// remark is why not all can go back, what is not known of the tag under the cursor,
// or of others.
func (s *Several) remark() kit.Span {
	warn := func(said string) kit.Span { return kit.Span{Role: theme.Warn, Text: " ! " + said} }
	if why := s.notAll(); why != "" && len(s.rows) > 0 {
		return warn(why)
	}
	if l := s.current(); l != nil && l.loaded != nil && len(l.loaded.Notes) > 0 {
		return warn(strings.Join(l.loaded.Notes, "; "))
	}
	return kit.Span{Role: theme.Dim, Text: " " + s.note}
}
