package compare

import (
	"cmp"

	tea "charm.land/bubbletea/v2"

	"regatta/ui/kit"
	"regatta/ui/overlay/ask"
)

// Bindings implements kit.Screen.
func (s *Screen) Bindings() []kit.Binding {
	key := func(id, desc string, run func() (kit.Intent, tea.Cmd), keys ...string) kit.Binding {
		return kit.Binding{ID: "compare." + id, Keys: keys, Desc: desc, Group: "Compare", Run: run}
	}
	out := []kit.Binding{
		key("next-tab", "next tab", s.turn(1), "tab", "]"),
		key("platform", "next platform", s.nextPlatform, "o"),
		key("swap", "the other way round", kit.Ask(func() kit.Intent {
			return kit.Instead{Screen: s.wire.Swap()}
		}), "S"),
		key("open-from", "open the first image", s.open(true), "<"),
		key("open-to", "open the second image", s.open(false), ">"),
		key("find", "find in the text", kit.Ask(s.askFind), "/"),
		key("find-next", "find the next", kit.Ask(func() kit.Intent { return s.findAgain(1) }), "n"),
		key("find-previous", "find the one before", kit.Ask(func() kit.Intent { return s.findAgain(-1) }), "N"),
		key("previous-tab", "previous tab", s.turn(-1), "shift+tab", "["),
		key("refresh", "refresh", func() (kit.Intent, tea.Cmd) { return nil, s.reload() }, "r", "R", "ctrl+r"),
	}
	for i, short := range []string{"", "platform", "swap", "open first", "open second"} {
		out[i].Short, out[i].Footer = short, true
	}
	out[1].Disabled = s.onePlatform
	for i, t := range s.tabs {
		page := func() (kit.Intent, tea.Cmd) { return nil, s.turnTo(i) }
		out = append(out, key("tab-"+t.name, t.name, page, string(rune('1'+i))))
	}
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
