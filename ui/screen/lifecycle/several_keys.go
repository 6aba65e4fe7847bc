package lifecycle

import (
	"slices"

	tea "charm.land/bubbletea/v2"

	"regatta/ui/kit"
)

// Bindings implements kit.Screen.
func (s *Several) Bindings() []kit.Binding {
	if !s.consent.Given {
		return s.consent.Bindings("policies", "Lifecycle of several", "repositories", s.Init)
	}
	own := kit.Bind("policies", "Lifecycle of several", []kit.Binding{
		{
			ID: "open", Keys: kit.Keys{"enter", "l", "right"}, Desc: "try it on this repository alone",
			Short: "open", Footer: true, Disabled: s.noRepository, Run: kit.Ask(s.open),
		},
		{
			ID: "template", Keys: kit.Keys{"n"}, Desc: "try a template on all of them", Short: "template",
			Footer: true, Run: kit.Ask(s.pick),
		},
		{
			ID: "edit", Keys: kit.Keys{"e"}, Desc: "edit the policy that is tried on all", Short: "edit",
			Footer: true, Run: kit.Ask(s.edit),
		},
		{
			ID: "own", Keys: kit.Keys{"o"}, Desc: "the policies that the repositories have", Short: "their own",
			Footer: s.wire.Policy != nil, Disabled: s.noOwn, Run: s.theirOwn,
		},
		{
			ID: "again", Keys: kit.Keys{"r", "R", "ctrl+r"}, Desc: "read the repositories again",
			Short: "read again", Footer: s.changed, Run: s.reload,
		},
	})
	return slices.Concat(own, s.List.Bindings())
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
