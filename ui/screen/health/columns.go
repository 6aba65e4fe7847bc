package health

import (
	"cmp"
	"slices"
	"strings"

	"regatta/model/column"
	"regatta/model/health"
	"regatta/model/query"
)

func columns() []column.Column[health.Finding] {
	type of = column.Column[health.Finding]
	type sort = column.Sort[health.Finding]
	rank := kinds()
	return []of{
		{
			Title: "FINDING", Name: "finding", Width: 15, Value: func(f *health.Finding) string { return string(f.Kind) },
			Cell: kindCell,
			Sort: sort{Name: "finding", Turn: 1, Compare: func(a, b *health.Finding) int {
				return cmp.Compare(slices.Index(rank, a.Kind), slices.Index(rank, b.Kind))
			}},
		},
		{
			Title: "MANIFEST", Name: "manifest", Width: 20, Flex: 1, Value: (*health.Finding).Name, Cell: nameCell,
			Sort: sort{Name: "manifest", Turn: 2, Compare: func(a, b *health.Finding) int {
				return cmp.Compare(name(a), name(b))
			}},
		},
		{Title: "WHAT", Name: "what", Width: 30, Flex: 1, Value: func(f *health.Finding) string { return f.Text }},
	}
}

// tie tells apart what a column does not.
func tie(a, b *health.Finding) int {
	return cmp.Or(cmp.Compare(name(a), name(b)), cmp.Compare(a.Kind, b.Kind))
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

// name is the tags of a manifest, or its digest.
func name(f *health.Finding) string {
	if len(f.Tags) == 0 {
		return string(f.Digest)
	}
	return strings.Join(f.Tags, " ")
}

func kindCell(f *health.Finding, _ int) column.Cell {
	if grave(f.Kind) {
		return column.Cell{Tone: column.Danger, Text: "✗ " + string(f.Kind)}
	}
	return column.Cell{Tone: column.Warn, Text: "! " + string(f.Kind)}
}

func nameCell(f *health.Finding, _ int) column.Cell {
	if len(f.Tags) == 0 {
		return column.Cell{Tone: column.Dim, Text: f.Digest.Short()}
	}
	return column.Names(f.Tags)
}
