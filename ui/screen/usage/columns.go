package usage

import (
	"cmp"
	"strconv"

	"regatta/model/query"
	"regatta/model/text"
	"regatta/model/usage"
	"regatta/theme"
	"regatta/ui/component/list"
	"regatta/ui/component/table"
)

const (
	colPlace = iota
	colHow
	colRunning
	colImage
	colSource
)

func columns() []table.Column {
	return []table.Column{
		{Title: "USED BY", Name: "place", Width: 24, Flex: 2},
		{Title: "HOW", Name: "how", Width: 15},
		{Title: "RUNNING", Name: "running", Width: 7, Right: true},
		{Title: "IMAGE", Name: "image", Width: 19, Flex: 1},
		{Title: "SOURCE", Name: "source", Width: 20, Rank: 1},
	}
}

const (
	byHow = iota
	byPlace
	byRunning
	byImage
)

func orders() []list.Order {
	return []list.Order{
		{Name: "how", By: byHow, Column: colHow},
		{Name: "place", By: byPlace, Column: colPlace},
		{Name: "running", By: byRunning, Column: colRunning, Reverse: true},
		{Name: "image", By: byImage, Column: colImage},
	}
}

func fields() *query.Schema[usage.Use] {
	one := func(value func(*usage.Use) string) func(*usage.Use, func(string) bool) bool {
		return func(u *usage.Use, yield func(string) bool) bool { return yield(value(u)) }
	}
	return &query.Schema[usage.Use]{
		Name: func(u *usage.Use, yield func(string) bool) bool { return yield(u.Place) || yield(named(u)) },
		Text: map[string]func(*usage.Use, func(string) bool) bool{
			"how":    one(func(u *usage.Use) string { return string(u.How) }),
			"source": one(source),
			"tag":    one(func(u *usage.Use) string { return u.Image.Tag }),
			"digest": one(func(u *usage.Use) string { return string(u.Image.Digest) }),
		},
		Count: map[string]func(*usage.Use) int64{"running": func(u *usage.Use) int64 { return int64(u.Running) }},
		Is:    map[string]func(*usage.Use) bool{"running": func(u *usage.Use) bool { return u.Running > 0 }},
	}
}

func source(u *usage.Use) string { return usage.Answer{Source: u.Source, Scope: u.Scope}.Name() }

// named is the image as whoever uses it names it.
func named(u *usage.Use) string { return cmp.Or(u.Image.Tag, string(u.Image.Digest)) }

// compare is an order of rows, which come in that of what runs first.
func compare(by int) func(a, b *usage.Use) int {
	return map[int]func(a, b *usage.Use) int{
		byPlace:   func(a, b *usage.Use) int { return cmp.Compare(a.Place, b.Place) },
		byRunning: func(a, b *usage.Use) int { return cmp.Compare(a.Running, b.Running) },
		byImage:   func(a, b *usage.Use) int { return cmp.Compare(named(a), named(b)) },
	}[by]
}

type cells struct{ s *Screen }

func (c cells) Cell(row table.Row, column, _ int) table.Cell {
	if int(row) >= len(c.s.rows) {
		return table.Cell{}
	}
	u := c.s.rows[row]
	switch column {
	case colPlace:
		return table.Cell{Role: theme.Text, Text: u.Place}
	case colHow:
		return table.Cell{Role: theme.Text, Text: string(u.How)}
	case colRunning:
		if u.Running == 0 {
			return table.Cell{Role: theme.Dim, Text: "—"}
		}
		return table.Cell{Role: theme.OK, Text: text.Count(u.Running)}
	case colImage:
		if u.Image.Tag == "" {
			return table.Cell{Role: theme.Text, Text: u.Image.Digest.Short()}
		}
		cell := table.Cell{Role: theme.Text, Text: u.Image.Tag}
		if u.Image.Digest != "" {
			cell.TailRole, cell.Tail = theme.Dim, "  "+u.Image.Digest.Short()
		}
		return cell
	}
	return table.Cell{Role: theme.Dim, Text: source(u)}
}

// Value implements table.Source.
func (c cells) Value(row table.Row, column int) string {
	if int(row) >= len(c.s.rows) {
		return ""
	}
	u := c.s.rows[row]
	switch column {
	case colPlace:
		return u.Place
	case colHow:
		return string(u.How)
	case colRunning:
		return strconv.Itoa(u.Running)
	case colImage:
		return u.Image.String()
	}
	return source(u)
}
