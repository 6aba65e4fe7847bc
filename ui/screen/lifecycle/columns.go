package lifecycle

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"regatta/model/catalog"
	"regatta/model/lifecycle"
	"regatta/model/query"
	"regatta/model/ref"
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

func rowsOf(r *result, in Loaded) []*row {
	fresh := make(map[ref.Digest]bool, len(r.change.Expire))
	for _, d := range r.change.Expire {
		fresh[d] = true
	}
	out := make([]*row, len(in.Images))
	for i := range in.Images {
		img := &in.Images[i]
		out[i] = &row{at: i, image: img, verdict: r.evaluation.Verdicts[i], fresh: fresh[img.Digest]}
		if in.UsedBy == nil {
			continue
		}
		if by := in.UsedBy(img.Digest); len(by) > 0 {
			out[i].used = by[0]
		}
	}
	return out
}

// shown are the rows of the newest result.
func (s *Screen) shown() []*row {
	if s.now == nil {
		return nil
	}
	return s.now.rows
}

// row is what a row of the table is about. The table may still be that of images
// that there were before; then it is nil.
func (s *Screen) row(at table.Row) *row {
	if rows := s.shown(); at >= 0 && int(at) < len(rows) {
		return rows[at]
	}
	return nil
}

func fields() *query.Schema[row] {
	outcome := func(o lifecycle.Outcome) func(*row) bool {
		return func(r *row) bool { return r.verdict.Outcome == o }
	}
	return &query.Schema[row]{
		Name: func(r *row, yield func(string) bool) bool {
			return slices.ContainsFunc(r.image.Tags, yield) || yield(string(r.image.Digest))
		},
		Is: map[string]func(*row) bool{
			"expired": outcome(lifecycle.Expire), "archived": outcome(lifecycle.Transition),
			"kept":     outcome(lifecycle.Keep),
			"differs":  func(r *row) bool { return r.aws != nil },
			"untagged": func(r *row) bool { return len(r.image.Tags) == 0 },
		},
	}
}

type data struct{ s *Screen }

// Snapshot implements list.Data. A new result comes with new rows.
func (d data) Snapshot() ([]*row, func(int, bool) catalog.Compare) {
	rows := d.s.shown()
	return rows, func(by int, reverse bool) catalog.Compare {
		return func(a, b list.Row) int {
			x, y := rows[a], rows[b]
			first := compareBy(by, x, y)
			if reverse {
				first = -first
			}
			return cmp.Or(first, y.image.Pushed.Compare(x.image.Pushed), cmp.Compare(x.image.Digest, y.image.Digest))
		}
	}
}

func compareBy(by int, a, b *row) int {
	switch by {
	case colAge:
		return b.image.Pushed.Compare(a.image.Pushed)
	case colSize:
		return cmp.Compare(a.image.Size, b.image.Size)
	case colRule:
		return cmp.Compare(a.verdict.Priority, b.verdict.Priority)
	}
	return cmp.Compare(a.rank(), b.rank())
}

// rank puts first what goes though somebody runs it.
func (r *row) rank() int {
	if r.dangerous() {
		return -1
	}
	return rank(r.verdict.Outcome)
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

// Keep implements list.Data: the tab that is shown.
func (d data) Keep() func(*row) bool {
	if at := d.s.current(); at > 0 {
		return d.s.now.tabs[at].keep
	}
	return nil
}

type cells struct{ s *Screen }

// Cell implements table.Source.
func (c cells) Cell(at table.Row, column, _ int) table.Cell {
	r := c.s.row(at)
	if r == nil {
		return table.Cell{}
	}
	img, v := r.image, r.verdict
	switch column {
	case colOutcome:
		return r.outcome()
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
	return c.s.why(r)
}

// why is the reason without the outcome and its rule, which have columns of
// their own.
func (s *Screen) why(r *row) table.Cell {
	_, why, _ := strings.Cut(s.reason(r), ": ")
	if r.aws != nil {
		why = "AWS: " + r.aws.Outcome.String() + "; here: " + why
	}
	if r.used == "" {
		return table.Cell{Role: theme.Dim, Text: why}
	}
	role := theme.Accent
	if r.dangerous() {
		role = theme.Danger
	}
	return table.Cell{Role: role, Text: "in use by " + r.used + "; ", TailRole: theme.Dim, Tail: why}
}

func (r *row) outcome() table.Cell {
	cell := outcome(r.verdict.Outcome)
	if r.dangerous() {
		cell.Text = "! expire"
	}
	if r.aws != nil {
		cell.TailRole, cell.Tail = theme.Warn, " ≠"
	}
	return cell
}

func (s *Screen) reason(r *row) string { return s.now.evaluation.Reason(r.at) }

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
	r := c.s.row(at)
	if r == nil {
		return ""
	}
	img, v := r.image, r.verdict
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
	if r.used != "" {
		return c.s.reason(r) + "; in use by " + r.used
	}
	return c.s.reason(r)
}
