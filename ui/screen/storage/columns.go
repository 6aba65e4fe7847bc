package storage

import (
	"cmp"
	"slices"
	"strings"

	"regatta/model/column"
	"regatta/model/query"
	"regatta/model/storage"
	"regatta/ui/component/bar"
)

func (s *Screen) columns() []column.Column[storage.Holding] {
	type of = column.Column[storage.Holding]
	type sort = column.Sort[storage.Holding]
	type field = query.Field[storage.Holding]
	own := func(h *storage.Holding) int64 { return h.Own }
	return []of{
		{
			Title: "IMAGE", Name: "image", Width: 22, Flex: 3, Cell: nameCell, Value: (*storage.Holding).Name,
			Sort: sort{Name: "image", Turn: 3, Compare: func(a, b *storage.Holding) int {
				return strings.Compare(a.Name(), b.Name())
			}},
		},
		column.Size(of{
			Title: "OWN", Name: "ownBytes", Width: 8, Field: field{Name: "own"},
			Sort: sort{Name: "own bytes", Turn: 1, Down: true, Compare: func(a, b *storage.Holding) int {
				return cmp.Or(cmp.Compare(a.Own, b.Own), cmp.Compare(a.Total, b.Total))
			}},
		}, own),
		bar.Column(of{Width: 12, Flex: 2}, func(h *storage.Holding) float64 { return bar.Share(h.Own, s.most()) }),
		column.Size(of{Title: "SHARED", Name: "sharedBytes", Width: 8, Tone: column.Dim}, (*storage.Holding).Shared),
		column.Size(of{
			Title: "TOTAL", Name: "totalBytes", Width: 8, Field: field{Name: "total"},
			Sort: sort{Name: "total", Turn: 2, Down: true},
		}, func(h *storage.Holding) int64 { return h.Total }),
		{
			Title: "KIND", Name: "kind", Width: 9, Rank: 1, Tone: column.Dim,
			Value: func(h *storage.Holding) string { return h.Kind.String() },
		},
	}
}

func fields() *query.Schema[storage.Holding] {
	return &query.Schema[storage.Holding]{
		Name: func(h *storage.Holding, yield func(string) bool) bool {
			return slices.ContainsFunc(h.Tags, yield) || yield(string(h.Digest))
		},
		Is: map[string]func(*storage.Holding) bool{"untagged": func(h *storage.Holding) bool { return len(h.Tags) == 0 }},
	}
}

func nameCell(h *storage.Holding, _ int) column.Cell {
	cell := column.Cell{Tone: column.Strong, Text: h.Name(), TailTone: column.Dim}
	if len(h.Tags) == 0 {
		cell.Tone = column.Dim
	}
	if len(h.Tags) > 1 {
		cell.Tail = "  " + strings.Join(h.Tags[1:], " ")
	}
	return cell
}

// most is what the image holds that holds most alone.
func (s *Screen) most() int64 {
	if len(s.rows) == 0 {
		return 0
	}
	return s.rows[0].Own
}
