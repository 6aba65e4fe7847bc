package rollback

import (
	"context"
	"errors"

	tea "charm.land/bubbletea/v2"

	"regatta/model/ref"
	"regatta/model/rollback"
	"regatta/ui/component/list"
	"regatta/ui/kit"
	"regatta/ui/overlay/ask"
)

type addedMsg struct{ tag ref.Reference }

// Bindings implements kit.Screen.
func (s *Several) Bindings() []kit.Binding {
	out := kit.Bind("together", "Rollback of several tags", []kit.Binding{
		{
			ID: "plan", Keys: kit.Keys{"enter"}, Desc: "all that are marked go back: checks, and shows one plan",
			Short: "go back", Footer: true, Disabled: s.notAll, Run: kit.Ask(s.plan),
		},
		{
			ID: "other", Keys: kit.Keys{"o"}, Desc: "another image for this tag", Short: "other image",
			Footer: true, Disabled: s.notRead, Run: kit.Ask(s.other),
		},
		{
			ID: "compare", Keys: kit.Keys{"="}, Desc: "compare it with what is there now", Short: "compare",
			Footer: true, Disabled: s.noTarget, Run: kit.Ask(s.compare),
		},
		{ID: "add", Keys: kit.Keys{"n"}, Desc: "add a tag", Short: "add", Footer: true, Run: kit.Ask(s.askTag)},
		{ID: "again", Keys: kit.Keys{"r", "R", "ctrl+r"}, Desc: "look again", Run: kit.Work(s.again)},
	})
	return append(out, s.List.Bindings()...)
}

// notAll is why not all that are marked can go back.
func (s *Several) notAll() string {
	marked := s.List.Table.Marked()
	if len(marked) == 0 {
		return "no tag is marked: space marks"
	}
	for _, row := range marked {
		if why := s.whyNot(row); why != "" {
			return why
		}
	}
	return ""
}

func (s *Several) whyNot(row list.Row) string {
	l := s.List.At(row)
	switch {
	case l == nil:
		return "it is not listed any more"
	case l.err != nil:
		return l.name() + " cannot go back: space takes its mark away"
	case l.loaded == nil:
		return "what " + l.name() + " pointed to is not known yet"
	case l.to == nil:
		return "nothing is known that " + l.name() + " could go back to: o looks, space takes its mark away"
	}
	return ""
}

func (s *Several) current() *line { return s.List.Current() }

func (s *Several) notRead() string {
	if l := s.current(); l == nil || l.loaded == nil {
		return "what it pointed to is not known"
	}
	return ""
}

func (s *Several) noTarget() string {
	if l := s.current(); l == nil || l.to == nil {
		return "there is nothing to compare with"
	}
	return ""
}

func (s *Several) plan() kit.Intent {
	var goals []rollback.Goal
	for _, row := range s.List.Table.Marked() {
		l := s.List.At(row)
		goals = append(goals, rollback.Goal{Tag: l.tag, From: l.loaded.Current, To: *l.to})
	}
	return kit.Go{Screen: s.wire.Plan(goals)}
}

func (s *Several) other() kit.Intent {
	row := s.List.Table.Cursor()
	return kit.Go{Screen: s.wire.Choose(s.List.At(row).tag, func(one rollback.Candidate, from ref.Digest) {
		s.chosen(row, one, from)
	})}
}

// chosen is what the user wants a tag to go back to. The others follow, where they
// are of the same release.
func (s *Several) chosen(row list.Row, one rollback.Candidate, from ref.Digest) {
	if s.List.At(row) == nil {
		return
	}
	s.change(row, func(l *line) {
		now := *l.loaded
		now.Current = from
		l.loaded, l.to, l.byHand = &now, &one, true
	})
	s.anchor = row
	s.List.Table.Mark(row)
	s.settle()
}

func (s *Several) compare() kit.Intent {
	l := s.current()
	return kit.Go{Screen: s.wire.Compare(l.tag, *l.to, l.loaded.Current)}
}

func (s *Several) askTag() kit.Intent {
	read := func(line string) (ref.Reference, error) { return readTag(s.wire.Context.Host, line) }
	check := func(line string) error {
		_, err := read(line)
		return err
	}
	return kit.Push{Overlay: ask.Running(s.com.Look, "which tag goes back too?", "REPOSITORY:TAG", check,
		func(line string) tea.Cmd {
			tag, _ := read(line) // it was checked
			return s.lane.Go(func(context.Context) tea.Msg { return addedMsg{tag} })
		})}
}

var errNoTag = errors.New("want REPOSITORY:TAG")

func readTag(host, line string) (ref.Reference, error) {
	tag, err := ref.ParseRepository(host + "/" + line)
	if err == nil && (tag.Tag == "" || tag.Digest != "") {
		err = errNoTag
	}
	return tag, err
}

// Unwind implements kit.Unwinder. The marks say what goes back: esc leaves with
// them.
func (s *Several) Unwind() (bool, tea.Cmd) {
	if s.List.Filter() == "" {
		return false, nil
	}
	cmd, _ := s.List.SetFilter("")
	return true, cmd
}
