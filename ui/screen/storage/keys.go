package storage

import (
	"slices"

	tea "charm.land/bubbletea/v2"

	"regatta/model/storage"
	"regatta/ui/kit"
)

// Bindings implements kit.Screen.
func (s *Screen) Bindings() []kit.Binding {
	key := func(id, desc string, run func() (kit.Intent, tea.Cmd), keys ...string) kit.Binding {
		return kit.Binding{ID: "storage." + id, Keys: keys, Desc: desc, Group: "Storage", Run: run, Disabled: s.nothing}
	}
	if !s.asked {
		begin := key("read", "read the manifests", s.agree, "enter")
		begin.Footer, begin.Disabled = true, nil
		return []kit.Binding{begin}
	}
	out := []kit.Binding{
		key("layers", "the layers of the image, and who shares them", kit.Ask(s.layers), "enter", "l", "right"),
		key("all-layers", "all layers of the repository", kit.Ask(s.allLayers), "L"),
		key("open", "open the image", kit.Ask(s.open), "o"),
		key("copy", "copy the digest", kit.Ask(func() kit.Intent {
			return kit.Copy{What: "digest " + s.current().Digest.Short(), Text: string(s.current().Digest)}
		}), "c"),
		key("refresh", "read again", func() (kit.Intent, tea.Cmd) { return nil, s.reload() }, "r", "R", "ctrl+r"),
	}
	for i, short := range []string{"its layers", "all layers", "open"} {
		out[i].Short, out[i].Footer = short, true
	}
	out[4].Disabled = nil
	return slices.Concat(out, s.list.Bindings())
}

func (s *Screen) agree() (kit.Intent, tea.Cmd) {
	s.asked = true
	return nil, s.reload()
}

func (s *Screen) current() *storage.Holding { return s.list.Current() }

func (s *Screen) nothing() string {
	if !s.ready || s.current() == nil {
		return "there is no image here"
	}
	return ""
}

func (s *Screen) open() kit.Intent {
	h := s.current()
	return kit.Go{Screen: s.wire.Open(h.Digest, h.Tags)}
}

func (s *Screen) layers() kit.Intent {
	return kit.Go{Screen: NewLayers(s.com, s.wire, s.picture, s.current())}
}

func (s *Screen) allLayers() kit.Intent {
	return kit.Go{Screen: NewLayers(s.com, s.wire, s.picture, nil)}
}
