package cleanup

import (
	"slices"

	tea "charm.land/bubbletea/v2"

	"regatta/model/cleanup"
	"regatta/ui/kit"
)

// Bindings implements kit.Screen.
func (s *Screen) Bindings() []kit.Binding {
	if !s.consent.Given {
		return s.consent.Bindings("cleanup", "Cleanup", "images", s.Init)
	}
	act := kit.Bind("cleanup", "Cleanup", []kit.Binding{
		{
			ID: "except", Keys: kit.Keys{"x"}, Desc: "keep or remove by hand, or as the rules say again", Short: "by hand",
			Footer: true, Disabled: s.noImage, Run: s.except,
		},
		{
			ID: "plan", Keys: kit.Keys{"w"}, Desc: "remove: shows the plan", Short: "plan", Footer: true, Dangerous: true,
			Disabled: s.noPlan, Run: kit.Ask(s.review),
		},
	})
	more := kit.Bind("cleanup", "Cleanup", []kit.Binding{
		{
			ID: "open", Keys: kit.Keys{"enter", "l", "right"}, Desc: "open the image", Disabled: s.noImage,
			Run: kit.Ask(s.open),
		},
		{
			ID: "forget", Keys: kit.Keys{"X"}, Desc: "forget what was said by hand", Disabled: s.noExceptions,
			Run: s.flip(func(r *cleanup.Rules) { r.Exceptions = nil }),
		},
		{
			ID: "again", Keys: kit.Keys{"r", "R", "ctrl+r"}, Desc: "read the images again", Footer: s.err != nil || s.changed,
			Run: s.reload,
		},
		{
			ID: "command", Keys: kit.Keys{"c"}, Desc: "copy the rules as a regatta prune command", Disabled: s.noCommand,
			Run: kit.Ask(s.copyCommand),
		},
	})
	typed := s.conditions()
	return slices.Concat(typed[:3], act, typed[3:], s.kinds(), more, s.List.Bindings())
}

// conditions are the keys of rules that are typed.
func (s *Screen) conditions() []kit.Binding {
	return kit.Bind("cleanup", "Cleanup", []kit.Binding{
		{
			ID: "newest", Keys: kit.Keys{"n"}, Desc: "keep the newest", Short: "newest", Footer: true,
			Disabled: s.notLoaded, Run: kit.Ask(s.askLast),
		},
		{
			ID: "older", Keys: kit.Keys{"o"}, Desc: "older than", Short: "age", Footer: true, Disabled: s.notLoaded,
			Run: kit.Ask(s.askOlder),
		},
		{
			ID: "match", Keys: kit.Keys{"m"}, Desc: "tags that match", Short: "match", Footer: true,
			Disabled: s.notLoaded, Run: kit.Ask(s.askMatch),
		},
		{
			ID: "exclude", Keys: kit.Keys{"e"}, Desc: "tags that are kept", Short: "exclude", Footer: true,
			Disabled: s.notLoaded, Run: kit.Ask(s.askExclude),
		},
		{
			ID: "pulled", Keys: kit.Keys{"p"}, Desc: "not pulled for", Disabled: s.notLoaded,
			Run: kit.Ask(s.askPulled),
		},
		{
			ID: "by", Keys: kit.Keys{"b"}, Desc: "the newest by push, or by version", Disabled: s.noLast,
			Run: s.flip(turnOrder),
		},
		{
			ID: "any-tag", Keys: kit.Keys{"t"}, Desc: "one tag that matches is enough, or all have to",
			Disabled: s.noMatch, Run: s.flip(func(r *cleanup.Rules) { r.AnyTag = !r.AnyTag }),
		},
		{
			ID: "protect", Keys: kit.Keys{"P"}, Desc: "tags that are never removed", Disabled: s.notLoaded,
			Run: kit.Ask(s.askProtect),
		},
		{
			ID: "keep-list", Keys: kit.Keys{"K"}, Desc: "keep what a file names", Disabled: s.notLoaded,
			Run: kit.Ask(s.askKeep),
		},
		{
			ID: "grace", Keys: kit.Keys{"D"}, Desc: "archive or mark first, and remove later",
			Disabled: s.notLoaded, Run: kit.Ask(s.askGrace),
		},
	})
}

// kinds are the keys of rules that are on or off.
func (s *Screen) kinds() []kit.Binding {
	return kit.Bind("cleanup", "Cleanup", []kit.Binding{
		{
			ID: "untagged", Keys: kit.Keys{"u"}, Desc: "untagged images too, or not", Disabled: s.notLoaded,
			Run: s.flip(func(r *cleanup.Rules) { r.Untagged = !r.Untagged }),
		},
		{
			ID: "orphans", Keys: kit.Keys{"O"}, Desc: "orphaned signatures too, or not", Disabled: s.notLoaded,
			Run: s.flip(func(r *cleanup.Rules) { r.Orphans = !r.Orphans }),
		},
		{
			ID: "broken", Keys: kit.Keys{"B"}, Desc: "broken indexes too, or not", Disabled: s.notLoaded,
			Run: s.flip(func(r *cleanup.Rules) { r.Broken = !r.Broken }),
		},
	})
}

func (s *Screen) notLoaded() string {
	if !s.loaded {
		return "the images are not read yet"
	}
	return ""
}

func (s *Screen) noImage() string {
	if s.List.Table.Len() == 0 || s.List.Current() == nil {
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

// reload reads the images anew; the rules stay.
func (s *Screen) reload() (kit.Intent, tea.Cmd) {
	s.loaded, s.changed, s.now, s.busy, s.stale = false, false, nil, false, false
	s.List.Table.Forget() // a row is another image then
	s.lane.Reset()
	s.work.Reset()
	return nil, s.Init()
}

func (s *Screen) open() kit.Intent {
	return kit.Go{Screen: s.wire.Open(*s.List.Current().image)}
}
