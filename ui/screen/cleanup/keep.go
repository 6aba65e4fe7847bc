package cleanup

import (
	"context"
	"strings"

	tea "charm.land/bubbletea/v2"

	"regatta/model/cleanup"
	"regatta/ui/kit"
	"regatta/ui/overlay/ask"
)

// keepFile is the file that the keep list comes from.
type keepFile struct {
	path    string // "" is none
	reading bool
	err     error
}

type keepMsg struct {
	path string
	list cleanup.KeepList
	err  error
}

// askKeep asks for the file of the keep list, and has it count with every key.
func (s *Screen) askKeep() kit.Intent {
	anything := func(string) error { return nil }
	return kit.Push{Overlay: ask.NewLive(s.com.Look, "keep what a file names",
		"a tag, digest, pattern or reference a line; empty: no file", s.keep.path, anything, s.readKeep)}
}

// readKeep reads a keep list off the loop. Until it is read, the list before it
// counts and there is no plan.
func (s *Screen) readKeep(path string) tea.Cmd {
	s.keep = keepFile{path: path}
	if path == "" {
		rules := s.rules
		rules.Keep = cleanup.KeepList{}
		return s.set(rules)
	}
	s.keep.reading = true
	read := s.wire.KeepList
	return s.lane.Go(func(ctx context.Context) tea.Msg {
		list, err := read(ctx, path)
		return keepMsg{path, list, err}
	})
}

func (s *Screen) onKeep(msg keepMsg) tea.Cmd {
	if msg.path != s.keep.path {
		return nil // another file was named since
	}
	s.keep.reading, s.keep.err = false, msg.err
	if msg.err != nil {
		return nil
	}
	rules := s.rules
	rules.Keep = msg.list
	return s.set(rules)
}

// noKeepList says what is wrong with the file, for the keys that need it.
func (s *Screen) noKeepList() string {
	switch {
	case s.keep.reading:
		return "the keep list is not read yet"
	case s.keep.err != nil:
		said, _, _ := strings.Cut(s.keep.err.Error(), "\n")
		return said
	}
	return ""
}

func (s *Screen) askProtect() kit.Intent {
	return s.ask("never remove images of which a tag matches", "patterns with * and ?, upper and lower case alike",
		strings.Join(s.rules.Protected, " "), func(r *cleanup.Rules, typed string) (err error) {
			r.Protected, err = patterns(typed)
			return err
		})
}

func (s *Screen) askGrace() kit.Intent {
	title := "mark by a tag first, and remove after"
	if s.in.Stock.Archives {
		title = "archive first, and remove after"
	}
	return s.ask(title, "12h, 14d, 2w, 1mo", ageText(s.rules.Grace),
		func(r *cleanup.Rules, typed string) (err error) {
			r.Grace, err = age(typed)
			return err
		})
}
