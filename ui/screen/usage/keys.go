package usage

import (
	"slices"

	tea "charm.land/bubbletea/v2"

	"regatta/model/usage"
	"regatta/ui/kit"
)

// Bindings implements kit.Screen.
func (s *Screen) Bindings() []kit.Binding {
	key := func(id, desc string, run func() (kit.Intent, tea.Cmd), keys ...string) kit.Binding {
		return kit.Binding{ID: "usage." + id, Keys: keys, Desc: desc, Group: "Usage", Run: run, Footer: true}
	}
	own := []kit.Binding{
		key("open", "open the image", kit.Ask(s.open), "enter", "l", "right"),
		key("whole", "this image only, or the repository", func() (kit.Intent, tea.Cmd) { return nil, s.toggleWhole() }, "U"),
		key("copy", "copy reference", kit.Ask(s.copyReference), "c"),
		key("refresh", "ask again", func() (kit.Intent, tea.Cmd) { return nil, s.reload() }, "r", "R", "ctrl+r"),
	}
	own[0].Disabled, own[1].Disabled, own[2].Disabled = s.none, s.noImage, s.none
	own[1].Footer = s.wire.Narrow != nil
	own[0].Short, own[1].Short, own[2].Short = "open", "all or one", "copy"
	return slices.Concat(own[:1], s.list.Bindings(), own[1:])
}

func (s *Screen) current() *usage.Use {
	if i := int(s.list.Table.Cursor()); i >= 0 && i < len(s.rows) {
		return s.rows[i]
	}
	return nil
}

func (s *Screen) none() string {
	if !s.loaded || s.err != nil || s.current() == nil {
		return "there is no use here"
	}
	return ""
}

func (s *Screen) noImage() string {
	if s.wire.Narrow == nil {
		return "all of the repository is shown; from an image it is that image"
	}
	return ""
}

func (s *Screen) open() kit.Intent { return kit.Go{Screen: s.wire.Open(s.current().Image)} }

func (s *Screen) copyReference() kit.Intent {
	name := s.current().Image.String()
	return kit.Copy{What: name, Text: name}
}
