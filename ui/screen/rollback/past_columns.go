package rollback

import (
	"cmp"
	"strconv"
	"time"

	"regatta/model/column"
	"regatta/model/query"
	"regatta/model/rollback"
	"regatta/model/text"
	"regatta/ui/component/bar"
)

func (s *Past) columns() []column.Column[rollback.Entry] {
	type of = column.Column[rollback.Entry]
	type sort = column.Sort[rollback.Entry]
	return []of{
		{Sort: sort{Name: "time", Turn: 1}}, // the newest come first
		{Title: "SINCE", Name: "since", Width: 16, Value: func(e *rollback.Entry) string { return first(e.When()) }},
		{Title: "UNTIL", Name: "until", Width: 16, Value: func(e *rollback.Entry) string { return second(e.When()) }},
		{
			Title: "FOR", Name: "seconds", Width: 13, Rank: 3, Cell: s.lasted,
			Value: func(e *rollback.Entry) string { return strconv.FormatInt(int64(e.Lasted(s.now).Seconds()), 10) },
			Sort: sort{Name: "length", Turn: 2, Down: true, Compare: func(a, b *rollback.Entry) int {
				return cmp.Compare(a.Until.Sub(a.Since), b.Until.Sub(b.Since))
			}},
		},
		{
			Title: "IMAGE", Name: "image", Width: 9, Flex: 1, Tone: column.Strong,
			Value: func(e *rollback.Entry) string { return s.names(e.Digest) },
		},
		{
			Title: "DIGEST", Name: "digest", Width: 12, Rank: 2,
			Value: func(e *rollback.Entry) string { return string(e.Digest) },
			Cell: func(e *rollback.Entry, _ int) column.Cell {
				return column.Cell{Tone: column.Dim, Text: e.Digest.Short()}
			},
		},
		{
			Title: "SOURCE", Name: "source", Width: 8, Rank: 1,
			Value: func(e *rollback.Entry) string { return string(e.Source) },
		},
		{Title: "HOW SURE", Name: "certainty", Width: 20, Flex: 2, Tone: column.Dim, Value: func(e *rollback.Entry) string {
			return e.Certainty() + ": " + e.Text
		}},
	}
}

func first(a, _ string) string { return a }

func second(_, b string) string { return b }

func pastFields() *query.Schema[rollback.Entry] {
	return &query.Schema[rollback.Entry]{
		Name: func(e *rollback.Entry, yield func(string) bool) bool {
			return yield(string(e.Digest)) || yield(string(e.Source)) || yield(e.Text)
		},
	}
}

// lasted is for how long, beside the longest of them.
func (s *Past) lasted(e *rollback.Entry, _ int) column.Cell {
	now, longest := s.now, time.Duration(0)
	for _, other := range s.loaded.History {
		longest = max(longest, other.Lasted(now))
	}
	d := e.Lasted(now)
	if d == 0 {
		return column.Cell{Tone: column.Dim, Text: column.Unread}
	}
	const width, digits = 7, 5
	age := text.Age(now.Add(-d), now)
	for len(age) < digits {
		age = " " + age
	}
	return column.Cell{
		Tone: column.Text, Text: age, TailTone: column.Bar, Tail: " " + bar.Of(width, bar.Share(int64(d), int64(longest))),
	}
}
