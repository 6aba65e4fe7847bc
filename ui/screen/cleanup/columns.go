package cleanup

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"regatta/model/cleanup"
	"regatta/model/column"
	"regatta/model/query"
	"regatta/model/text"
	"regatta/ui/component/bar"
)

func (s *Screen) columns() []column.Column[row] {
	type of = column.Column[row]
	type sort = column.Sort[row]
	return []of{
		{
			Title: "OUTCOME", Name: "outcome", Width: 10, Cell: outcome,
			Value: func(r *row) string { return r.verdict.Outcome.String() },
			Sort:  sort{Name: "outcome", Turn: 1, Compare: func(a, b *row) int { return cmp.Compare(rank(a), rank(b)) }},
		},
		{
			Title: "TAGS", Name: "tags", Width: 15, Flex: 1, Cell: tags,
			Value: func(r *row) string { return strings.Join(r.image.Tags, " ") },
		},
		column.Size(of{
			Title: "SIZE", Name: "size", Width: 7, Cell: size, Sort: sort{Name: "size", Turn: 3, Down: true},
			Field: query.Field[row]{Name: "size"},
		}, func(r *row) int64 { return r.image.Size }),
		column.Size(of{
			Title: "FREES", Name: "frees", Width: 7, Rank: 1, Cell: frees, Sort: sort{Name: "frees", Turn: 4, Down: true},
			Field: query.Field[row]{Name: "frees"},
		}, func(r *row) int64 { return r.frees }),
		bar.Column(of{Width: 10, Rank: 2}, func(r *row) float64 { return bar.Share(r.frees, s.now.most) }),
		column.Age(of{
			Title: "AGE", Name: "time", Width: 5, Tone: column.Dim, Field: query.Field[row]{Name: "age"},
			Value: func(r *row) string { return text.Stamp(r.image.Time) },
			Sort: sort{Name: "age", Turn: 2, Compare: func(a, b *row) int {
				return b.image.Time.Compare(a.image.Time)
			}},
		}, s.com.Now, func(r *row) time.Time { return r.image.Time }),
		{
			Title: "WHY", Name: "reason", Width: 25, Flex: 2, Value: func(r *row) string { return r.verdict.Reason() },
			Cell: func(r *row, _ int) column.Cell { return column.Cell{Tone: column.Dim, Text: r.verdict.Why} },
		},
	}
}

// tie tells apart what a column does not.
func tie(a, b *row) int {
	return cmp.Or(b.image.Time.Compare(a.image.Time), cmp.Compare(a.image.Digest, b.image.Digest))
}

func fields() *query.Schema[row] {
	removed := func(r *row) bool { return r.verdict.Outcome == cleanup.Removed }
	return &query.Schema[row]{
		Name: func(r *row, yield func(string) bool) bool {
			return slices.ContainsFunc(r.image.Tags, yield) || yield(string(r.image.Digest))
		},
		Is: map[string]func(*row) bool{
			"removed":  removed,
			"marked":   func(r *row) bool { return r.verdict.Outcome == cleanup.Marked },
			"archived": func(r *row) bool { return r.verdict.Outcome == cleanup.Archived },
			"kept":     func(r *row) bool { return r.verdict.Outcome == cleanup.Kept },
			"untagged": func(r *row) bool { return len(r.image.Tags) == 0 },
			"by-hand":  func(r *row) bool { return r.hand },
		},
	}
}

// shown are the rows of the newest result.
func (s *Screen) shown() []*row {
	if s.now == nil {
		return nil
	}
	return s.now.rows
}

// rank puts what goes first, and with it what would if nobody had spoken for it: a row
// stays where it is while it is decided on.
func rank(r *row) int {
	if r.hand || r.verdict.Outcome != cleanup.Kept {
		return 0
	}
	return 1
}

func outcome(r *row, _ int) column.Cell {
	cell := column.Cell{Tone: column.OK, Text: "= keep"}
	switch r.verdict.Outcome {
	case cleanup.Removed:
		cell = column.Cell{Tone: column.Danger, Text: "× remove"}
	case cleanup.Marked:
		cell = column.Cell{Tone: column.Warn, Text: "~ mark"}
	case cleanup.Archived:
		cell = column.Cell{Tone: column.Warn, Text: "↓ archive"}
	case cleanup.Kept:
	}
	if r.hand {
		cell.TailTone, cell.Tail = column.Accent, " •"
	}
	return cell
}

func frees(r *row, _ int) column.Cell {
	if r.frees == 0 {
		return column.Cell{}
	}
	return column.Cell{Tone: column.Accent, Text: text.Bytes(r.frees)}
}

func size(r *row, _ int) column.Cell {
	if r.image.Size < 0 {
		return column.Cell{Tone: column.Dim, Text: "?"}
	}
	return column.Cell{Text: text.Bytes(r.image.Size)}
}

func tags(r *row, _ int) column.Cell {
	if len(r.image.Tags) == 0 {
		return column.Cell{Tone: column.Dim, Text: r.image.Digest.Short()}
	}
	return column.Names(r.image.Tags)
}
