package supply

import (
	"cmp"
	"slices"
	"strings"

	"regatta/model/column"
	"regatta/model/finding"
	"regatta/model/query"
)

// columns show packages as the document is sorted.
func (s *Packages) columns() []column.Column[item] {
	type of = column.Column[item]
	type sort = column.Sort[item]
	plain := func(c of, value func(*item) string) of {
		c.Value, c.Field.Text = value, value
		if c.Sort.Name != "" {
			c.Sort.Compare = func(a, b *item) int { return strings.Compare(value(a), value(b)) }
		}
		return c
	}
	field := func(name string) query.Field[item] { return query.Field[item]{Name: name} }
	return []of{
		{
			Title: "PACKAGE", Name: "package", Width: 22, Flex: 3, Tone: column.Strong,
			Value: func(i *item) string { return i.Name }, Sort: sort{Name: "name", Turn: 1},
		},
		plain(of{
			Title: "VERSION", Name: "version", Width: 14, Flex: 1, Field: field("version"),
		}, func(i *item) string { return i.Version }),
		plain(of{
			Title: "TYPE", Name: "type", Width: 8, Rank: 1, Tone: column.Dim, Field: field("type"),
			Sort: sort{Name: "type", Turn: 4},
		}, func(i *item) string { return i.Type }),
		plain(of{
			Title: "LICENCE", Name: "licence", Width: 14, Flex: 2, Field: field("licence"),
			Sort: sort{Name: "licence", Turn: 3},
			Cell: func(i *item, _ int) column.Cell { return column.Or(column.Text, i.Licence, column.None) },
		}, func(i *item) string { return i.Licence }),
		{
			Title: "FINDINGS", Name: "findings", Width: 12, Flex: 1, Cell: s.foundCell,
			Value: func(i *item) string { return strings.Join(names(i.found), " ") },
			Field: query.Field[item]{Name: "finding", Each: func(i *item, yield func(string) bool) bool {
				return slices.ContainsFunc(names(i.found), yield)
			}},
			Sort: sort{Name: "findings", Turn: 2, Compare: func(a, b *item) int {
				return cmp.Or(cmp.Compare(worst(a), worst(b)), cmp.Compare(len(b.found), len(a.found)))
			}},
		},
	}
}

func fields() *query.Schema[item] {
	return &query.Schema[item]{
		Name: func(i *item, yield func(string) bool) bool { return yield(i.Name) },
		Is: map[string]func(*item) bool{
			"affected":   func(i *item) bool { return len(i.found) > 0 },
			"unlicensed": func(i *item) bool { return i.Licence == "" },
		},
	}
}

// worst is the worst severity of what was found, beyond all of them for nothing.
func worst(i *item) finding.Severity {
	out := finding.Undefined + 1
	for _, f := range i.found {
		out = min(out, f.Severity)
	}
	return out
}

func (s *Packages) foundCell(i *item, _ int) column.Cell {
	if len(i.found) == 0 {
		return s.unfound()
	}
	tone := column.Warn
	if worst(i) <= finding.High {
		tone = column.Danger
	}
	return column.Cell{Tone: tone, Text: counts(i).Short()}
}

// unfound tells a package of which nothing is known from one in which nothing was found.
func (s *Packages) unfound() column.Cell {
	switch {
	case s.scanErr != nil:
		return column.Cell{Tone: column.Danger, Text: "!"}
	case s.wire.Findings != nil && (!s.scanned || !s.report.Scanned()):
		return column.Cell{Tone: column.Dim, Text: "·"}
	}
	return column.Cell{}
}

func counts(i *item) finding.Counts {
	var out finding.Counts
	for _, f := range i.found {
		out[f.Severity]++
	}
	return out
}

func names(all []finding.Finding) []string {
	var out []string
	for _, f := range all {
		out = append(out, f.Name)
	}
	return out
}
