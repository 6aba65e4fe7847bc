package lifecycle

import (
	"slices"

	tea "charm.land/bubbletea/v2"

	"regatta/ui/kit"
)

// Bindings implements kit.Screen.
func (s *Several) Bindings() []kit.Binding {
	key := func(id, desc, short string, run func() (kit.Intent, tea.Cmd), keys ...string) kit.Binding {
		return kit.Binding{
			ID: "policies." + id, Keys: keys, Desc: desc, Short: short, Group: "Lifecycle of several", Run: run, Footer: true,
		}
	}
	if !s.asked {
		return []kit.Binding{key("read", "read the images", "", s.agree, "enter")}
	}
	own := []kit.Binding{
		key("open", "try it on this repository alone", "open", kit.Ask(s.open), "enter", "l", "right"),
		key("template", "try a template on all of them", "template", kit.Ask(s.pick), "n"),
		key("edit", "edit the policy that is tried on all", "edit", kit.Ask(s.edit), "e"),
		key("own", "the policies that the repositories have", "their own", s.theirOwn, "o"),
		key("again", "read the repositories again", "read again", s.reload, "r", "R", "ctrl+r"),
	}
	own[0].Disabled, own[3].Disabled = s.noRepository, s.noOwn
	own[3].Footer, own[4].Footer = s.wire.Policy != nil, s.changed
	return slices.Concat(own, s.list.Bindings())
}

func (s *Several) agree() (kit.Intent, tea.Cmd) {
	s.asked = true
	return nil, s.Init()
}

func (s *Several) reload() (kit.Intent, tea.Cmd) {
	s.lane.Reset()
	s.work.Reset()
	s.busy = false
	s.forget()
	return nil, s.Init()
}

func (s *Several) open() kit.Intent {
	text := s.text
	if len(s.violations) > 0 {
		text = ""
	}
	return kit.Go{Screen: s.wire.Open(s.current().name, text)}
}

func (s *Several) noRepository() string {
	if s.current() == nil {
		return "there is no repository here"
	}
	return ""
}

func (s *Several) pick() kit.Intent { return picking(s.com.Look, s) }

func (s *Several) edit() kit.Intent {
	if s.text == "" {
		s.take(templates()[0].text())
	}
	return editing(s.com.Look, "policy tried on all", s.text, s.violations, s)
}

func (s *Several) theirOwn() (kit.Intent, tea.Cmd) { return nil, s.Edited("") }

func (s *Several) noOwn() string {
	switch {
	case s.wire.Policy == nil:
		return "this registry keeps no policies"
	case s.text == "":
		return "it is what is shown"
	}
	return ""
}
