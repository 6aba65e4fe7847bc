package image

import (
	"cmp"
	"slices"
	"strconv"

	"regatta/model/column"
	"regatta/model/finding"
	"regatta/model/query"
	"regatta/model/text"
)

func findingColumns() []column.Column[finding.Finding] {
	type of = column.Column[finding.Finding]
	type sort = column.Sort[finding.Finding]
	severity := func(f *finding.Finding) string { return f.Severity.String() }
	or := func(value func(*finding.Finding) string) func(*finding.Finding, int) column.Cell {
		return func(f *finding.Finding, _ int) column.Cell { return column.Or(column.Text, value(f), column.None) }
	}
	version := func(f *finding.Finding) string { return first(f).Version }
	fixed := func(f *finding.Finding) string { return first(f).Fixed }
	return []of{
		{
			Title: "SEVERITY", Name: "severity", Width: 13, Value: severity,
			Field: query.Field[finding.Finding]{Name: "severity", Text: severity},
			Cell: func(f *finding.Finding, _ int) column.Cell {
				return column.Cell{Tone: severityTone(f.Severity), Text: severity(f)}
			},
			Sort: sort{Name: "severity", Turn: 1, Compare: worstFirst},
		},
		{
			Title: "FINDING", Name: "name", Width: 16, Flex: 1, Value: func(f *finding.Finding) string { return f.Name },
			Sort: sort{Name: "name", Turn: 4, Compare: func(a, b *finding.Finding) int { return cmp.Compare(a.Name, b.Name) }},
		},
		{
			Title: "PACKAGE", Name: "package", Width: 12, Flex: 2, Cell: packageCell,
			Value: func(f *finding.Finding) string { return first(f).Name },
			Field: query.Field[finding.Finding]{Name: "package", Each: packages},
			Sort: sort{Name: "package", Turn: 3, Compare: func(a, b *finding.Finding) int {
				return cmp.Compare(first(a).Name, first(b).Name)
			}},
		},
		{Title: "VERSION", Name: "version", Width: 13, Flex: 1, Value: version, Cell: or(version)},
		{Title: "FIXED IN", Name: "fixedIn", Width: 10, Flex: 1, Rank: 2, Value: fixed, Cell: or(fixed)},
		{
			Title: "SCORE", Name: "score", Width: 5, Right: true, Rank: 1, Value: score, Cell: or(score),
			Field: query.Field[finding.Finding]{Name: "score", Count: func(f *finding.Finding) int64 { return int64(f.Score) }},
			Sort: sort{Name: "score", Turn: 2, Down: true, Compare: func(a, b *finding.Finding) int {
				return cmp.Compare(a.Score, b.Score)
			}},
		},
	}
}

func findingFields() *query.Schema[finding.Finding] {
	return &query.Schema[finding.Finding]{
		Name: func(f *finding.Finding, yield func(string) bool) bool { return yield(f.Name) || packages(f, yield) },
		Is:   map[string]func(*finding.Finding) bool{"fixed": func(f *finding.Finding) bool { return first(f).Fixed != "" }},
	}
}

func packages(f *finding.Finding, yield func(string) bool) bool {
	return slices.ContainsFunc(f.Packages, func(p finding.Package) bool { return yield(p.Name) })
}

func first(f *finding.Finding) finding.Package {
	if len(f.Packages) == 0 {
		return finding.Package{}
	}
	return f.Packages[0]
}

func worstFirst(a, b *finding.Finding) int {
	return cmp.Or(cmp.Compare(a.Severity, b.Severity), cmp.Compare(b.Score, a.Score), cmp.Compare(a.Name, b.Name))
}

func packageCell(f *finding.Finding, _ int) column.Cell {
	cell := column.Or(column.Text, first(f).Name, column.None)
	if len(f.Packages) > 1 {
		cell = column.Cell{Text: first(f).Name, TailTone: column.Dim, Tail: " +" + text.Count(len(f.Packages)-1)}
	}
	return cell
}

func score(f *finding.Finding) string {
	if f.Score == 0 {
		return ""
	}
	return strconv.FormatFloat(f.Score, 'f', 1, 64)
}
