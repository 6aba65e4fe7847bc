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
		{Title: "TAGS", Name: "tags", Width: 18, Flex: 1},
		{Title: "SIZE", Name: "size", Width: 7, Right: true},
		{Title: "FREES", Name: "frees", Width: 7, Right: true, Rank: 1},
		{Width: 10, Rank: 2},
		{Title: "AGE", Name: "time", Width: 5, Right: true},
		{Title: "WHY", Name: "reason", Width: 22, Flex: 2},
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

func (s *Screen) image(r *row) *cleanup.Image { return &s.in.Stock.Images[r.at] }

func (s *Screen) verdict(r *row) cleanup.Verdict {
	if s.now == nil || r.at >= len(s.now.found.Verdicts) {
		return cleanup.Verdict{}
	}
	return s.now.found.Verdicts[r.at]
}

func (s *Screen) freed(r *row) int64 {
	if s.now == nil || r.at >= len(s.now.free) {
		return 0
	}
	return s.now.free[r.at]
}

// byHand is whether an exception was made of an image.
func (s *Screen) byHand(r *row) bool { return s.rules.Exceptions[s.image(r).Digest] != 0 }

func (s *Screen) fields() *query.Schema[row] {
	removed := func(r *row) bool { return s.verdict(r).Outcome == cleanup.Removed }
	return &query.Schema[row]{
		Name: func(r *row, yield func(string) bool) bool {
			return slices.ContainsFunc(s.image(r).Tags, yield) || yield(string(s.image(r).Digest))
		},
		Size: map[string]func(*row) int64{"size": func(r *row) int64 { return s.image(r).Size }, "frees": s.freed},
		Age:  map[string]func(*row) time.Time{"age": func(r *row) time.Time { return s.image(r).Time }},
		Is: map[string]func(*row) bool{
			"removed":  removed,
			"kept":     func(r *row) bool { return !removed(r) },
			"untagged": func(r *row) bool { return len(s.image(r).Tags) == 0 },
			"by-hand":  s.byHand,
		},
	}
}

type data struct{ s *Screen }

// Snapshot implements list.Data. What is shown is one result: a new one comes
// with a new snapshot.
func (d data) Snapshot() ([]*row, func(int, bool) catalog.Compare) {
	rows, now := d.s.rows, d.s.now
	if now == nil || len(now.found.Verdicts) != len(rows) {
		return nil, func(int, bool) catalog.Compare { return func(list.Row, list.Row) int { return 0 } }
	}
	images := now.found.Stock.Images
	return rows, func(by int, reverse bool) catalog.Compare {
		return func(a, b list.Row) int {
			x, y := rows[a].at, rows[b].at
			first := now.compare(by, x, y)
			if reverse {
				first = -first
			}
			return cmp.Or(first, images[y].Time.Compare(images[x].Time), cmp.Compare(images[x].Digest, images[y].Digest))
		}
	}
}

// compare puts what goes first.
func (r *result) compare(by, a, b int) int {
	x, y := &r.found.Stock.Images[a], &r.found.Stock.Images[b]
	switch by {
	case colAge:
		return y.Time.Compare(x.Time)
	case colSize:
		return cmp.Compare(x.Size, y.Size)
	case colFrees:
		return cmp.Compare(r.free[a], r.free[b])
	}
	return cmp.Compare(r.found.Verdicts[b].Outcome, r.found.Verdicts[a].Outcome)
}

func (data) Live(r list.Row) list.Row { return r }
func (data) Keep() func(*row) bool    { return nil }

type cells struct{ s *Screen }

// Cell implements table.Source.
func (c cells) Cell(at table.Row, column, width int) table.Cell {
	r := c.s.rows[at]
	img := c.s.image(r)
	switch column {
	case colOutcome:
		return c.outcome(r)
	case colTags:
		return tags(img)
	case colSize:
		return size(img.Size)
	case colFrees:
		return table.Cell{Role: theme.Accent, Text: c.frees(r)}
	case colBar:
		if c.s.now == nil {
			return table.Cell{}
		}
		return table.Cell{Role: theme.Bar, Text: bar.Of(width, bar.Share(c.s.freed(r), c.s.now.most))}
	case colAge:
		return table.Cell{Role: theme.Dim, Text: text.Age(img.Time, c.s.com.Now())}
	}
	return table.Cell{Role: theme.Dim, Text: c.s.verdict(r).Why}
}

func (c cells) outcome(r *row) table.Cell {
	cell := table.Cell{Role: theme.OK, Text: "= keep"}
	if c.s.verdict(r).Outcome == cleanup.Removed {
		cell = table.Cell{Role: theme.Danger, Text: "× remove"}
	}
	if c.s.byHand(r) {
		cell.TailRole, cell.Tail = theme.Accent, " •"
	}
	return cell
}

func (c cells) frees(r *row) string {
	if n := c.s.freed(r); n > 0 {
		return text.Bytes(n)
	}
	return ""
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
	r := c.s.rows[at]
	img := c.s.image(r)
	switch column {
	case colOutcome:
		return c.s.verdict(r).Outcome.String()
	case colTags:
		return strings.Join(img.Tags, " ")
	case colSize:
		return strconv.FormatInt(img.Size, 10)
	case colFrees:
		return strconv.FormatInt(c.s.freed(r), 10)
	case colAge:
		return text.Stamp(img.Time)
	}
	return c.s.verdict(r).Reason()
}
