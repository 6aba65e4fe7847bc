package files

import (
	"context"
	"errors"

	tea "charm.land/bubbletea/v2"

	"regatta/model/file"
	"regatta/model/text"
	"regatta/ui/kit"
	"regatta/ui/overlay/ask"
)

func (s *Screen) noSaving() string {
	switch {
	case s.wire.Save == nil:
		return "nothing can be saved here"
	case s.saving != nil:
		return "it saves " + s.saved + " already; esc stops that"
	}
	return s.nothing()
}

// askSave asks where to save what is under the cursor.
func (s *Screen) askSave() kit.Intent {
	n := s.current()
	check := func(dir string) error {
		if dir == "" {
			return errors.New("type the name of a directory")
		}
		return nil
	}
	return kit.Push{Overlay: ask.Running(s.com.Look, "save "+n.Entry.Name()+" where?",
		"a directory of this machine, made if it is missing", check,
		func(dir string) tea.Cmd { return s.save(n, dir) })}
}

func (s *Screen) save(n *file.Node, dir string) tea.Cmd {
	s.saver.Reset()
	s.saving, s.saved = &kit.Meter{}, n.Entry.Name()
	save, m := s.wire.Save, s.saving
	return tea.Batch(s.tick(), s.saver.Go(func(ctx context.Context) tea.Msg {
		report, err := save(ctx, n, dir, m.Add)
		return savedMsg{report, err}
	}))
}

func (s *Screen) onSaved(msg savedMsg) kit.Intent {
	s.saving = nil
	if msg.err != nil {
		return kit.Toast{Level: kit.Failure, Err: msg.err}
	}
	r := msg.report
	said := "saved " + text.Plural(r.Files, "file", "files") + ", " + text.Bytes(r.Bytes) + ", to " + text.Clean(r.Path)
	switch len(r.Left) {
	case 0:
		return kit.Toast{Level: kit.Success, Text: said}
	case 1:
		return kit.Toast{Level: kit.Warning, Text: said + "; left out: " + text.Clean(r.Left[0])}
	}
	return kit.Go{Screen: newLeft(s.com, s.wire.Context, said, r.Left)}
}
