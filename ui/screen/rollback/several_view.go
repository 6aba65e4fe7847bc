package rollback

import (
	"strings"

	"regatta/model/column"
	"regatta/model/fault"
	"regatta/model/query"
	"regatta/model/ref"
	"regatta/model/rollback"
	"regatta/model/text"
	"regatta/theme"
	"regatta/ui/kit"
)

func lineColumns() []column.Column[line] {
	type of = column.Column[line]
	return []of{
		{Sort: column.Sort[line]{Name: "tag"}}, // as they come
		{Title: "TAG", Name: "tag", Width: 18, Flex: 2, Tone: column.Strong, Value: (*line).name},
		{
			Title: "NOW", Name: "now", Width: 9, Flex: 1, Value: func(l *line) string {
				if l.loaded == nil {
					return ""
				}
				return string(l.loaded.Current)
			},
			Cell: loaded(func(l *line) column.Cell {
				return column.Cell{Text: called(l.loaded.Names, l.loaded.Current)}
			}),
		},
		{
			Title: "BACK TO", Name: "to", Width: 9, Flex: 1,
			Cell: chosen(func(l *line) column.Cell {
				return column.Cell{Tone: column.Accent, Text: called(l.to.Tags, l.to.Digest)}
			}),
		},
		{
			Title: "DIGEST", Name: "digest", Width: 12, Rank: 1, Value: func(l *line) string {
				if l.to == nil {
					return ""
				}
				return string(l.to.Digest)
			},
			Cell: chosen(func(l *line) column.Cell { return column.Cell{Tone: column.Dim, Text: l.to.Digest.Short()} }),
		},
		{Title: "WHY", Name: "why", Width: 26, Flex: 3, Cell: whyCell},
	}
}

// loaded draws what is known once the tag was looked at.
func loaded(cell func(*line) column.Cell) func(*line, int) column.Cell {
	return func(l *line, _ int) column.Cell {
		switch {
		case l.err != nil:
			return column.Cell{Tone: column.Dim, Text: column.Absent}
		case l.loaded == nil:
			return column.Cell{Tone: column.Dim, Text: column.Unread}
		}
		return cell(l)
	}
}

// chosen draws what is known once there is something to go back to.
func chosen(cell func(*line) column.Cell) func(*line, int) column.Cell {
	return loaded(func(l *line) column.Cell {
		if l.to == nil {
			return column.Cell{Tone: column.Dim, Text: column.Absent}
		}
		return cell(l)
	})
}

func whyCell(l *line, width int) column.Cell {
	switch {
	case l.err != nil:
		return column.Cell{Tone: column.Danger, Text: "✗ " + failure(l.err)}
	case l.loaded != nil && l.to == nil:
		return column.Cell{Tone: column.Warn, Text: "! nothing is known that it could go back to"}
	}
	return chosen(func(l *line) column.Cell { return reason(l.to) })(l, width)
}

// reason is why to go back to a candidate, or why not.
func reason(to *rollback.Candidate) column.Cell {
	if to.Bad {
		return column.Cell{Tone: column.Danger, Text: "✗ " + to.Reason}
	}
	return column.Cell{Text: to.Reason}
}

func lineFields() *query.Schema[line] {
	return &query.Schema[line]{
		Name: func(l *line, yield func(string) bool) bool { return yield(l.name()) },
		Is: map[string]func(*line) bool{
			"failed": func(l *line) bool { return l.err != nil },
		},
	}
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
	return kit.Status{Text: text.Count(s.List.Table.Marks()) + " of " + all + " marked"}
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
	return first + "\n" + second + "\n" + s.List.Draw(width, max(0, height-headLines))
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
