package lifecycle

import (
	"cmp"
	"strconv"

	"regatta/model/column"
	"regatta/model/query"
	"regatta/model/text"
	"regatta/ui/component/bar"
)

func (s *Several) columns() []column.Column[repository] {
	type of = column.Column[repository]
	type sort = column.Sort[repository]
	type field = query.Field[repository]
	out := []of{
		{
			Title: "REPOSITORY", Name: "repository", Width: 16, Flex: 1, Tone: column.Strong,
			Value: func(r *repository) string { return r.name },
			Sort:  sort{Name: "repository", Turn: 1, Compare: tieSeveral},
		},
		left(tried(of{
			Title: "POLICY", Name: "rules", Width: 8, Rank: 2,
		}, func(r *repository) int { return r.rules }, rulesCell)),
		expiring(tried(of{
			Title: "EXPIRE", Name: "expire", Width: 7, Field: field{Name: "expire"},
			Sort: sort{Name: "expire", Turn: 3, Down: true},
		}, func(r *repository) int { return r.sum.Expire }, alarming(column.Danger))),
		tried(of{Title: "ARCHIVE", Name: "archive", Width: 7, Rank: 1},
			func(r *repository) int { return r.sum.Transition }, alarming(column.Warn)),
		tried(of{Title: "KEEP", Name: "keep", Width: 7, Field: field{Name: "keep"}},
			func(r *repository) int { return r.sum.Keep }, alarming(column.Text)),
		column.Size(of{
			Title: "FREES", Name: "reclaimedBytes", Width: 8, Field: field{Name: "frees"},
			Sort: sort{Name: "bytes", Turn: 2, Down: true, Compare: func(a, b *repository) int {
				return cmp.Compare(a.sum.ReclaimedBytes, b.sum.ReclaimedBytes)
			}},
		}, func(r *repository) int64 {
			if r.untried() {
				return -1
			}
			return r.sum.ReclaimedBytes
		}),
		bar.Column(of{Width: 12, Rank: 4}, func(r *repository) float64 {
			if r.untried() {
				return 0
			}
			return bar.Share(r.sum.ReclaimedBytes, s.most())
		}),
		using(of{Title: "IN USE", Name: "inUse", Width: 6, Sort: sort{Name: "in use", Turn: 4, Down: true}}),
	}
	if s.wire.Price.Known() {
		out = append(out, of{
			Title: "A MONTH", Name: "savesPerMonth", Width: 8, Right: true, Rank: 3, Cell: s.monthCell, Value: s.month,
		})
	}
	return out
}

// tried completes a column of numbers that are known once a policy was tried.
func tried(
	c column.Column[repository], of func(*repository) int, cell func(n int, r *repository) column.Cell,
) column.Column[repository] {
	if c.Sort.Name != "" {
		c.Sort.Compare = func(a, b *repository) int { return cmp.Compare(of(a), of(b)) }
	}
	c.Cell = func(r *repository, _ int) column.Cell {
		if r.untried() {
			return column.Cell{Tone: column.Dim, Text: column.Unread}
		}
		return cell(of(r), r)
	}
	c = column.Count(c, func(r *repository) int {
		if r.untried() {
			return -1
		}
		return of(r)
	})
	return c
}

// using completes the column of images that are in use: where a source did not answer, of
// those that are known to be.
func using(c column.Column[repository]) column.Column[repository] {
	c = tried(c, func(r *repository) int { return r.inUse }, func(n int, r *repository) column.Cell {
		cell := alarming(column.Danger)(n, r)
		cell.Text = atLeast(n, !r.in.AllUses)
		return cell
	})
	value := c.Value
	c.Value = func(r *repository) string {
		if r.inUse == 0 && !r.in.AllUses {
			return "" // not known
		}
		return value(r)
	}
	return c
}

// left aligns words that stand for a number.
func left(c column.Column[repository]) column.Column[repository] {
	c.Right = false
	return c
}

// expiring is where it says that a repository could not be read.
func expiring(c column.Column[repository]) column.Column[repository] {
	inner := c.Cell
	c.Cell = func(r *repository, width int) column.Cell {
		if r.err != nil {
			return column.Cell{Tone: column.Danger, Text: column.Failed}
		}
		return inner(r, width)
	}
	return c
}

// alarming is a number in a tone of its own unless it is zero.
func alarming(tone column.Tone) func(n int, r *repository) column.Cell {
	return func(n int, _ *repository) column.Cell {
		if n > 0 {
			return column.Cell{Tone: tone, Text: text.Count(n)}
		}
		return column.Cell{Text: text.Count(n)}
	}
}

func rulesCell(n int, r *repository) column.Cell {
	if r.text == "" && r.own == "" {
		return column.Cell{Tone: column.Dim, Text: "none"}
	}
	return column.Cell{Tone: column.Dim, Text: text.Plural(n, "rule", "rules")}
}

// monthCell is what a month costs less.
func (s *Several) monthCell(r *repository, _ int) column.Cell {
	if r.untried() {
		return column.Cell{Tone: column.Dim, Text: column.Unread}
	}
	if m, ok := s.wire.Price.Saves(r.sum.ReclaimedBytes, r.sum.Estimated); ok && r.sum.Expire > 0 {
		return column.Cell{Tone: column.Dim, Text: m.String()}
	}
	return column.Cell{}
}

func (s *Several) month(r *repository) string {
	if m, ok := s.wire.Price.Saves(r.sum.ReclaimedBytes, r.sum.Estimated); ok && !r.untried() {
		return strconv.FormatFloat(m.Rounded(), 'f', -1, 64)
	}
	return ""
}

// untried reports whether nothing is known of what the policy would do.
func (r *repository) untried() bool { return !r.tried || r.err != nil }

func tieSeveral(a, b *repository) int { return cmp.Compare(a.name, b.name) }

func severalFields() *query.Schema[repository] {
	return &query.Schema[repository]{
		Name: func(r *repository, yield func(string) bool) bool { return yield(r.name) },
		Is: map[string]func(*repository) bool{
			"in-use": func(r *repository) bool { return r.inUse > 0 },
			"failed": func(r *repository) bool { return r.err != nil },
		},
	}
}

func (s *Several) current() *repository { return s.List.Current() }

// most is how many bytes come back where most do.
func (s *Several) most() int64 {
	var out int64
	for _, r := range s.rows {
		out = max(out, r.sum.ReclaimedBytes)
	}
	return out
}
