package supply

import (
	"cmp"
	"strings"

	"regatta/model/finding"
	"regatta/model/query"
	"regatta/theme"
	"regatta/ui/component/list"
	"regatta/ui/component/table"
)

const (
	colName = iota
	colVersion
	colType
	colLicence
	colFindings
)

func columns() []table.Column {
	return []table.Column{
		{Title: "PACKAGE", Name: "package", Width: 22, Flex: 3},
		{Title: "VERSION", Name: "version", Width: 14, Flex: 1},
		{Title: "TYPE", Name: "type", Width: 8, Rank: 1},
		{Title: "LICENCE", Name: "licence", Width: 14, Flex: 2},
		{Title: "FINDINGS", Name: "findings", Width: 12, Flex: 1},
	}
}

func orders() []list.Order {
	return []list.Order{
		{Name: "name", By: colName, Column: colName},
		{Name: "findings", By: colFindings, Column: colFindings},
		{Name: "licence", By: colLicence, Column: colLicence},
		{Name: "type", By: colType, Column: colType},
	}
}

func fields() *query.Schema[item] {
	type each = func(*item, func(string) bool) bool
	one := func(of func(*item) string) each {
		return func(i *item, yield func(string) bool) bool { return yield(of(i)) }
	}
	return &query.Schema[item]{
		Name: one(func(i *item) string { return i.Name }),
		Text: map[string]each{
			"version": one(func(i *item) string { return i.Version }), "type": one(func(i *item) string { return i.Type }),
			"licence": one(func(i *item) string { return i.Licence }),
			"finding": func(i *item, yield func(string) bool) bool {
				for _, f := range i.found {
					if yield(f.Name) {
						return true
					}
				}
				return false
			},
		},
		Is: map[string]func(*item) bool{
			"affected":   func(i *item) bool { return len(i.found) > 0 },
			"unlicensed": func(i *item) bool { return i.Licence == "" },
		},
	}
}

// compare is an order of packages, which come as the document is sorted.
func compare(by int) func(a, b *item) int {
	return map[int]func(a, b *item) int{
		colFindings: func(a, b *item) int {
			return cmp.Or(cmp.Compare(worst(a), worst(b)), cmp.Compare(len(b.found), len(a.found)))
		},
		colLicence: func(a, b *item) int { return strings.Compare(a.Licence, b.Licence) },
		colType:    func(a, b *item) int { return strings.Compare(a.Type, b.Type) },
	}[by]
}

// worst is the worst severity of what was found, beyond all of them for nothing.
func worst(i *item) finding.Severity {
	out := finding.Undefined + 1
	for _, f := range i.found {
		out = min(out, f.Severity)
	}
	return out
}

type cells struct{ s *Packages }

func (c cells) at(row table.Row) *item {
	if row < 0 || int(row) >= len(c.s.rows) {
		return nil
	}
	return c.s.rows[row]
}

// Cell implements table.Source.
func (c cells) Cell(row table.Row, column, _ int) table.Cell {
	i := c.at(row)
	if i == nil {
		return table.Cell{}
	}
	switch column {
	case colName:
		return table.Cell{Role: theme.Strong, Text: i.Name}
	case colVersion:
		return table.Cell{Role: theme.Text, Text: i.Version}
	case colType:
		return table.Cell{Role: theme.Dim, Text: i.Type}
	case colLicence:
		if i.Licence == "" {
			return table.Cell{Role: theme.Dim, Text: "—"}
		}
		return table.Cell{Role: theme.Text, Text: i.Licence}
	}
	role := theme.Warn
	if worst(i) <= finding.High {
		role = theme.Danger
	}
	return table.Cell{Role: role, Text: counts(i).Short()}
}

func counts(i *item) finding.Counts {
	var out finding.Counts
	for _, f := range i.found {
		out[f.Severity]++
	}
	return out
}

// Value implements table.Source.
func (c cells) Value(row table.Row, column int) string {
	i := c.at(row)
	switch {
	case i == nil:
		return ""
	case column == colName:
		return i.Name
	case column == colVersion:
		return i.Version
	case column == colType:
		return i.Type
	case column == colLicence:
		return i.Licence
	}
	return strings.Join(names(i.found), " ")
}

func names(all []finding.Finding) []string {
	var out []string
	for _, f := range all {
		out = append(out, f.Name)
	}
	return out
}
