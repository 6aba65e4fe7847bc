package files

import (
	"context"
	"errors"
	"slices"

	tea "charm.land/bubbletea/v2"

	"regatta/model/file"
	"regatta/model/text"
	"regatta/ui/component/table"
	"regatta/ui/kit"
	"regatta/ui/overlay/ask"
)

// show puts the rows into the table.
func (s *Screen) show() {
	t := s.shown()
	if s.mode != inFound {
		s.tree.SetView(t.rows(), same)
		return
	}
	found := s.found
	if s.bySize {
		found = slices.Clone(found)
		bySize(found)
	}
	view := make([]table.Row, len(found))
	for i, n := range found {
		view[i] = t.row(n)
	}
	s.tree.SetView(view, same)
}

// toTree shows the tree of a layer, with the cursor on a node or on what is at
// its path there.
func (s *Screen) toTree(layer int, on *file.Node) {
	s.mode, s.found = inTree, nil
	if layer != s.layer {
		s.layer = layer
		s.tree.Forget()
	}
	t := s.shown()
	at := (*file.Node)(nil)
	if on != nil {
		at = t.root.Find(on.Path())
	}
	if at == nil {
		s.show()
		return
	}
	t.reveal(at)
	s.show()
	s.tree.Select(t.row(at))
}

// turn goes n layers on, round and round: all together, then one by one.
func (s *Screen) turn(n int) func() (kit.Intent, tea.Cmd) {
	return func() (kit.Intent, tea.Cmd) {
		to, glob := (s.layer+n+len(s.trees))%len(s.trees), ""
		if s.mode == inFound {
			glob = s.glob
		}
		s.toTree(to, s.current())
		if glob != "" {
			return nil, s.find(glob)
		}
		return nil, nil
	}
}

func (s *Screen) toggleWaste() {
	if s.mode == inWaste {
		s.toTree(s.layer, nil)
		return
	}
	s.mode = inWaste
}

// open does what is nearest for what is under the cursor.
func (s *Screen) open() kit.Intent {
	n, layer := s.current(), s.layer
	if s.mode == inWaste {
		n, layer = s.wasted()
	}
	switch {
	case n == nil:
		return nil
	case s.mode == inWaste || s.mode == inFound && n.IsDir():
		s.toTree(layer, n)
	case n.IsDir():
		s.unfold(n)
	case n.Entry.Type == file.Symlink:
		return s.follow(n)
	case n.Inode != nil:
		return kit.Go{Screen: NewHead(s.com, s.wire, n)}
	case n.Unknown():
		return kit.Toast{Level: kit.Warning, Text: "what it is is unknown: " + s.unreadLayer() + " could not be read"}
	case n.Entry.Type == file.Hardlink:
		to := text.Clean(n.Entry.Link)
		return kit.Toast{Level: kit.Warning, Text: "it is a link to " + to + ", which no layer that was read has"}
	default:
		return kit.Toast{Level: kit.Warning, Text: "there is nothing in it to read"}
	}
	return nil
}

// unfold opens a directory; of one that is open it goes to what is in it.
func (s *Screen) unfold(n *file.Node) {
	s.tree.Touch()
	t := s.shown()
	if t.open[n] {
		if len(t.children(n)) > 0 {
			s.tree.Move(1)
		}
		return
	}
	t.open[n] = true
	view, at := s.tree.View(), s.tree.Place()+1
	s.tree.SetView(slices.Concat(view[:at], t.flatten(nil, n), view[at:]), same)
}

// close folds a directory: its rows go, and all others stay as they are.
func (s *Screen) close(n *file.Node) {
	s.tree.Touch()
	t, view, from := s.shown(), s.tree.View(), s.tree.Place()+1
	delete(t.open, n)
	to, deep := from, depth(n)
	for to < len(view) && depth(t.node(view[to])) > deep {
		to++
	}
	s.tree.SetView(slices.Concat(view[:from], view[to:]), same)
}

// follow goes to where a link leads.
func (s *Screen) follow(n *file.Node) kit.Intent {
	to, known := s.shown().root.Follow(n.Path()), true
	if s.layer == 0 {
		to, known = s.loaded.Image.At(n.Path())
	}
	if !known {
		return kit.Toast{
			Level: kit.Warning, Text: "where it leads is unknown: " + s.unreadLayer() + " could not be read",
		}
	}
	if to == nil || to.Parent == nil {
		return kit.Toast{Level: kit.Warning, Text: "it leads to nothing that is here: " + tail(n)}
	}
	s.toTree(s.layer, to)
	return nil
}

// fold closes a directory, or goes to the one above; from the top it leaves.
func (s *Screen) fold() {
	n := s.current()
	switch t := s.shown(); {
	case s.mode != inTree:
		s.toTree(s.layer, n)
	case t.open[n]:
		s.close(n)
	case n.Parent != t.root:
		s.tree.Select(t.row(n.Parent))
	}
}

func (s *Screen) askFind() kit.Intent {
	check := func(glob string) error {
		if glob == "" {
			return errors.New("type a glob")
		}
		return file.CheckGlob(glob)
	}
	const hint = "*.so is about names; etc/** and /usr/*/x about paths"
	o := ask.Running(s.com.Look, "find", hint, check, s.find)
	if s.mode == inFound {
		o.Begin(s.glob)
	}
	return kit.Push{Overlay: o}
}

// find looks for paths off the loop: there may be a million.
func (s *Screen) find(glob string) tea.Cmd {
	root, layer := s.shown().root, s.layer
	return s.lane.Go(func(ctx context.Context) tea.Msg {
		out := foundMsg{glob: glob, layer: layer}
		root.Walk(func(n *file.Node, _ int) bool {
			if file.Match(glob, n.Path()) {
				out.nodes = append(out.nodes, n)
			}
			return ctx.Err() == nil
		})
		return out
	})
}

func (s *Screen) onFound(msg foundMsg) {
	if msg.layer != s.layer {
		return
	}
	s.mode, s.glob, s.found = inFound, msg.glob, msg.nodes
	s.tree.Forget()
	s.show()
}
