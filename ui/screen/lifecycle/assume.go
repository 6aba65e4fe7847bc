package lifecycle

import (
	"maps"

	tea "charm.land/bubbletea/v2"

	"regatta/model/lifecycle"
	"regatta/ui/kit"
	"regatta/ui/overlay/picker"
)

// assume lists what AWS does not document and what is taken for true; the one
// that is chosen is turned round, where it can be.
func (s *Screen) assume() kit.Intent {
	all := lifecycle.Assumptions()
	names, details := make([]string, len(all)), make([]string, len(all))
	for i, a := range all {
		names[i] = string(a.ID)
		switch {
		case s.switches[a.ID]:
			names[i] += " (turned round)"
			details[i] = a.Otherwise + " Enter: as AWS is taken to do again."
		case a.Otherwise == "":
			details[i] = a.Assumed
		default:
			details[i] = a.Assumed + " Enter turns it round: " + a.Otherwise
		}
	}
	return kit.Push{Overlay: picker.NewDetailed(s.com.Look, "what AWS does not document", names, details,
		func(i int) tea.Cmd { return s.turnRound(all[i]) })}
}

func (s *Screen) turnRound(a lifecycle.Assumption) tea.Cmd {
	if a.Otherwise == "" {
		return nil
	}
	s.switches = maps.Clone(s.switches)
	if s.switches == nil {
		s.switches = lifecycle.Switches{}
	}
	s.switches[a.ID] = !s.switches[a.ID]
	s.saved = nil // it is worked out anew, by the same assumptions
	return s.again()
}

// turned counts the assumptions that are turned round.
func (s *Screen) turned() int {
	n := 0
	for _, on := range s.switches {
		if on {
			n++
		}
	}
	return n
}
