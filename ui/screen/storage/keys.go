package storage

import (
	"slices"

	tea "charm.land/bubbletea/v2"

	"regatta/model/storage"
	"regatta/ui/kit"
)

// Bindings implements kit.Screen.
func (s *Screen) Bindings() []kit.Binding {
	if !s.consent.Given {
		return s.consent.Bindings("storage", "Storage", "manifests", s.reload)
	}
	out := kit.Bind("storage", "Storage", []kit.Binding{
		{
			ID: "layers", Keys: kit.Keys{"enter", "l", "right"},
			Desc: "the layers of the image, and who shares them", Short: "its layers", Footer: true,
			Disabled: s.nothing, Run: kit.Ask(s.layers),
		},
		{
			ID: "all-layers", Keys: kit.Keys{"L"}, Desc: "all layers of the repository", Short: "all layers",
			Footer: true, Disabled: s.nothing, Run: kit.Ask(s.allLayers),
		},
		{
			ID: "open", Keys: kit.Keys{"o"}, Desc: "open the image", Short: "open", Footer: true,
			Disabled: s.nothing, Run: kit.Ask(s.open),
		},
		{
			ID: "copy", Keys: kit.Keys{"c"}, Desc: "copy the digest", Disabled: s.nothing,
			Run: kit.Ask(func() kit.Intent {
				return kit.Copy{What: "digest " + s.current().Digest.Short(), Text: string(s.current().Digest)}
			}),
		},
		{
			ID: "refresh", Keys: kit.Keys{"r", "R", "ctrl+r"}, Desc: "read again",
			Run: func() (kit.Intent, tea.Cmd) { return nil, s.reload() },
		},
	})
	return slices.Concat(out, s.List.Bindings())
}

func (s *Screen) current() *storage.Holding { return s.List.Current() }

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
