package repos

import (
	"strings"

	"regatta/model/catalog"
	"regatta/model/image"
	"regatta/model/text"
	"regatta/theme"
	"regatta/ui/component/bar"
	"regatta/ui/component/list"
	"regatta/ui/component/table"
)

const (
	colName = iota
	colTags
	colImages
	colSize
	colBar
	colPush
)

func columns() []table.Column {
	return []table.Column{
		{Title: "REPOSITORY", Name: "repository", Width: 20, Flex: 1},
		{Title: "TAGS", Name: "tags", Width: 7, Right: true},
		{Title: "IMAGES", Name: "images", Width: 7, Right: true, Rank: 2},
		{Title: "SIZE", Name: "sizeBytes", Width: 8, Right: true},
		{Title: "", Width: 12, Rank: 3},
		{Title: "NEWEST", Name: "newest", Width: 7, Right: true, Rank: 1},
	}
}

func orders() []list.Order {
	return []list.Order{
		{Name: "name", By: int(catalog.ByName), Column: colName},
		{Name: "tags", By: int(catalog.ByTags), Column: colTags, Reverse: true},
		{Name: "size", By: int(catalog.ByStored), Column: colSize, Reverse: true},
		{Name: "newest", By: int(catalog.ByLastPush), Column: colPush, Reverse: true},
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

func (data) Live(r list.Row) list.Row           { return r }
func (data) Keep() func(*image.Repository) bool { return nil }

// cells draws the rows.
type cells struct{ s *Screen }

func (c cells) Cell(row table.Row, column, width int) table.Cell {
	r := c.s.set.At(row)
	if r == nil {
		return table.Cell{}
	}
	switch column {
	case colName:
		return c.name(row, r)
	case colTags:
		return c.count(r, r.Tags, r.More)
	case colImages:
		return c.count(r, r.Images, false)
	case colSize:
		return table.Cell{Role: theme.Text, Text: text.Bytes(r.Size)}
	case colBar:
		return table.Cell{Role: theme.Bar, Text: bar.Of(width, bar.Share(r.Size, c.s.largest))}
	case colPush:
		return table.Cell{Role: theme.Dim, Text: text.Age(r.LastPush, c.s.com.Now())}
	}
	return table.Cell{}
}

func (c cells) count(r *image.Repository, n int, more bool) table.Cell {
	switch {
	case r.State == image.Failed && n < 0:
		return table.Cell{Role: theme.Danger, Text: "!"}
	case n < 0:
		return table.Cell{Role: theme.Dim, Text: "·"}
	case more:
		return table.Cell{Role: theme.Text, Text: text.Count(n) + "+"}
	}
	return table.Cell{Role: theme.Text, Text: text.Count(n)}
}

// name draws the repository's name; as a tree, what it shares with the row
// above is left out.
func (c cells) name(row table.Row, r *image.Repository) table.Cell {
	pin := ""
	if r.Pinned {
		pin = "★ "
	}
	dir, base := "", r.Name
	if i := strings.LastIndexByte(r.Name, '/'); i >= 0 {
		dir, base = r.Name[:i+1], r.Name[i+1:]
	}
	if c.s.tree && dir != "" && c.s.above(row) == dir && !r.Pinned {
		return table.Cell{Role: theme.Dim, Text: strings.Repeat(" ", len(dir)), TailRole: theme.Strong, Tail: base}
	}
	return table.Cell{Role: theme.Dim, Text: pin + dir, TailRole: theme.Strong, Tail: base}
}

// above is the directory of the row drawn above this one.
func (s *Screen) above(row table.Row) string {
	visible := s.list.Table.Visible()
	for i, v := range visible {
		if v != row {
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
