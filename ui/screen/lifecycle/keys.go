package lifecycle

import (
	"slices"

	tea "charm.land/bubbletea/v2"

	"regatta/model/lifecycle"
	"regatta/ui/kit"
	"regatta/ui/overlay/edit"
	"regatta/ui/overlay/picker"
)

// Bindings implements kit.Screen.
func (s *Screen) Bindings() []kit.Binding {
	key := func(id, desc string, run func() (kit.Intent, tea.Cmd), keys ...string) kit.Binding {
		return kit.Binding{
			ID: "lifecycle." + id, Keys: keys, Desc: desc, Group: "Lifecycle", Run: run, Disabled: s.notLoaded, Footer: true,
		}
	}
	if !s.asked {
		begin := key("read", "read the images", s.agree, "enter")
		begin.Disabled = nil
		return []kit.Binding{begin}
	}
	own := []kit.Binding{
		key("edit", "edit the policy", kit.Ask(s.edit), "e"),
		key("template", "begin from a template", kit.Ask(s.pick), "n"),
		key("timeline", "the next 90 days, or the images", s.toggleTimeline, "tab"),
		key("open", "open the image", kit.Ask(s.open), "enter", "l", "right"),
		key("copy", "copy the policy", kit.Ask(s.copyPolicy), "c"),
		key("aws", "AWS's own preview beside this one", s.askAWS, "A"),
		key("save", "save to ECR: shows the plan", kit.Ask(s.save), "w"),
		key("again", "read the images again", s.reload, "r", "R", "ctrl+r"),
	}
	more := []kit.Binding{
		key("next-tab", "the images of the next rule", s.turn(1), "]"),
		key("previous-tab", "the images of the rule before", s.turn(-1), "["),
		key("assumptions", "what AWS does not document, and what is assumed", kit.Ask(s.assume), "i"),
	}
	more[0].Short, more[1].Footer, more[2].Footer = "by rule", false, false
	own[1].Short, own[2].Short = "template", "timeline"
	own[3].Disabled, own[5].Disabled, own[6].Disabled, own[7].Disabled = s.noImage, s.noAWS, s.noSave, nil
	own[5].Short, own[6].Short = "AWS's preview", "save"
	own[5].Footer, own[6].Footer, own[7].Footer = s.wire.AWS != nil, s.wire.Save != nil, s.err != nil
	own[6].Dangerous = true
	return slices.Concat(own[:3], more, own[3:], s.list.Bindings())
}

func (s *Screen) toggleTimeline() (kit.Intent, tea.Cmd) {
	s.timeline = !s.timeline
	return nil, s.lookAhead()
}

func (s *Screen) notLoaded() string {
	if !s.loaded {
		return "the images are not read yet"
	}
	return ""
}

func (s *Screen) noImage() string {
	if s.timeline || !s.loaded || s.list.Table.Len() == 0 {
		return "there is no image here"
	}
	return ""
}

func (s *Screen) agree() (kit.Intent, tea.Cmd) {
	s.asked = true
	return nil, s.Init()
}

// reload reads the images anew; the text under edit outlives those that it was
// tried on.
func (s *Screen) reload() (kit.Intent, tea.Cmd) {
	s.loaded, s.saved, s.now, s.busy, s.looking = false, nil, nil, false, false
	s.lane.Reset()
	s.work.Reset()
	return nil, s.Init()
}

func (s *Screen) edit() kit.Intent {
	return editing(s.com.Look, "policy of "+s.wire.Repository, s.text, s.violations, s)
}

// editing opens the editor where the first violation is.
func editing(look *kit.Look, title, text string, wrong []lifecycle.Violation, owner edit.Owner) kit.Intent {
	line := 0
	if len(wrong) > 0 {
		line = wrong[0].Line - 1
	}
	return kit.Push{Overlay: edit.New(look, title, text, line, owner)}
}

func (s *Screen) pick() kit.Intent { return picking(s.com.Look, s) }

// picking offers the templates.
func picking(look *kit.Look, owner edit.Owner) kit.Intent {
	var names []string
	for _, t := range templates() {
		names = append(names, t.name)
	}
	return kit.Push{Overlay: picker.New(look, "begin from", names, func(i int) tea.Cmd {
		return owner.Edited(templates()[i].text())
	})}
}

func (s *Screen) open() kit.Intent {
	r := s.list.Current()
	if s.wire.Open == nil || r == nil {
		return nil
	}
	return kit.Go{Screen: s.wire.Open(*r.image)}
}

// copyPolicy copies the policy as ECR stores it, or the text that it is not.
func (s *Screen) copyPolicy() kit.Intent {
	out := s.text
	if len(s.violations) == 0 {
		out = s.policy.Text()
	}
	return kit.Copy{What: "the policy", Text: out}
}
