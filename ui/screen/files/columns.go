package files

import (
	"strconv"
	"strings"

	"regatta/model/column"
	"regatta/model/file"
	"regatta/model/text"
	"regatta/ui/component/bar"
	"regatta/ui/component/table"
)

// The places of the columns that a tree is sorted by.
const (
	colName = 1
	colSize = 2
)

func (s *Screen) treeColumns() []column.Column[file.Node] {
	type of = column.Column[file.Node]
	return []of{
		{Title: "", Name: "change", Width: 1, Cell: s.change},
		{Title: "NAME", Name: "name", Width: 30, Flex: 4, Cell: s.name, Value: (*file.Node).Path},
		column.Size(of{Title: "SIZE", Name: "sizeBytes", Width: 9, Cell: size}, weight),
		bar.Column(of{Width: 10, Flex: 1, Rank: 1}, s.share),
		{Title: "LAYER", Name: "layer", Width: 5, Right: true, Tone: column.Dim, Value: func(n *file.Node) string {
			return layerNumber(n.Layer)
		}},
		{Title: "MODE", Name: "mode", Width: 10, Rank: 2, Tone: column.Dim, Value: perm},
	}
}

// node is what a row of the tree is about.
func (s *Screen) node(row table.Row) *file.Node { return s.shown().node(row) }

// perm is the mode of what a layer has as a member.
func perm(n *file.Node) string {
	if n.Layer < 0 {
		return "—"
	}
	return n.Entry.Perm()
}

// change is the mark of what a layer did. Of all layers together only that counts
// which is not as it came.
func (s *Screen) change(n *file.Node, _ int) column.Cell {
	switch n.Change {
	case file.Added:
		if s.layer > 0 {
			return column.Cell{Tone: column.OK, Text: "+"}
		}
	case file.Modified:
		return column.Cell{Tone: column.Warn, Text: "~"}
	case file.Removed:
		return column.Cell{Tone: column.Danger, Text: "-"}
	case file.Unclear:
		if s.layer > 0 {
			return column.Cell{Tone: column.Warn, Text: "?"}
		}
	case file.Unchanged:
	}
	return column.Cell{Text: " "}
}

// name is a node's name under that of its directory, or where nodes are listed
// its path.
func (s *Screen) name(n *file.Node, width int) column.Cell {
	cell := column.Cell{Tone: column.Text, Text: text.Clean(n.Name), TailTone: column.Dim, Tail: tail(n)}
	if n.IsDir() {
		cell.Tone = column.Strong
	}
	if n.Change == file.Removed {
		cell.Tone = column.Dim
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
func size(n *file.Node, _ int) column.Cell {
	switch w := weight(n); {
	case !n.IsDir() && n.Inode == nil:
		return column.Cell{Tone: column.Dim, Text: "—"}
	case n.Partial():
		return column.Cell{Tone: column.Text, Text: "≥ " + text.Bytes(w)}
	case n.Bytes < w:
		return column.Cell{Tone: column.Dim, Text: text.Bytes(w)}
	default:
		return column.Cell{Tone: column.Text, Text: text.Bytes(w)}
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

func (s *Screen) wasteColumns() []column.Column[file.Waste] {
	type of = column.Column[file.Waste]
	return []of{
		{
			Title: "PATH", Name: "path", Width: 24, Flex: 4, Value: func(w *file.Waste) string { return w.Path },
			Cell: func(w *file.Waste, _ int) column.Cell { return column.Cell{Text: text.Clean(w.Path)} },
		},
		column.Size(of{Title: "WASTED", Name: "wastedBytes", Width: 9}, func(w *file.Waste) int64 { return w.Bytes }),
		bar.Column(of{Width: 8, Flex: 1}, func(w *file.Waste) float64 { return bar.Share(w.Bytes, s.loaded.Image.Wasted) }),
		{
			Title: "COPIES", Name: "copies", Width: 6, Right: true, Rank: 1, Tone: column.Dim,
			Value: func(w *file.Waste) string { return strconv.Itoa(w.Copies) },
		},
		{
			Title: "LAYERS", Name: "layers", Width: 8, Tone: column.Dim,
			Value: func(w *file.Waste) string { return layerNumbers(w.Layers) },
		},
		{Title: "BECAUSE", Name: "because", Width: 12, Tone: column.Dim, Value: func(w *file.Waste) string {
			if w.Gone {
				return "removed"
			}
			return "stored again"
		}},
	}
}

// wasteAt is what a row of the wasted is about.
func (s *Screen) wasteAt(row table.Row) *file.Waste {
	all := s.loaded.Image.Waste
	if row < 0 || int(row) >= len(all) {
		return nil
	}
	return &all[row]
}

func layerNumbers(layers []int) string {
	out := make([]string, len(layers))
	for i, l := range layers {
		out[i] = layerNumber(l)
	}
	return strings.Join(out, " ")
}
