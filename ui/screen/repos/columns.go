package repos

import (
	"strings"
	"time"

	"regatta/model/catalog"
	"regatta/model/column"
	"regatta/model/image"
	"regatta/model/text"
	"regatta/ui/component/bar"
	"regatta/ui/component/list"
)

func (s *Screen) columns() []column.Column[image.Repository] {
	type of = column.Column[image.Repository]
	sort := func(name string, by catalog.RepositoryOrder, down bool) column.Sort[image.Repository] {
		return column.Sort[image.Repository]{Name: name, Turn: int(by), By: int(by), Down: down}
	}
	return []of{
		{
			Title: "REPOSITORY", Name: "repository", Width: 20, Flex: 1, Cell: s.nameCell,
			Value: func(r *image.Repository) string { return r.Name }, Sort: sort("name", catalog.ByName, false),
		},
		column.Count(of{
			Title: "TAGS", Name: "tags", Width: 7, Sort: sort("tags", catalog.ByTags, true),
			Cell: func(r *image.Repository, _ int) column.Cell { return count(r, r.Tags, r.More) },
		}, func(r *image.Repository) int { return r.Tags }),
		column.Count(of{
			Title: "IMAGES", Name: "images", Width: 7, Rank: 2,
			Cell: func(r *image.Repository, _ int) column.Cell { return count(r, r.Images, false) },
		}, func(r *image.Repository) int { return r.Images }),
		column.Size(of{
			Title: "SIZE", Name: "sizeBytes", Width: 8, Sort: sort("size", catalog.ByStored, true),
			Cell: func(r *image.Repository, _ int) column.Cell { return column.Cell{Text: text.Bytes(r.Size)} },
		}, func(r *image.Repository) int64 { return r.Size }),
		bar.Column(of{Width: 12, Rank: 3}, func(r *image.Repository) float64 { return bar.Share(r.Size, s.largest) }),
		column.Age(of{
			Title: "NEWEST", Name: "newest", Width: 7, Rank: 1, Tone: column.Dim, Sort: sort("newest", catalog.ByLastPush, true),
		}, s.com.Now, func(r *image.Repository) time.Time { return r.LastPush }),
	}
}

// data gives the list its rows.
type data struct{ s *Screen }

func (d data) Snapshot() ([]*image.Repository, func(int, bool) catalog.Compare) {
	rows := d.s.set.Snapshot()
	return rows, func(by int, reverse bool) catalog.Compare {
		return catalog.OrderRepositories(rows, catalog.RepositoryOrder(by), reverse) //nolint:gosec // by is one of orders()
	}
}

// At implements list.Data.
func (d data) At(row list.Row) *image.Repository { return d.s.set.At(row) }

func (data) Live(r list.Row) list.Row           { return r }
func (data) Keep() func(*image.Repository) bool { return nil }

func count(r *image.Repository, n int, more bool) column.Cell {
	switch {
	case r.State == image.Failed && n < 0:
		return column.Cell{Tone: column.Danger, Text: "!"}
	case n < 0:
		return column.Cell{Tone: column.Dim, Text: "·"}
	case more:
		return column.Cell{Tone: column.Text, Text: text.Count(n) + "+"}
	}
	return column.Cell{Tone: column.Text, Text: text.Count(n)}
}

// nameCell draws the repository's name; as a tree, what it shares with the row
// above is left out.
func (s *Screen) nameCell(r *image.Repository, _ int) column.Cell {
	pin := ""
	if r.Pinned {
		pin = "★ "
	}
	dir, base := "", r.Name
	if i := strings.LastIndexByte(r.Name, '/'); i >= 0 {
		dir, base = r.Name[:i+1], r.Name[i+1:]
	}
	if s.tree && dir != "" && s.above(r) == dir && !r.Pinned {
		return column.Cell{Tone: column.Dim, Text: strings.Repeat(" ", len(dir)), TailTone: column.Strong, Tail: base}
	}
	return column.Cell{Tone: column.Dim, Text: pin + dir, TailTone: column.Strong, Tail: base}
}

// above is the directory of the row drawn above that of a repository.
func (s *Screen) above(of *image.Repository) string {
	visible := s.List.Table.Visible()
	for i, v := range visible {
		if s.set.At(v) != of {
			continue
		}
		if i == 0 {
			return ""
		}
		if r := s.set.At(visible[i-1]); r != nil && !r.Pinned {
			return r.Name[:strings.LastIndexByte(r.Name, '/')+1]
		}
	}
	return ""
}
