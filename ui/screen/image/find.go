package image

import (
	"regatta/ui/kit"
	"regatta/ui/overlay/ask"
)

// askFind asks for what to find in the text of the tab, or for a filter of
// findings.
func (s *Screen) askFind() kit.Intent {
	if s.tab == tabFindings {
		return s.found.list.AskFilter()
	}
	if s.tableOf(s.tab) != nil {
		return kit.Toast{Level: kit.Warning, Text: "find works in text: overview, config, history and raw"}
	}
	return ask.Find(s.com.Look, func(text string) kit.Intent {
		s.wanted = text
		return s.findAgain(1)
	})
}

func (s *Screen) findAgain(step int) kit.Intent {
	switch {
	case s.wanted == "":
		return kit.Toast{Text: "nothing was searched for yet: /"}
	case s.tableOf(s.tab) != nil || !s.texts[s.tab].Find(s.wanted, step):
		return kit.Toast{Level: kit.Warning, Text: s.wanted + " is not in this tab"}
	}
	return nil
}
