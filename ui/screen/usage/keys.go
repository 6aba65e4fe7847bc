package usage

import (
	"slices"

	tea "charm.land/bubbletea/v2"

	"regatta/model/usage"
	"regatta/ui/kit"
)

// Bindings implements kit.Screen.
func (s *Screen) Bindings() []kit.Binding {
	own := kit.Bind("usage", "Usage", []kit.Binding{
		{
			ID: "open", Keys: kit.Keys{"enter", "l", "right"}, Desc: "open the image", Short: "open", Footer: true,
			Disabled: s.none, Run: kit.Ask(s.open),
		},
		{
			ID: "whole", Keys: kit.Keys{"U"}, Desc: "this image only, or the repository", Short: "all or one",
			Footer: s.wire.Narrow != nil, Disabled: s.noImage,
			Run: func() (kit.Intent, tea.Cmd) { return nil, s.toggleWhole() },
		},
		{
			ID: "copy", Keys: kit.Keys{"c"}, Desc: "copy reference", Short: "copy", Footer: true, Disabled: s.none,
			Run: kit.Ask(s.copyReference),
		},
		{
			ID: "refresh", Keys: kit.Keys{"r", "R", "ctrl+r"}, Desc: "ask again", Footer: true,
			Run: func() (kit.Intent, tea.Cmd) { return nil, s.reload() },
		},
	})
	return slices.Concat(own[:1], s.List.Bindings(), own[1:])
}

func (s *Screen) current() *usage.Use {
	if i := int(s.List.Table.Cursor()); i >= 0 && i < len(s.rows) {
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
