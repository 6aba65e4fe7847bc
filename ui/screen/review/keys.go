package review

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"regatta/ui/kit"
)

// Bindings implements kit.Screen.
func (s *Screen) Bindings() []kit.Binding {
	own := kit.Bind("plan", "Plan", []kit.Binding{
		{
			ID: "choose", Keys: kit.Keys{"enter"}, Desc: "choose the button", Footer: true, Disabled: s.notReady,
			Run: s.choose,
		},
		{
			ID: "switch", Keys: kit.Keys{"tab", "right"}, Desc: "switch between Cancel and going on",
			Short: "switch", Footer: true, Disabled: s.barred, Run: kit.Do(func() { s.apply = !s.apply }),
		},
		{
			ID: "save", Keys: kit.Keys{"ctrl+s"}, Desc: "keep the plan as a file", Short: "save", Footer: true,
			Disabled: s.barred, Run: s.save,
		},
		{
			ID: "remedy", Keys: kit.Keys{"A"}, Desc: "what has to come first: shows its plan", Short: "remedy",
			Footer: s.remedy() != nil, Dangerous: true, Disabled: s.noRemedy, Run: kit.Ask(s.first),
		},
		{
			ID: "refresh", Keys: kit.Keys{"r", "R", "ctrl+r"}, Desc: "plan again",
			Run: func() (kit.Intent, tea.Cmd) { return nil, s.Init() },
		},
	})
	return append(own, kit.Unless(s.notReady, s.view.Bindings("plan", "Plan"))...)
}

// remedy is what does away with why there is no plan, nil if nothing does.
func (s *Screen) remedy() *Remedy {
	if s.err == nil || s.wire.Remedy == nil {
		return nil
	}
	return s.wire.Remedy(s.err)
}

func (s *Screen) noRemedy() string {
	if s.remedy() == nil {
		return "nothing has to come first"
	}
	return ""
}

func (s *Screen) first() kit.Intent { return kit.Go{Screen: s.remedy().Plan()} }

func (s *Screen) notReady() string {
	if !s.ready {
		return "there is no plan yet"
	}
	return ""
}

// barred is why the plan cannot be begun, nor kept for later.
func (s *Screen) barred() string {
	if why := s.notReady(); why != "" {
		return why
	}
	return s.plan.Barred()
}

func (s *Screen) save() (kit.Intent, tea.Cmd) {
	if s.wire.Save == nil {
		return kit.Toast{Level: kit.Warning, Text: "a plan cannot be kept here"}, nil
	}
	p, save := s.plan, s.wire.Save
	return nil, s.lane.Go(func(context.Context) tea.Msg {
		path, err := save(p)
		return savedMsg{path: path, err: err}
	})
}

func savedToast(m savedMsg) kit.Toast {
	if m.err != nil {
		return kit.Toast{Err: m.err}
	}
	return kit.Toast{Level: kit.Success, Text: "saved the plan to " + m.path + "; regatta apply runs it"}
}
