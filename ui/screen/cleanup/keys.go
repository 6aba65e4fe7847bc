package cleanup

import (
	"slices"

	tea "charm.land/bubbletea/v2"

	"regatta/model/cleanup"
	"regatta/ui/kit"
)

// Bindings implements kit.Screen.
func (s *Screen) Bindings() []kit.Binding {
	if !s.asked {
		begin := s.key("read", "read the images", s.agree, "enter")
		begin.Disabled, begin.Footer = nil, true
		return []kit.Binding{begin}
	}
	plan := s.key("plan", "remove: shows the plan", kit.Ask(s.review), "w")
	plan.Short, plan.Disabled, plan.Dangerous, plan.Footer = "plan", s.noPlan, true, true
	hand := s.key("except", "keep or remove by hand, or as the rules say again", s.except, "x")
	hand.Short, hand.Disabled, hand.Footer = "by hand", s.noImage, true
	forget := s.key("forget", "forget what was said by hand", s.flip(func(r *cleanup.Rules) { r.Exceptions = nil }), "X")
	forget.Disabled = s.noExceptions
	open := s.key("open", "open the image", kit.Ask(s.open), "enter", "l", "right")
	open.Disabled = s.noImage
	again := s.key("again", "read the images again", s.reload, "r", "R", "ctrl+r")
	again.Disabled, again.Footer = nil, s.err != nil || s.changed
	typed := s.conditions()
	command := s.key("command", "copy the rules as a regatta prune command", kit.Ask(s.copyCommand), "c")
	command.Disabled = s.noCommand
	return slices.Concat(typed[:3], []kit.Binding{hand, plan}, typed[3:], s.kinds(),
		[]kit.Binding{open, forget, again, command}, s.list.Bindings())
}

func (s *Screen) key(id, desc string, run func() (kit.Intent, tea.Cmd), keys ...string) kit.Binding {
	return kit.Binding{
		ID: "cleanup." + id, Keys: keys, Desc: desc, Group: "Cleanup", Run: run, Disabled: s.notLoaded,
	}
}

// conditions are the keys of rules that are typed.
func (s *Screen) conditions() []kit.Binding {
	out := []kit.Binding{
		s.key("newest", "keep the newest", kit.Ask(s.askLast), "n"),
		s.key("older", "older than", kit.Ask(s.askOlder), "o"),
		s.key("match", "tags that match", kit.Ask(s.askMatch), "m"),
		s.key("exclude", "tags that are kept", kit.Ask(s.askExclude), "e"),
		s.key("pulled", "not pulled for", kit.Ask(s.askPulled), "p"),
		s.key("by", "the newest by push, or by version", s.flip(turnOrder), "b"),
		s.key("any-tag", "one tag that matches is enough, or all have to",
			s.flip(func(r *cleanup.Rules) { r.AnyTag = !r.AnyTag }), "t"),
		s.key("protect", "tags that are never removed", kit.Ask(s.askProtect), "P"),
		s.key("keep-list", "keep what a file names", kit.Ask(s.askKeep), "K"),
		s.key("grace", "archive or mark first, and remove later", kit.Ask(s.askGrace), "D"),
	}
	for i, short := range []string{"newest", "age", "match", "exclude"} {
		out[i].Short, out[i].Footer = short, true
	}
	out[5].Disabled, out[6].Disabled = s.noLast, s.noMatch
	return out
}

// kinds are the keys of rules that are on or off.
func (s *Screen) kinds() []kit.Binding {
	return []kit.Binding{
		s.key("untagged", "untagged images too, or not", s.flip(func(r *cleanup.Rules) { r.Untagged = !r.Untagged }), "u"),
		s.key("orphans", "orphaned signatures too, or not", s.flip(func(r *cleanup.Rules) { r.Orphans = !r.Orphans }), "O"),
		s.key("broken", "broken indexes too, or not", s.flip(func(r *cleanup.Rules) { r.Broken = !r.Broken }), "B"),
	}
}

func (s *Screen) notLoaded() string {
	if !s.loaded {
		return "the images are not read yet"
	}
	return ""
}

func (s *Screen) noImage() string {
	if s.list.Table.Len() == 0 || s.list.Current() == nil {
		return "there is no image here"
	}
	return s.notLoaded()
}

func (s *Screen) noLast() string {
	if s.rules.Last == nil {
		return "no number of images to keep is given"
	}
	return s.notLoaded()
}

func (s *Screen) noMatch() string {
	if len(s.rules.Match) == 0 {
		return "no pattern is given"
	}
	return s.notLoaded()
}

// noPlan waits until what is shown is what the rules say.
func (s *Screen) noPlan() string {
	switch {
	case s.wire.Review == nil:
		return "nothing can be removed here"
	case s.wire.Context.ReadOnly:
		return "this context is read-only"
	case !s.loaded || s.now == nil || s.busy || s.stale:
		return "what goes is not worked out yet"
	case s.noKeepList() != "":
		return s.noKeepList()
	case s.now.sum.Remove+s.now.sum.Mark+s.now.sum.Archive == 0:
		return "nothing is removed"
	}
	return ""
}

func (s *Screen) review() kit.Intent {
	return kit.Go{Screen: s.wire.Review(s.now.rules, s.now.found)}
}

func (s *Screen) agree() (kit.Intent, tea.Cmd) {
	s.asked = true
	return nil, s.Init()
}

// reload reads the images anew; the rules stay.
func (s *Screen) reload() (kit.Intent, tea.Cmd) {
	s.loaded, s.changed, s.now, s.busy, s.stale = false, false, nil, false, false
	s.list.Table.Forget() // a row is another image then
	s.lane.Reset()
	s.work.Reset()
	return nil, s.Init()
}

func (s *Screen) open() kit.Intent {
	return kit.Go{Screen: s.wire.Open(*s.list.Current().image)}
}

// Unwind implements kit.Unwinder.
func (s *Screen) Unwind() (bool, tea.Cmd) { return s.list.Unwind() }
