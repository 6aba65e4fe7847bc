package lifecycle

import (
	"strconv"

	tea "charm.land/bubbletea/v2"

	"regatta/model/lifecycle"
	"regatta/theme"
	"regatta/ui/kit"
)

// tab shows some of the images. Its name is what it is known by from one result
// to the next.
type tab struct {
	name  string
	role  theme.Role
	count int
	keep  func(*row) bool
	least bool // there may be more: not all is known that it goes by
}

const everything = "all"

// tabsOf are all images, those of every rule, those of none, and those to look
// at twice.
func tabsOf(p lifecycle.Policy, rows []*row, allUses bool) []tab {
	out := []tab{{name: everything, role: theme.Text, keep: func(*row) bool { return true }}}
	for _, r := range p.Rules() {
		out = append(out, tab{name: "rule " + strconv.Itoa(r.Priority), role: theme.Text, keep: func(x *row) bool {
			return x.verdict.Priority == r.Priority
		}})
	}
	out = append(out,
		tab{name: "no rule", role: theme.Text, keep: func(r *row) bool { return r.verdict.Priority == 0 }},
		tab{name: "newly expired", role: theme.Warn, keep: func(r *row) bool { return r.fresh }},
		tab{name: "in use", role: theme.Danger, keep: (*row).dangerous, least: !allUses})
	for i := range out {
		for _, r := range rows {
			if out[i].keep(r) {
				out[i].count++
			}
		}
	}
	return out
}

// dangerous tells that the policy would remove what somebody runs.
func (r *row) dangerous() bool { return r.used != "" && r.verdict.Outcome == lifecycle.Expire }

// current is the place of the tab that is shown.
func (s *Screen) current() int {
	if s.now != nil {
		for i, t := range s.now.tabs {
			if t.name == s.tab {
				return i
			}
		}
	}
	return 0
}

// turn shows another tab.
func (s *Screen) turn(by int) func() (kit.Intent, tea.Cmd) {
	return func() (kit.Intent, tea.Cmd) {
		if s.now == nil {
			return nil, nil
		}
		n := len(s.now.tabs)
		s.tab, s.timeline = s.now.tabs[(s.current()+by+n)%n].name, false
		return nil, s.List.Reorder()
	}
}

// tabLine names the tabs, the one that is shown in brackets. It begins so that
// that one is seen.
func (s *Screen) tabLine(width int) string {
	if s.now == nil {
		return s.com.Look.Line(width)
	}
	at := s.current()
	first, room := at, width
	for ; first >= 0 && room > 0; first-- {
		room -= len(s.now.tabs[first].label(first == at)) + 1
	}
	first = max(0, min(at, first+1))
	if room < 0 && first < at {
		first++
	}
	spans := []kit.Span{{Text: " "}}
	for i, t := range s.now.tabs[first:] {
		role := t.role
		switch {
		case first+i == at:
			role = theme.Accent
		case t.count == 0:
			role = theme.Dim
		}
		spans = append(spans, kit.Span{Role: role, Text: t.label(first+i == at)}, kit.Span{Text: " "})
	}
	return s.com.Look.Line(width, spans...)
}

func (t tab) label(current bool) string {
	label := t.name + " " + atLeast(t.count, t.least)
	if current {
		return "[" + label + "]"
	}
	return " " + label + " "
}
