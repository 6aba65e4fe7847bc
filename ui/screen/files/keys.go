package files

import (
	"slices"

	tea "charm.land/bubbletea/v2"

	"regatta/model/file"
	"regatta/ui/component/list"
	"regatta/ui/component/table"
	"regatta/ui/kit"
)

const group = "Files"

// Bindings implements kit.Screen.
func (s *Screen) Bindings() []kit.Binding {
	out := kit.Bind("files", group, []kit.Binding{
		{
			ID: "open", Keys: kit.Keys{"enter", "l", "right"},
			Desc: "open a directory, follow a link, look into a file", Short: "open", Footer: true,
			Disabled: s.nothing, Run: kit.Ask(s.open),
		},
		{
			ID: "next-layer", Keys: kit.Keys{"o"}, Desc: "next layer; all together come first", Short: "layer",
			Footer: true, Disabled: s.unread, Run: s.turn(1),
		},
		{
			ID: "waste", Keys: kit.Keys{"w"}, Desc: "wasted space", Short: "waste", Footer: true,
			Disabled: s.noWaste, Run: kit.Do(s.toggleWaste),
		},
		{
			ID: "find", Keys: kit.Keys{"/"}, Desc: "find paths by a glob", Short: "find", Footer: true,
			Disabled: s.unread, Run: kit.Ask(s.askFind),
		},
		{
			ID: "sort", Keys: kit.Keys{"s"}, Desc: "sort by name or by size", Short: "sort", Footer: true,
			Disabled: s.noOrder, Run: kit.Do(s.toggleSort),
		},
		{
			ID: "save", Keys: kit.Keys{"P"}, Desc: "save the file, or the directory with all below", Short: "save",
			Footer: true, Disabled: s.noSaving, Run: kit.Ask(s.askSave),
		},
		{
			ID: "copy", Keys: kit.Keys{"c"}, Desc: "copy the path", Short: "copy", Footer: true,
			Disabled: s.nothing, Run: kit.Ask(s.copy),
		},
		{
			ID: "fold", Keys: kit.Keys{"-", "backspace"}, Desc: "fold, or go to the directory above",
			Disabled: s.nothing, Run: kit.Do(s.fold),
		},
		{
			ID: "previous-layer", Keys: kit.Keys{"O"}, Desc: "previous layer", Disabled: s.unread, Run: s.turn(-1),
		},
		{
			ID: "refresh", Keys: kit.Keys{"r", "R", "ctrl+r"}, Desc: "read again",
			Run: func() (kit.Intent, tea.Cmd) { return nil, s.reload() },
		},
	})
	return slices.Concat(out, s.table().Bindings("files", group, s.nothing))
}

// shown is the tree that is looked at, nil before it was read.
func (s *Screen) shown() *tree {
	if s.layer >= len(s.trees) {
		return nil
	}
	if s.trees[s.layer] == nil {
		s.trees[s.layer] = newTree(s.root(s.layer), s.bySize)
	}
	return s.trees[s.layer]
}

// root is the tree of a layer, counted from 1; 0 is all together.
func (s *Screen) root(layer int) *file.Node {
	if layer == 0 {
		return s.loaded.Image.Root
	}
	return s.loaded.Image.Layers[layer-1]
}

func (s *Screen) table() *table.Model {
	if s.mode == inWaste {
		return s.waste
	}
	return s.tree
}

// current is the node under the cursor: of what is wasted the one that is there
// now, else the one that was.
func (s *Screen) current() *file.Node {
	if !s.ready {
		return nil
	}
	if s.mode == inWaste {
		n, _ := s.wasted()
		return n
	}
	return s.shown().node(s.tree.Cursor())
}

// wasted is where what the row under the cursor says is to be seen.
func (s *Screen) wasted() (n *file.Node, layer int) {
	w := s.wasteAt(s.waste.Cursor())
	if w == nil {
		return nil, 0
	}
	if w.Gone || s.root(0).Find(w.Path) == nil {
		layer = w.Layers[len(w.Layers)-1] + 1
	}
	return s.root(layer).Find(w.Path), layer
}

func (s *Screen) unread() string {
	if !s.ready {
		return "the layers are not read yet"
	}
	return ""
}

func (s *Screen) nothing() string {
	if s.current() == nil {
		return "there is no file here"
	}
	return ""
}

func (s *Screen) noWaste() string {
	switch {
	case !s.ready:
		return s.unread()
	case len(s.loaded.Image.Waste) == 0 && !s.loaded.Image.Complete():
		return "wasted space is unknown: " + s.unreadLayer() + " could not be read"
	case len(s.loaded.Image.Waste) == 0:
		return "no wasted space"
	}
	return ""
}

func (s *Screen) noOrder() string {
	if s.mode == inWaste {
		return "what wastes most comes first"
	}
	return s.nothing()
}

func (s *Screen) copy() kit.Intent {
	p := "/" + s.current().Path()
	return kit.Copy{What: "the path " + s.current().Entry.Name(), Text: p}
}

func (s *Screen) toggleSort() {
	s.bySize = !s.bySize
	for _, t := range s.trees {
		if t != nil {
			t.sort(s.bySize)
		}
	}
	s.showOrder()
	s.show()
}

func (s *Screen) showOrder() {
	column := colName
	if s.bySize {
		column = colSize
	}
	s.tree.SetSorted(column, s.bySize)
}

func (s *Screen) mouse(msg tea.MouseMsg) (kit.Intent, tea.Cmd) {
	if !s.ready {
		return nil, nil
	}
	t := s.table()
	switch msg := msg.(type) {
	case tea.MouseWheelMsg:
		t.Scroll(list.WheelLines(msg))
	case tea.MouseClickMsg:
		if at := t.ColumnAt(msg.X); msg.Y == 0 && s.mode != inWaste && (at == colName || at == colSize) {
			if (at == colSize) != s.bySize {
				s.toggleSort()
			}
			return nil, nil
		}
		place, ok := t.PlaceAt(msg.Y)
		if ok && place == t.Place() {
			return s.open(), nil
		}
		if ok {
			t.To(place)
		}
	}
	return nil, nil
}
