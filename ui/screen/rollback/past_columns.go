package rollback

import (
	"cmp"
	"strconv"
	"time"

	"regatta/model/column"
	"regatta/model/query"
	"regatta/model/text"
	"regatta/ui/component/bar"
)

func (s *Past) columns() []column.Column[period] {
	type of = column.Column[period]
	type sort = column.Sort[period]
	return []of{
		{Sort: sort{Name: "time", Turn: 1}}, // the newest come first
		{Title: "SINCE", Name: "since", Width: 16, Cell: func(e *period, _ int) column.Cell {
			since, _ := e.When()
			return column.Cell{Text: since}
		}},
		{Title: "UNTIL", Name: "until", Width: 16, Cell: func(e *period, _ int) column.Cell {
			_, until := e.When()
			return column.Cell{Text: until}
		}},
		{
			Title: "FOR", Name: "seconds", Width: 13, Rank: 3, Cell: s.lasted,
			Value: func(e *period) string {
				if e.lasted == 0 {
					return ""
				}
				return strconv.FormatInt(int64(e.lasted.Seconds()), 10)
			},
			Sort: sort{Name: "length", Turn: 2, Down: true, Compare: func(a, b *period) int {
				return cmp.Compare(a.lasted, b.lasted)
			}},
		},
		{
			Title: "IMAGE", Name: "image", Width: 9, Flex: 1, Tone: column.Strong,
			Value: func(e *period) string { return s.names(e.Digest) },
		},
		{
			Title: "DIGEST", Name: "digest", Width: 12, Rank: 2,
			Value: func(e *period) string { return string(e.Digest) },
			Cell: func(e *period, _ int) column.Cell {
				return column.Cell{Tone: column.Dim, Text: e.Digest.Short()}
			},
		},
		{
			Title: "SOURCE", Name: "source", Width: 8, Rank: 1,
			Value: func(e *period) string { return string(e.Source) },
		},
		{Title: "HOW SURE", Name: "certainty", Width: 20, Flex: 2, Tone: column.Dim, Value: func(e *period) string {
			return e.Certainty() + ": " + e.Text
		}},
	}
}

func pastFields() *query.Schema[period] {
	return &query.Schema[period]{
		Name: func(e *period, yield func(string) bool) bool {
			return yield(string(e.Digest)) || yield(string(e.Source)) || yield(e.Text)
		},
	}
}

// lasted is for how long, beside the longest of them.
func (s *Past) lasted(e *period, _ int) column.Cell {
	longest := time.Duration(0)
	for _, other := range s.rows {
		longest = max(longest, other.lasted)
	}
	if e.lasted == 0 {
		return column.Cell{Tone: column.Dim, Text: column.Unread}
	}
	const width, digits = 7, 5
	age := text.Age(s.now.Add(-e.lasted), s.now)
	for len(age) < digits {
		age = " " + age
	}
	share := bar.Share(int64(e.lasted), int64(longest))
	return column.Cell{Text: age, TailTone: column.Bar, Tail: " " + bar.Of(width, share)}
}
