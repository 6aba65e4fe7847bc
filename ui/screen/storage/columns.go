package storage

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"regatta/model/query"
	"regatta/model/storage"
	"regatta/model/text"
	"regatta/theme"
	"regatta/ui/component/bar"
	"regatta/ui/component/list"
	"regatta/ui/component/table"
)

const (
	colImage = iota
	colOwn
	colBar
	colShared
	colTotal
	colKind
)

func columns() []table.Column {
	return []table.Column{
		{Title: "IMAGE", Name: "image", Width: 22, Flex: 3},
		{Title: "OWN", Name: "ownBytes", Width: 8, Right: true},
		{Title: "", Width: 12, Flex: 2},
		{Title: "SHARED", Name: "sharedBytes", Width: 8, Right: true},
		{Title: "TOTAL", Name: "totalBytes", Width: 8, Right: true},
		{Title: "KIND", Name: "kind", Width: 9, Rank: 1},
	}
}

func orders() []list.Order {
	return []list.Order{
		{Name: "own bytes", By: colOwn, Column: colOwn, Reverse: true},
		{Name: "total", By: colTotal, Column: colTotal, Reverse: true},
		{Name: "image", By: colImage, Column: colImage},
	}
}

func fields() *query.Schema[storage.Holding] {
	return &query.Schema[storage.Holding]{
		Name: func(h *storage.Holding, yield func(string) bool) bool {
			return slices.ContainsFunc(h.Tags, yield) || yield(string(h.Digest))
		},
		Size: map[string]func(*storage.Holding) int64{
			"own":   func(h *storage.Holding) int64 { return h.Own },
			"total": func(h *storage.Holding) int64 { return h.Total },
		},
		Is: map[string]func(*storage.Holding) bool{"untagged": func(h *storage.Holding) bool { return len(h.Tags) == 0 }},
	}
}

func compare(by int) func(a, b *storage.Holding) int {
	return map[int]func(a, b *storage.Holding) int{
		colTotal: func(a, b *storage.Holding) int { return cmp.Compare(a.Total, b.Total) },
		colImage: func(a, b *storage.Holding) int { return strings.Compare(a.Name(), b.Name()) },
		colOwn: func(a, b *storage.Holding) int {
			return cmp.Or(cmp.Compare(a.Own, b.Own), cmp.Compare(a.Total, b.Total))
		},
	}[by]
}

type cells struct{ s *Screen }

func (c cells) at(row table.Row) *storage.Holding {
	if row < 0 || int(row) >= len(c.s.rows) {
		return nil
	}
	return c.s.rows[row]
}

// Cell implements table.Source.
func (c cells) Cell(row table.Row, column, width int) table.Cell {
	h := c.at(row)
	if h == nil {
		return table.Cell{}
	}
	switch column {
	case colImage:
		role := theme.Strong
		if len(h.Tags) == 0 {
			role = theme.Dim
		}
		tail := ""
		if len(h.Tags) > 1 {
			tail = "  " + strings.Join(h.Tags[1:], " ")
		}
		return table.Cell{Role: role, Text: h.Name(), TailRole: theme.Dim, Tail: tail}
	case colOwn:
		return table.Cell{Role: theme.Text, Text: text.Bytes(h.Own)}
	case colBar:
		return table.Cell{Role: theme.Bar, Text: bar.Of(width, bar.Share(h.Own, c.s.most()))}
	case colShared:
		return table.Cell{Role: theme.Dim, Text: text.Bytes(h.Shared())}
	case colTotal:
		return table.Cell{Role: theme.Text, Text: text.Bytes(h.Total)}
	}
	return table.Cell{Role: theme.Dim, Text: h.Kind.String()}
}

// most is what the image holds that holds most alone.
func (s *Screen) most() int64 {
	if len(s.rows) == 0 {
		return 0
	}
	return s.rows[0].Own
}

// Value implements table.Source.
func (c cells) Value(row table.Row, column int) string {
	h := c.at(row)
	switch {
	case h == nil:
		return ""
	case column == colImage:
		return h.Name()
	case column == colOwn:
		return strconv.FormatInt(h.Own, 10)
	case column == colShared:
		return strconv.FormatInt(h.Shared(), 10)
	case column == colTotal:
		return strconv.FormatInt(h.Total, 10)
	}
	return h.Kind.String()
}
