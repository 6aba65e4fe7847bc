package lifecycle

import (
	tea "charm.land/bubbletea/v2"

	"regatta/model/lifecycle"
	"regatta/ui/kit"
	"regatta/ui/overlay/edit"
	"regatta/ui/overlay/picker"
)

// Bindings implements kit.Screen.
func (s *Screen) Bindings() []kit.Binding {
	if !s.consent.Given {
		return s.consent.Bindings("lifecycle", "Lifecycle", "images", s.Init)
	}
	own := kit.Bind("lifecycle", "Lifecycle", []kit.Binding{
		{
			ID: "edit", Keys: kit.Keys{"e"}, Desc: "edit the policy", Footer: true, Disabled: s.notLoaded,
			Run: kit.Ask(s.edit),
		},
		{
			ID: "template", Keys: kit.Keys{"n"}, Desc: "begin from a template", Short: "template", Footer: true,
			Disabled: s.notLoaded, Run: kit.Ask(s.pick),
		},
		{
			ID: "timeline", Keys: kit.Keys{"tab"}, Desc: "the next 90 days, or the images", Short: "timeline",
			Footer: true, Disabled: s.notLoaded, Run: s.toggleTimeline,
		},
		{
			ID: "next-tab", Keys: kit.Keys{"]"}, Desc: "the images of the next rule", Short: "by rule",
			Footer: true, Disabled: s.notLoaded, Run: s.turn(1),
		},
		{
			ID: "previous-tab", Keys: kit.Keys{"["}, Desc: "the images of the rule before", Disabled: s.notLoaded,
			Run: s.turn(-1),
		},
		{
			ID: "assumptions", Keys: kit.Keys{"i"}, Desc: "what AWS does not document, and what is assumed",
			Disabled: s.notLoaded, Run: kit.Ask(s.assume),
		},
		{
			ID: "open", Keys: kit.Keys{"enter", "l", "right"}, Desc: "open the image", Footer: true,
			Disabled: s.noImage, Run: kit.Ask(s.open),
		},
		{
			ID: "copy", Keys: kit.Keys{"c"}, Desc: "copy the policy", Footer: true, Disabled: s.notLoaded,
			Run: kit.Ask(s.copyPolicy),
		},
		{
			ID: "aws", Keys: kit.Keys{"A"}, Desc: "AWS's own preview beside this one", Short: "AWS's preview",
			Footer: s.wire.AWS != nil, Disabled: s.noAWS, Run: s.askAWS,
		},
		{
			ID: "save", Keys: kit.Keys{"w"}, Desc: "save to ECR: shows the plan", Short: "save",
			Footer: s.wire.Save != nil, Dangerous: true, Disabled: s.noSave, Run: kit.Ask(s.save),
		},
		{
			ID: "again", Keys: kit.Keys{"r", "R", "ctrl+r"}, Desc: "read the images again", Footer: s.err != nil,
			Run: s.reload,
		},
	})
	return append(own, s.List.Bindings()...)
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
	if s.timeline || !s.loaded || s.List.Table.Len() == 0 {
		return "there is no image here"
	}
	return ""
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
	r := s.List.Current()
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
