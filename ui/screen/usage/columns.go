package usage

import (
	"cmp"

	"regatta/model/column"
	"regatta/model/query"
	"regatta/model/text"
	"regatta/model/usage"
)

// columns show what runs first as it comes.
func columns() []column.Column[usage.Use] {
	type of = column.Column[usage.Use]
	type field = query.Field[usage.Use]
	how := func(u *usage.Use) string { return string(u.How) }
	running := column.Count(of{
		Title: "RUNNING", Name: "running", Width: 7, Field: field{Name: "running"},
		Sort: column.Sort[usage.Use]{Name: "running", Turn: 3, Down: true}, Cell: runningCell,
	}, func(u *usage.Use) int { return u.Running })
	return []of{
		{
			Title: "USED BY", Name: "place", Width: 24, Flex: 2, Value: func(u *usage.Use) string { return u.Place },
			Sort: column.Sort[usage.Use]{Name: "place", Turn: 2, Compare: func(a, b *usage.Use) int {
				return cmp.Compare(a.Place, b.Place)
			}},
		},
		{
			Title: "HOW", Name: "how", Width: 15, Value: how, Field: field{Name: "how", Text: how},
			Sort: column.Sort[usage.Use]{Name: "how", Turn: 1},
		},
		running,
		{
			Title: "IMAGE", Name: "image", Width: 19, Flex: 1, Cell: imageCell,
			Value: func(u *usage.Use) string { return u.Image.String() },
			Sort: column.Sort[usage.Use]{Name: "image", Turn: 4, Compare: func(a, b *usage.Use) int {
				return cmp.Compare(named(a), named(b))
			}},
		},
		{
			Title: "SOURCE", Name: "source", Width: 20, Rank: 1, Tone: column.Dim, Value: source,
			Field: field{Name: "source", Text: source},
		},
	}
}

func fields() *query.Schema[usage.Use] {
	s := &query.Schema[usage.Use]{
		Name: func(u *usage.Use, yield func(string) bool) bool { return yield(u.Place) || yield(named(u)) },
		Is:   map[string]func(*usage.Use) bool{"running": func(u *usage.Use) bool { return u.Running > 0 }},
	}
	s.Add(query.Field[usage.Use]{Name: "tag", Text: func(u *usage.Use) string { return u.Image.Tag }})
	s.Add(query.Field[usage.Use]{Name: "digest", Text: func(u *usage.Use) string { return string(u.Image.Digest) }})
	return s
}

func source(u *usage.Use) string { return usage.Answer{Source: u.Source, Scope: u.Scope}.Name() }

// named is the image as whoever uses it names it.
func named(u *usage.Use) string { return cmp.Or(u.Image.Tag, string(u.Image.Digest)) }

func runningCell(u *usage.Use, _ int) column.Cell {
	if u.Running == 0 {
		return column.Cell{Tone: column.Dim, Text: column.None}
	}
	return column.Cell{Tone: column.OK, Text: text.Count(u.Running)}
}

func imageCell(u *usage.Use, _ int) column.Cell {
	if u.Image.Tag == "" {
		return column.Cell{Text: u.Image.Digest.Short()}
	}
	cell := column.Cell{Text: u.Image.Tag}
	if u.Image.Digest != "" {
		cell.TailTone, cell.Tail = column.Dim, "  "+u.Image.Digest.Short()
	}
	return cell
}
