package compare

import (
	"cmp"

	tea "charm.land/bubbletea/v2"

	"regatta/ui/kit"
	"regatta/ui/overlay/ask"
)

// Bindings implements kit.Screen.
func (s *Screen) Bindings() []kit.Binding {
	out := kit.Bind("compare", "Compare", []kit.Binding{
		{ID: "next-tab", Keys: kit.Keys{"tab", "]"}, Desc: "next tab", Footer: true, Run: s.turn(1)},
		{
			ID: "platform", Keys: kit.Keys{"o"}, Desc: "next platform", Short: "platform", Footer: true,
			Disabled: s.onePlatform, Run: s.nextPlatform,
		},
		{
			ID: "swap", Keys: kit.Keys{"S"}, Desc: "the other way round", Short: "swap", Footer: true,
			Run: kit.Ask(func() kit.Intent {
				return kit.Instead{Screen: s.wire.Swap()}
			}),
		},
		{
			ID: "open-from", Keys: kit.Keys{"<"}, Desc: "open the first image", Short: "open first", Footer: true,
			Run: s.open(true),
		},
		{
			ID: "open-to", Keys: kit.Keys{">"}, Desc: "open the second image", Short: "open second", Footer: true,
			Run: s.open(false),
		},
		{ID: "find", Keys: kit.Keys{"/"}, Desc: "find in the text", Run: kit.Ask(s.askFind)},
		{
			ID: "find-next", Keys: kit.Keys{"n"}, Desc: "find the next",
			Run: kit.Ask(func() kit.Intent { return s.findAgain(1) }),
		},
		{
			ID: "find-previous", Keys: kit.Keys{"N"}, Desc: "find the one before",
			Run: kit.Ask(func() kit.Intent { return s.findAgain(-1) }),
		},
		{ID: "previous-tab", Keys: kit.Keys{"shift+tab", "["}, Desc: "previous tab", Run: s.turn(-1)},
		{
			ID: "refresh", Keys: kit.Keys{"r", "R", "ctrl+r"}, Desc: "refresh",
			Run: func() (kit.Intent, tea.Cmd) { return nil, s.reload() },
		},
	})
	names := make([]string, len(s.tabs))
	for i, t := range s.tabs {
		names[i] = t.name
	}
	out = append(out, kit.Tabs("compare", "Compare", names, func(i int) func() (kit.Intent, tea.Cmd) {
		return kit.Work(func() tea.Cmd { return s.turnTo(i) })
	})...)
	return append(out, s.view.Bindings("compare", "Compare")...)
}

func (s *Screen) turn(n int) func() (kit.Intent, tea.Cmd) {
	return func() (kit.Intent, tea.Cmd) { return nil, s.turnTo((s.tab + n + len(s.tabs)) % len(s.tabs)) }
}

func (s *Screen) turnTo(tab int) tea.Cmd {
	s.tab = tab
	s.view.Home()
	return s.show()
}

func (s *Screen) onePlatform() string {
	if len(s.index.Images) < 2 {
		return "they have one platform in common at most"
	}
	return ""
}

func (s *Screen) nextPlatform() (kit.Intent, tea.Cmd) {
	s.platform = (s.platform + 1) % len(s.index.Images)
	i, _ := s.image()
	return kit.Toast{Text: "platform " + i.Platform}, s.show()
}

func (s *Screen) open(from bool) func() (kit.Intent, tea.Cmd) {
	return kit.Ask(func() kit.Intent {
		r, d := s.wire.To, s.index.To
		if from {
			r, d = s.wire.From, s.index.From
		}
		r.Digest = cmp.Or(d, r.Digest)
		return kit.Go{Screen: s.wire.Open(r)}
	})
}

// askFind asks for what to find in the text of the tab.
func (s *Screen) askFind() kit.Intent {
	return ask.Find(s.com.Look, func(text string) kit.Intent {
		s.wanted = text
		return s.findAgain(1)
	})
}

func (s *Screen) findAgain(step int) kit.Intent {
	switch {
	case s.wanted == "":
		return kit.Toast{Text: "nothing was searched for yet: /"}
	case !s.view.Find(s.wanted, step):
		return kit.Toast{Level: kit.Warning, Text: s.wanted + " is not in this tab"}
	}
	return nil
}
