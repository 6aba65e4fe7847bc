package health

import (
	"cmp"
	"slices"
	"strings"

	"regatta/model/catalog"
	"regatta/model/health"
	"regatta/model/query"
	"regatta/theme"
	"regatta/ui/component/list"
	"regatta/ui/component/table"
)

const (
	colKind = iota
	colName
	colText
)

func columns() []table.Column {
	return []table.Column{
		{Title: "FINDING", Name: "finding", Width: 15},
		{Title: "MANIFEST", Name: "manifest", Width: 20, Flex: 1},
		{Title: "WHAT", Name: "what", Width: 30, Flex: 1},
	}
}

// kinds are the findings in the order in which they are shown, the worst first.
func kinds() []health.Kind {
	return []health.Kind{
		health.MissingChild, health.MissingBlob, health.LostSubject, health.OrphanTag, health.Unreferenced,
	}
}

func fields() *query.Schema[health.Finding] {
	is := map[string]func(*health.Finding) bool{}
	for _, k := range kinds() {
		is[string(k)] = func(f *health.Finding) bool { return f.Kind == k }
	}
	return &query.Schema[health.Finding]{
		Name: func(f *health.Finding, yield func(string) bool) bool {
			return slices.ContainsFunc(f.Tags, yield) || yield(string(f.Digest)) || yield(string(f.Kind))
		},
		Is: is,
	}
}

// grave tells what makes an image unusable from what is only left over.
func grave(k health.Kind) bool { return k == health.MissingChild || k == health.MissingBlob }

// finding is what a row of the table is about, nil if it is there no more.
func (s *Screen) finding(at table.Row) *health.Finding {
	if at >= 0 && int(at) < len(s.found) {
		return s.found[at]
	}
	return nil
}

type data struct{ s *Screen }

// Snapshot implements list.Data. New findings come with new rows.
func (d data) Snapshot() ([]*health.Finding, func(int, bool) catalog.Compare) {
	rows, rank := d.s.found, kinds()
	return rows, func(by int, reverse bool) catalog.Compare {
		return func(a, b list.Row) int {
			x, y := rows[a], rows[b]
			first := cmp.Compare(slices.Index(rank, x.Kind), slices.Index(rank, y.Kind))
			if by == colName {
				first = cmp.Compare(name(x), name(y))
			}
			if reverse {
				first = -first
			}
			return cmp.Or(first, cmp.Compare(name(x), name(y)), cmp.Compare(x.Kind, y.Kind))
		}
	}
}

func (data) Live(r list.Row) list.Row         { return r }
func (data) Keep() func(*health.Finding) bool { return nil }

// name is the tags of a manifest, or its digest.
func name(f *health.Finding) string {
	if len(f.Tags) == 0 {
		return string(f.Digest)
	}
	return strings.Join(f.Tags, " ")
}

type cells struct{ s *Screen }

// Cell implements table.Source.
func (c cells) Cell(at table.Row, column, _ int) table.Cell {
	f := c.s.finding(at)
	switch {
	case f == nil:
	case column == colKind && grave(f.Kind):
		return table.Cell{Role: theme.Danger, Text: "✗ " + string(f.Kind)}
	case column == colKind:
		return table.Cell{Role: theme.Warn, Text: "! " + string(f.Kind)}
	case column == colText:
		return table.Cell{Role: theme.Text, Text: f.Text}
	case len(f.Tags) == 0:
		return table.Cell{Role: theme.Dim, Text: f.Digest.Short()}
	default:
		return table.Cell{
			Role: theme.Strong, Text: f.Tags[0], TailRole: theme.Dim, Tail: " " + strings.Join(f.Tags[1:], " "),
		}
	}
	return table.Cell{}
}

// Value implements table.Source.
func (c cells) Value(at table.Row, column int) string {
	f := c.s.finding(at)
	switch {
	case f == nil:
		return ""
	case column == colKind:
		return string(f.Kind)
	case column == colText:
		return f.Text
	}
	return f.Name()
}
