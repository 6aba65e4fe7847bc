package lifecycle

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"regatta/model/catalog"
	"regatta/model/lifecycle"
	"regatta/model/query"
	"regatta/model/text"
	"regatta/theme"
	"regatta/ui/component/list"
	"regatta/ui/component/table"
)

const (
	colOutcome = iota
	colRule
	colTags
	colSize
	colAge
	colReason
)

func columns() []table.Column {
	return []table.Column{
		{Title: "OUTCOME", Name: "outcome", Width: 10},
		{Title: "RULE", Name: "rule", Width: 4, Right: true},
		{Title: "TAGS", Name: "tags", Width: 18, Flex: 1},
		{Title: "SIZE", Name: "size", Width: 7, Right: true},
		{Title: "AGE", Name: "pushed", Width: 5, Right: true},
		{Title: "WHY", Name: "reason", Width: 22, Flex: 2},
	}
}

func orders() []list.Order {
	return []list.Order{
		{Name: "outcome", By: colOutcome, Column: colOutcome},
		{Name: "age", By: colAge, Column: colAge},
		{Name: "size", By: colSize, Column: colSize, Reverse: true},
		{Name: "rule", By: colRule, Column: colRule},
	}
}

func (s *Screen) image(r *row) *lifecycle.Image { return &s.in.Images[r.at] }

func (s *Screen) verdict(r *row) lifecycle.Verdict {
	if s.now == nil {
		return lifecycle.Verdict{}
	}
	return s.now.evaluation.Verdicts[r.at]
}

func (s *Screen) fields() *query.Schema[row] {
	outcome := func(o lifecycle.Outcome) func(*row) bool {
		return func(r *row) bool { return s.verdict(r).Outcome == o }
	}
	return &query.Schema[row]{
		Name: func(r *row, yield func(string) bool) bool {
			return slices.ContainsFunc(s.image(r).Tags, yield) || yield(string(s.image(r).Digest))
		},
		Is: map[string]func(*row) bool{
			"expired": outcome(lifecycle.Expire), "archived": outcome(lifecycle.Transition),
			"kept":     outcome(lifecycle.Keep),
			"differs":  s.differs,
			"untagged": func(r *row) bool { return len(s.image(r).Tags) == 0 },
		},
	}
}

type data struct{ s *Screen }

// Snapshot implements list.Data. What is shown is one result: a new one comes
// with a new snapshot.
func (d data) Snapshot() ([]*row, func(int, bool) catalog.Compare) {
	rows, images := d.s.rows, d.s.in.Images
	var verdicts []lifecycle.Verdict
	if d.s.now != nil {
		verdicts = d.s.now.evaluation.Verdicts
	}
	if len(verdicts) != len(rows) {
		verdicts = make([]lifecycle.Verdict, len(rows))
	}
	return rows, func(by int, reverse bool) catalog.Compare {
		return func(a, b list.Row) int {
			x, y := rows[a].at, rows[b].at
			first := compareBy(by, &images[x], &images[y], verdicts[x], verdicts[y])
			if reverse {
				first = -first
			}
			return cmp.Or(first, images[y].Pushed.Compare(images[x].Pushed), cmp.Compare(images[x].Digest, images[y].Digest))
		}
	}
}

func compareBy(by int, a, b *lifecycle.Image, va, vb lifecycle.Verdict) int {
	switch by {
	case colAge:
		return b.Pushed.Compare(a.Pushed)
	case colSize:
		return cmp.Compare(a.Size, b.Size)
	case colRule:
		return cmp.Compare(va.Priority, vb.Priority)
	}
	return cmp.Compare(rank(va.Outcome), rank(vb.Outcome))
}

// rank puts what goes first.
func rank(o lifecycle.Outcome) int {
	switch o {
	case lifecycle.Expire:
		return 0
	case lifecycle.Transition:
		return 1
	case lifecycle.Keep:
	}
	return 2
}

func (data) Live(r list.Row) list.Row { return r }
func (data) Keep() func(*row) bool    { return nil }

type cells struct{ s *Screen }

// Cell implements table.Source.
func (c cells) Cell(at table.Row, column, _ int) table.Cell {
	r := c.s.rows[at]
	img, v := c.s.image(r), c.s.verdict(r)
	switch column {
	case colOutcome:
		cell := outcome(v.Outcome)
		if c.s.differs(r) {
			cell.TailRole, cell.Tail = theme.Warn, " ≠"
		}
		return cell
	case colRule:
		if v.Priority == 0 {
			return table.Cell{Role: theme.Dim, Text: "—"}
		}
		return table.Cell{Role: theme.Text, Text: strconv.Itoa(v.Priority)}
	case colTags:
		return tags(img)
	case colSize:
		return table.Cell{Role: theme.Text, Text: text.Bytes(img.Size)}
	case colAge:
		return table.Cell{Role: theme.Dim, Text: text.Age(img.Pushed, c.s.com.Now())}
	}
	_, why, _ := strings.Cut(c.s.reason(r), ": ") // the outcome and its rule have columns of their own
	if c.s.differs(r) {
		why = "AWS: " + c.s.aws.says[img.Digest].Outcome.String() + "; here: " + why
	}
	return table.Cell{Role: theme.Dim, Text: why}
}

func (s *Screen) reason(r *row) string {
	if s.now == nil {
		return ""
	}
	return s.now.evaluation.Reason(r.at)
}

func outcome(o lifecycle.Outcome) table.Cell {
	switch o {
	case lifecycle.Expire:
		return table.Cell{Role: theme.Danger, Text: "× expire"}
	case lifecycle.Transition:
		return table.Cell{Role: theme.Warn, Text: "↓ archive"}
	case lifecycle.Keep:
	}
	return table.Cell{Role: theme.OK, Text: "= keep"}
}

func tags(img *lifecycle.Image) table.Cell {
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
	img, v := c.s.image(r), c.s.verdict(r)
	switch column {
	case colOutcome:
		return v.Outcome.String()
	case colRule:
		return strconv.Itoa(v.Priority)
	case colTags:
		return strings.Join(img.Tags, " ")
	case colSize:
		return strconv.FormatInt(img.Size, 10)
	case colAge:
		return text.Stamp(img.Pushed)
	}
	return c.s.reason(r)
}
