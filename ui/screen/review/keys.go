package review

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"regatta/ui/kit"
)

// Bindings implements kit.Screen.
func (s *Screen) Bindings() []kit.Binding {
	key := func(id, desc string, run func() (kit.Intent, tea.Cmd), keys ...string) kit.Binding {
		return kit.Binding{ID: "plan." + id, Keys: keys, Desc: desc, Group: "Plan", Run: run, Disabled: s.notReady}
	}
	out := []kit.Binding{
		key("choose", "choose the button", s.choose, "enter"),
		key("switch", "switch between Cancel and going on", kit.Do(func() { s.apply = !s.apply }), "tab", "right"),
		key("save", "keep the plan as a file", s.save, "ctrl+s"),
		key("remedy", "what has to come first: shows its plan", kit.Ask(s.first), "A"),
		key("refresh", "plan again", func() (kit.Intent, tea.Cmd) { return nil, s.Init() }, "r", "R", "ctrl+r"),
		key("down", "down", kit.Do(func() { s.view.Scroll(1) }), "j", "down"),
		key("up", "up", kit.Do(func() { s.view.Scroll(-1) }), "k", "up"),
		key("page-down", "page down", kit.Do(func() { s.view.Page(1) }), "pgdown", "space", "ctrl+f"),
		key("page-up", "page up", kit.Do(func() { s.view.Page(-1) }), "pgup", "ctrl+b"),
		key("top", "to the top", kit.Do(s.view.Home), "g", "home"),
		key("bottom", "to the end", kit.Do(s.view.End), "G", "end"),
	}
	out[1].Short, out[2].Short = "switch", "save"
	out[0].Footer, out[1].Footer, out[2].Footer = true, true, true
	out[3].Disabled, out[3].Short = s.noRemedy, "remedy"
	out[3].Footer, out[3].Dangerous = s.remedy() != nil, true
	out[1].Disabled, out[2].Disabled = s.barred, s.barred
	out[4].Disabled = nil
	return out
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
