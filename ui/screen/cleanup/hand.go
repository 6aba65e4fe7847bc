package cleanup

import (
	"maps"

	tea "charm.land/bubbletea/v2"

	"regatta/model/cleanup"
	"regatta/model/ref"
	"regatta/ui/kit"
)

// except has the marked images, or else the one under the cursor, kept or
// removed whatever the rules say; again, the rules decide.
func (s *Screen) except() (kit.Intent, tea.Cmd) {
	at := s.List.Table.Marked()
	if len(at) == 0 {
		at = append(at, s.List.Table.Cursor())
	}
	rules := s.rules
	rules.Exceptions = maps.Clone(rules.Exceptions)
	if rules.Exceptions == nil {
		rules.Exceptions = map[ref.Digest]cleanup.Exception{}
	}
	for _, i := range at {
		r := s.List.At(i)
		if r == nil {
			continue
		}
		d := r.image.Digest
		switch {
		case rules.Exceptions[d] != 0:
			delete(rules.Exceptions, d)
		case r.verdict.Outcome != cleanup.Kept:
			rules.Exceptions[d] = cleanup.KeepIt
		default:
			rules.Exceptions[d] = cleanup.RemoveIt
		}
	}
	s.List.Table.ClearMarks()
	s.List.Table.Touch()
	return nil, s.set(rules)
}

func (s *Screen) noExceptions() string {
	if len(s.rules.Exceptions) == 0 {
		return "there is no exception"
	}
	return s.notLoaded()
}
