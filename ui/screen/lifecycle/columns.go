package lifecycle

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"time"

	"regatta/model/column"
	"regatta/model/lifecycle"
	"regatta/model/query"
	"regatta/model/ref"
	"regatta/model/text"
)

func (s *Screen) columns() []column.Column[row] {
	type of = column.Column[row]
	type sort = column.Sort[row]
	return []of{
		{
			Title: "OUTCOME", Name: "outcome", Width: 10, Cell: func(r *row, _ int) column.Cell { return r.outcome() },
			Value: func(r *row) string { return r.verdict.Outcome.String() },
			Sort: sort{Name: "outcome", Turn: 1, Compare: func(a, b *row) int {
				return cmp.Compare(a.rank(), b.rank())
			}},
		},
		{
			Title: "RULE", Name: "rule", Width: 4, Right: true, Cell: ruleCell,
			Value: func(r *row) string { return strconv.Itoa(r.verdict.Priority) },
			Sort: sort{Name: "rule", Turn: 4, Compare: func(a, b *row) int {
				return cmp.Compare(a.verdict.Priority, b.verdict.Priority)
			}},
		},
		{
			Title: "TAGS", Name: "tags", Width: 18, Flex: 1, Cell: tags,
			Value: func(r *row) string { return strings.Join(r.image.Tags, " ") },
		},
		column.Size(of{
			Title: "SIZE", Name: "size", Width: 7, Sort: sort{Name: "size", Turn: 3, Down: true},
		}, func(r *row) int64 { return r.image.Size }),
		column.Age(of{
			Title: "AGE", Name: "pushed", Width: 5, Tone: column.Dim,
			Value: func(r *row) string { return text.Stamp(r.image.Pushed) },
			Sort: sort{Name: "age", Turn: 2, Compare: func(a, b *row) int {
				return b.image.Pushed.Compare(a.image.Pushed)
			}},
		}, s.com.Now, func(r *row) time.Time { return r.image.Pushed }),
		{Title: "WHY", Name: "reason", Width: 22, Flex: 2, Cell: s.why, Value: s.wholeReason},
	}
}

// tie tells apart what a column does not.
func tie(a, b *row) int {
	return cmp.Or(b.image.Pushed.Compare(a.image.Pushed), cmp.Compare(a.image.Digest, b.image.Digest))
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

// ofTab is what the tab shows that is chosen; nil: all.
func (s *Screen) ofTab() func(*row) bool {
	if at := s.current(); at > 0 {
		return s.now.tabs[at].keep
	}
	return nil
}

func (s *Screen) wholeReason(r *row) string {
	if r.used != "" {
		return s.reason(r) + "; in use by " + r.used
	}
	return s.reason(r)
}

func ruleCell(r *row, _ int) column.Cell {
	if r.verdict.Priority == 0 {
		return column.Cell{Tone: column.Dim, Text: column.None}
	}
	return column.Cell{Text: strconv.Itoa(r.verdict.Priority)}
}

// why is the reason without the outcome and its rule, which have columns of
// their own.
func (s *Screen) why(r *row, _ int) column.Cell {
	_, why, _ := strings.Cut(s.reason(r), ": ")
	if r.aws != nil {
		why = "AWS: " + r.aws.Outcome.String() + "; here: " + why
	}
	if r.used == "" {
		return column.Cell{Tone: column.Dim, Text: why}
	}
	role := column.Accent
	if r.dangerous() {
		role = column.Danger
	}
	return column.Cell{Tone: role, Text: "in use by " + r.used + "; ", TailTone: column.Dim, Tail: why}
}

func (r *row) outcome() column.Cell {
	cell := outcome(r.verdict.Outcome)
	if r.dangerous() {
		cell.Text = "! expire"
	}
	if r.aws != nil {
		cell.TailTone, cell.Tail = column.Warn, " ≠"
	}
	return cell
}

func (s *Screen) reason(r *row) string { return s.now.evaluation.Reason(r.at) }

func outcome(o lifecycle.Outcome) column.Cell {
	switch o {
	case lifecycle.Expire:
		return column.Cell{Tone: column.Danger, Text: "× expire"}
	case lifecycle.Transition:
		return column.Cell{Tone: column.Warn, Text: "↓ archive"}
	case lifecycle.Keep:
	}
	return column.Cell{Tone: column.OK, Text: "= keep"}
}

func tags(r *row, _ int) column.Cell {
	if len(r.image.Tags) == 0 {
		return column.Cell{Tone: column.Dim, Text: r.image.Digest.Short()}
	}
	return column.Names(r.image.Tags)
}
