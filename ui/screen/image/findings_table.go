package image

import (
	"cmp"
	"strconv"

	"regatta/model/finding"
	"regatta/model/query"
	"regatta/model/text"
	"regatta/theme"
	"regatta/ui/component/list"
	"regatta/ui/component/table"
)

const (
	findSeverity = iota
	findName
	findPackage
	findVersion
	findFixed
	findScore
)

func findingColumns() []table.Column {
	return []table.Column{
		{Title: "SEVERITY", Name: "severity", Width: 13},
		{Title: "FINDING", Name: "name", Width: 16, Flex: 1},
		{Title: "PACKAGE", Name: "package", Width: 12, Flex: 2},
		{Title: "VERSION", Name: "version", Width: 13, Flex: 1},
		{Title: "FIXED IN", Name: "fixedIn", Width: 10, Flex: 1, Rank: 2},
		{Title: "SCORE", Name: "score", Width: 5, Right: true, Rank: 1},
	}
}

func findingOrders() []list.Order {
	return []list.Order{
		{Name: "severity", By: findSeverity, Column: findSeverity},
		{Name: "score", By: findScore, Column: findScore, Reverse: true},
		{Name: "package", By: findPackage, Column: findPackage},
		{Name: "name", By: findName, Column: findName},
	}
}

func findingFields() *query.Schema[finding.Finding] {
	type each = func(*finding.Finding, func(string) bool) bool
	packages := func(f *finding.Finding, yield func(string) bool) bool {
		for _, p := range f.Packages {
			if yield(p.Name) {
				return true
			}
		}
		return false
	}
	return &query.Schema[finding.Finding]{
		Name: func(f *finding.Finding, yield func(string) bool) bool { return yield(f.Name) || packages(f, yield) },
		Text: map[string]each{
			"severity": func(f *finding.Finding, yield func(string) bool) bool { return yield(f.Severity.String()) },
			"package":  packages,
		},
		Count: map[string]func(*finding.Finding) int64{"score": func(f *finding.Finding) int64 { return int64(f.Score) }},
		Is:    map[string]func(*finding.Finding) bool{"fixed": func(f *finding.Finding) bool { return first(f).Fixed != "" }},
	}
}

func first(f *finding.Finding) finding.Package {
	if len(f.Packages) == 0 {
		return finding.Package{}
	}
	return f.Packages[0]
}

func compareFindings(by int) func(a, b *finding.Finding) int {
	switch by {
	case findScore:
		return func(a, b *finding.Finding) int { return cmp.Compare(a.Score, b.Score) }
	case findPackage:
		return func(a, b *finding.Finding) int { return cmp.Compare(first(a).Name, first(b).Name) }
	case findName:
		return func(a, b *finding.Finding) int { return cmp.Compare(a.Name, b.Name) }
	}
	return func(a, b *finding.Finding) int {
		return cmp.Or(cmp.Compare(a.Severity, b.Severity), cmp.Compare(b.Score, a.Score), cmp.Compare(a.Name, b.Name))
	}
}

type findingCells struct{ s *Screen }

func (c findingCells) at(row table.Row) *finding.Finding {
	if i := int(row); i >= 0 && i < len(c.s.found.rows) {
		return c.s.found.rows[i]
	}
	return nil
}

func (c findingCells) Cell(row table.Row, column, _ int) table.Cell {
	f := c.at(row)
	if f == nil {
		return table.Cell{}
	}
	cell := table.Cell{Role: theme.Text, Text: c.Value(row, column)}
	switch {
	case column == findSeverity:
		cell.Role = severityRole(f.Severity)
	case column == findPackage && len(f.Packages) > 1:
		cell.TailRole, cell.Tail = theme.Dim, " +"+text.Count(len(f.Packages)-1)
	case cell.Text == "":
		return table.Cell{Role: theme.Dim, Text: "—"}
	}
	return cell
}

// Value implements table.Source.
func (c findingCells) Value(row table.Row, column int) string {
	f := c.at(row)
	switch {
	case f == nil:
		return ""
	case column == findSeverity:
		return f.Severity.String()
	case column == findName:
		return f.Name
	case column == findPackage:
		return first(f).Name
	case column == findVersion:
		return first(f).Version
	case column == findFixed:
		return first(f).Fixed
	case f.Score == 0:
		return ""
	}
	return strconv.FormatFloat(f.Score, 'f', 1, 64)
}
