package rollback

import (
	"cmp"
	"strconv"
	"time"

	"regatta/model/query"
	"regatta/model/rollback"
	"regatta/model/text"
	"regatta/theme"
	"regatta/ui/component/bar"
	"regatta/ui/component/table"
)

const (
	pastSince = iota
	pastUntil
	pastFor
	pastImage
	pastDigest
	pastSource
	pastSure
)

func pastColumns() []table.Column {
	return []table.Column{
		{Title: "SINCE", Name: "since", Width: 16},
		{Title: "UNTIL", Name: "until", Width: 16},
		{Title: "FOR", Name: "seconds", Width: 13, Rank: 3},
		{Title: "IMAGE", Name: "image", Width: 9, Flex: 1},
		{Title: "DIGEST", Name: "digest", Width: 12, Rank: 2},
		{Title: "SOURCE", Name: "source", Width: 8, Rank: 1},
		{Title: "HOW SURE", Name: "certainty", Width: 20, Flex: 2},
	}
}

func pastFields() *query.Schema[rollback.Entry] {
	return &query.Schema[rollback.Entry]{
		Name: func(e *rollback.Entry, yield func(string) bool) bool {
			return yield(string(e.Digest)) || yield(string(e.Source)) || yield(e.Text)
		},
	}
}

func comparePast(by int) func(a, b *rollback.Entry) int {
	if by != pastFor {
		return nil
	}
	return func(a, b *rollback.Entry) int { return cmp.Compare(a.Until.Sub(a.Since), b.Until.Sub(b.Since)) }
}

// periods draws the rows.
type periods struct{ s *Past }

// Cell implements table.Source.
func (c periods) Cell(row table.Row, column, _ int) table.Cell {
	if row < 0 || int(row) >= len(c.s.loaded.History) {
		return table.Cell{}
	}
	e := &c.s.loaded.History[row]
	since, until := e.When()
	switch column {
	case pastSince:
		return table.Cell{Role: theme.Text, Text: since}
	case pastUntil:
		return table.Cell{Role: theme.Text, Text: until}
	case pastFor:
		return c.lasted(e)
	case pastImage:
		return table.Cell{Role: theme.Strong, Text: c.s.names(e.Digest)}
	case pastDigest:
		return table.Cell{Role: theme.Dim, Text: e.Digest.Short()}
	case pastSource:
		return table.Cell{Role: theme.Text, Text: string(e.Source)}
	}
	return table.Cell{Role: theme.Dim, Text: e.Certainty() + ": " + e.Text}
}

// lasted is for how long, beside the longest of them.
func (c periods) lasted(e *rollback.Entry) table.Cell {
	now, longest := c.s.now, time.Duration(0)
	for _, other := range c.s.loaded.History {
		longest = max(longest, other.Lasted(now))
	}
	d := e.Lasted(now)
	if d == 0 {
		return table.Cell{Role: theme.Dim, Text: unread}
	}
	const width, digits = 7, 5
	age := text.Age(now.Add(-d), now)
	for len(age) < digits {
		age = " " + age
	}
	return table.Cell{
		Role: theme.Text, Text: age, TailRole: theme.Bar, Tail: " " + bar.Of(width, bar.Share(int64(d), int64(longest))),
	}
}

// Value implements table.Source.
func (c periods) Value(row table.Row, column int) string {
	if row < 0 || int(row) >= len(c.s.loaded.History) {
		return ""
	}
	e := &c.s.loaded.History[row]
	switch column {
	case pastFor:
		return strconv.FormatInt(int64(e.Lasted(c.s.now).Seconds()), 10)
	case pastDigest:
		return string(e.Digest)
	}
	const wide = 1000
	return c.Cell(row, column, wide).Text
}
