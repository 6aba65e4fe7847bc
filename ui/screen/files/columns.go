package files

import (
	"strconv"
	"strings"

	"regatta/model/file"
	"regatta/model/text"
	"regatta/theme"
	"regatta/ui/component/bar"
	"regatta/ui/component/table"
)

const (
	colChange = iota
	colName
	colSize
	colBar
	colLayer
	colMode
)

func treeColumns() []table.Column {
	return []table.Column{
		{Title: "", Name: "change", Width: 1},
		{Title: "NAME", Name: "name", Width: 30, Flex: 4},
		{Title: "SIZE", Name: "sizeBytes", Width: 9, Right: true},
		{Title: "", Width: 10, Flex: 1, Rank: 1},
		{Title: "LAYER", Name: "layer", Width: 5, Right: true},
		{Title: "MODE", Name: "mode", Width: 10, Rank: 2},
	}
}

type treeCells struct{ s *Screen }

// Cell implements table.Source.
func (c treeCells) Cell(row table.Row, column, width int) table.Cell {
	n := c.s.shown().node(row)
	if n == nil {
		return table.Cell{}
	}
	switch column {
	case colChange:
		return c.s.change(n)
	case colName:
		return c.s.name(n, width)
	case colSize:
		return size(n)
	case colBar:
		return table.Cell{Role: theme.Bar, Text: bar.Of(width, c.s.share(n))}
	case colLayer:
		return table.Cell{Role: theme.Dim, Text: layerNumber(n.Layer)}
	}
	return table.Cell{Role: theme.Dim, Text: perm(n)}
}

// Value implements table.Source.
func (c treeCells) Value(row table.Row, column int) string {
	n := c.s.shown().node(row)
	switch {
	case n == nil:
		return ""
	case column == colChange:
		return c.s.change(n).Text
	case column == colName:
		return n.Path()
	case column == colSize:
		return strconv.FormatInt(weight(n), 10)
	case column == colLayer:
		return layerNumber(n.Layer)
	}
	return perm(n)
}

// perm is the mode of what a layer has as a member.
func perm(n *file.Node) string {
	if n.Layer < 0 {
		return "—"
	}
	return n.Entry.Perm()
}

// change is the mark of what a layer did. Of all layers together only that counts
// which is not as it came.
func (s *Screen) change(n *file.Node) table.Cell {
	switch n.Change {
	case file.Added:
		if s.layer > 0 {
			return table.Cell{Role: theme.OK, Text: "+"}
		}
	case file.Modified:
		return table.Cell{Role: theme.Warn, Text: "~"}
	case file.Removed:
		return table.Cell{Role: theme.Danger, Text: "-"}
	case file.Unclear:
		if s.layer > 0 {
			return table.Cell{Role: theme.Warn, Text: "?"}
		}
	case file.Unchanged:
	}
	return table.Cell{Text: " "}
}

// name is a node's name under that of its directory, or where nodes are listed
// its path.
func (s *Screen) name(n *file.Node, width int) table.Cell {
	cell := table.Cell{Role: theme.Text, Text: text.Clean(n.Name), TailRole: theme.Dim, Tail: tail(n)}
	if n.IsDir() {
		cell.Role = theme.Strong
	}
	if n.Change == file.Removed {
		cell.Role = theme.Dim
	}
	if s.mode == inFound {
		cell.Text = n.Entry.Name()
		return cell
	}
	fold := "  "
	if n.IsDir() {
		fold = map[bool]string{false: "▸ ", true: "▾ "}[s.shown().open[n]]
	}
	const step = 2
	cell.Text = strings.Repeat(" ", min(depth(n)*step, width/2)) + fold + cell.Text
	return cell
}

// tail is what follows a name.
func tail(n *file.Node) string {
	switch n.Entry.Type {
	case file.Dir:
		return "/"
	case file.Symlink:
		return " → " + text.Clean(n.Entry.Link)
	case file.Hardlink:
		return " = " + text.Clean(n.Entry.Link)
	case file.Regular, file.Char, file.Block, file.Fifo, file.Other:
	}
	return ""
}

// size is dim where the bytes count elsewhere.
func size(n *file.Node) table.Cell {
	switch w := weight(n); {
	case !n.IsDir() && n.Inode == nil:
		return table.Cell{Role: theme.Dim, Text: "—"}
	case n.Partial():
		return table.Cell{Role: theme.Text, Text: "≥ " + text.Bytes(w)}
	case n.Bytes < w:
		return table.Cell{Role: theme.Dim, Text: text.Bytes(w)}
	default:
		return table.Cell{Role: theme.Text, Text: text.Bytes(w)}
	}
}

// share is a node's part of its directory, or of all where nodes are listed.
func (s *Screen) share(n *file.Node) float64 {
	of := n.Parent
	if s.mode == inFound {
		of = s.shown().root
	}
	if of == nil || n.Change == file.Removed {
		return 0
	}
	return bar.Share(n.Bytes, of.Bytes)
}

func layerNumber(layer int) string {
	if layer < 0 {
		return "—"
	}
	return strconv.Itoa(layer + 1)
}

const (
	wastePath = iota
	wasteBytes
	wasteBar
	wasteCopies
	wasteLayers
	wasteWhy
)

func wasteColumns() []table.Column {
	return []table.Column{
		{Title: "PATH", Name: "path", Width: 24, Flex: 4},
		{Title: "WASTED", Name: "wastedBytes", Width: 9, Right: true},
		{Title: "", Width: 8, Flex: 1},
		{Title: "COPIES", Name: "copies", Width: 6, Right: true, Rank: 1},
		{Title: "LAYERS", Name: "layers", Width: 8},
		{Title: "BECAUSE", Name: "because", Width: 12},
	}
}

type wasteCells struct{ s *Screen }

func (c wasteCells) at(row table.Row) *file.Waste {
	all := c.s.loaded.Image.Waste
	if row < 0 || int(row) >= len(all) {
		return nil
	}
	return &all[row]
}

// Cell implements table.Source.
func (c wasteCells) Cell(row table.Row, column, width int) table.Cell {
	w := c.at(row)
	switch {
	case w == nil:
		return table.Cell{}
	case column == wastePath:
		return table.Cell{Role: theme.Text, Text: text.Clean(w.Path)}
	case column == wasteBytes:
		return table.Cell{Role: theme.Text, Text: text.Bytes(w.Bytes)}
	case column == wasteBar:
		return table.Cell{Role: theme.Bar, Text: bar.Of(width, bar.Share(w.Bytes, c.s.loaded.Image.Wasted))}
	}
	return table.Cell{Role: theme.Dim, Text: c.Value(row, column)}
}

// Value implements table.Source.
func (c wasteCells) Value(row table.Row, column int) string {
	w := c.at(row)
	switch {
	case w == nil:
		return ""
	case column == wastePath:
		return w.Path
	case column == wasteBytes:
		return strconv.FormatInt(w.Bytes, 10)
	case column == wasteCopies:
		return strconv.Itoa(w.Copies)
	case column == wasteLayers:
		return layerNumbers(w.Layers)
	case w.Gone:
		return "removed"
	}
	return "stored again"
}

func layerNumbers(layers []int) string {
	out := make([]string, len(layers))
	for i, l := range layers {
		out[i] = layerNumber(l)
	}
	return strings.Join(out, " ")
}
