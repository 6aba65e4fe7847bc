package cleanup

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"regatta/model/catalog"
	"regatta/model/cleanup"
	"regatta/model/query"
	"regatta/model/text"
	"regatta/theme"
	"regatta/ui/component/bar"
	"regatta/ui/component/list"
	"regatta/ui/component/table"
)

const (
	colOutcome = iota
	colTags
	colSize
	colFrees
	colBar
	colAge
	colReason
)

func columns() []table.Column {
	return []table.Column{
		{Title: "OUTCOME", Name: "outcome", Width: 10},
		{Title: "TAGS", Name: "tags", Width: 15, Flex: 1},
		{Title: "SIZE", Name: "size", Width: 7, Right: true},
		{Title: "FREES", Name: "frees", Width: 7, Right: true, Rank: 1},
		{Width: 10, Rank: 2},
		{Title: "AGE", Name: "time", Width: 5, Right: true},
		{Title: "WHY", Name: "reason", Width: 25, Flex: 2},
	}
}

func orders() []list.Order {
	return []list.Order{
		{Name: "outcome", By: colOutcome, Column: colOutcome},
		{Name: "age", By: colAge, Column: colAge},
		{Name: "size", By: colSize, Column: colSize, Reverse: true},
		{Name: "frees", By: colFrees, Column: colFrees, Reverse: true},
	}
}

func fields() *query.Schema[row] {
	removed := func(r *row) bool { return r.verdict.Outcome == cleanup.Removed }
	return &query.Schema[row]{
		Name: func(r *row, yield func(string) bool) bool {
			return slices.ContainsFunc(r.image.Tags, yield) || yield(string(r.image.Digest))
		},
		Size: map[string]func(*row) int64{
			"size": func(r *row) int64 { return r.image.Size }, "frees": func(r *row) int64 { return r.frees },
		},
		Age: map[string]func(*row) time.Time{"age": func(r *row) time.Time { return r.image.Time }},
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

// row is what a row of the table is about. The table may still be that of
// images that there were before; then it is nil.
func (s *Screen) row(at table.Row) *row {
	if rows := s.shown(); at >= 0 && int(at) < len(rows) {
		return rows[at]
	}
	return nil
}

type data struct{ s *Screen }

// Snapshot implements list.Data. A new result comes with new rows.
func (d data) Snapshot() ([]*row, func(int, bool) catalog.Compare) {
	rows := d.s.shown()
	return rows, func(by int, reverse bool) catalog.Compare {
		return func(a, b list.Row) int {
			x, y := rows[a], rows[b]
			first := compare(by, x, y)
			if reverse {
				first = -first
			}
			return cmp.Or(first, y.image.Time.Compare(x.image.Time), cmp.Compare(x.image.Digest, y.image.Digest))
		}
	}
}

// compare puts what goes first, and with it what would if nobody had spoken for
// it: a row stays where it is while it is decided on.
func compare(by int, a, b *row) int {
	switch by {
	case colAge:
		return b.image.Time.Compare(a.image.Time)
	case colSize:
		return cmp.Compare(a.image.Size, b.image.Size)
	case colFrees:
		return cmp.Compare(a.frees, b.frees)
	}
	return cmp.Compare(rank(a), rank(b))
}

func rank(r *row) int {
	if r.hand || r.verdict.Outcome != cleanup.Kept {
		return 0
	}
	return 1
}

func (data) Live(r list.Row) list.Row { return r }
func (data) Keep() func(*row) bool    { return nil }

type cells struct{ s *Screen }

// Cell implements table.Source.
func (c cells) Cell(at table.Row, column, width int) table.Cell {
	r := c.s.row(at)
	if r == nil {
		return table.Cell{}
	}
	switch column {
	case colOutcome:
		return outcome(r)
	case colTags:
		return tags(r.image)
	case colSize:
		return size(r.image.Size)
	case colFrees:
		return frees(r.frees)
	case colBar:
		return table.Cell{Role: theme.Bar, Text: bar.Of(width, bar.Share(r.frees, c.s.now.most))}
	case colAge:
		return table.Cell{Role: theme.Dim, Text: text.Age(r.image.Time, c.s.com.Now())}
	}
	return table.Cell{Role: theme.Dim, Text: r.verdict.Why}
}

func outcome(r *row) table.Cell {
	cell := table.Cell{Role: theme.OK, Text: "= keep"}
	switch r.verdict.Outcome {
	case cleanup.Removed:
		cell = table.Cell{Role: theme.Danger, Text: "× remove"}
	case cleanup.Marked:
		cell = table.Cell{Role: theme.Warn, Text: "~ mark"}
	case cleanup.Archived:
		cell = table.Cell{Role: theme.Warn, Text: "↓ archive"}
	case cleanup.Kept:
	}
	if r.hand {
		cell.TailRole, cell.Tail = theme.Accent, " •"
	}
	return cell
}

func frees(n int64) table.Cell {
	if n == 0 {
		return table.Cell{}
	}
	return table.Cell{Role: theme.Accent, Text: text.Bytes(n)}
}

func size(n int64) table.Cell {
	if n < 0 {
		return table.Cell{Role: theme.Dim, Text: "?"}
	}
	return table.Cell{Role: theme.Text, Text: text.Bytes(n)}
}

func tags(img *cleanup.Image) table.Cell {
	if len(img.Tags) == 0 {
		return table.Cell{Role: theme.Dim, Text: img.Digest.Short()}
	}
	return table.Cell{
		Role: theme.Strong, Text: img.Tags[0], TailRole: theme.Dim, Tail: " " + strings.Join(img.Tags[1:], " "),
	}
}

// Value implements table.Source.
func (c cells) Value(at table.Row, column int) string {
	r := c.s.row(at)
	if r == nil {
		return ""
	}
	switch column {
	case colOutcome:
		return r.verdict.Outcome.String()
	case colTags:
		return strings.Join(r.image.Tags, " ")
	case colSize:
		return strconv.FormatInt(r.image.Size, 10)
	case colFrees:
		return strconv.FormatInt(r.frees, 10)
	case colAge:
		return text.Stamp(r.image.Time)
	}
	return r.verdict.Reason()
}
