package filter_test

import (
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"regatta/model/query"
	"regatta/ui/kit"
	"regatta/ui/overlay/filter"
	"regatta/ui/uitest"
)

// target is a page that is filtered: it takes all texts but those with a [.
type target struct {
	com     kit.Common
	now     string
	applied []string
}

func (p *target) SetFilter(text string) (tea.Cmd, *query.Error) {
	if i := strings.Index(text, "["); i >= 0 {
		return nil, &query.Error{Span: query.Span{From: i, To: i + 2}, Message: "no bracket here"}
	}
	p.now = text
	p.applied = append(p.applied, text)
	return nil, nil
}

func (p *target) Count() string                      { return "12 / 3,431" }
func (*target) Init() tea.Cmd                        { return nil }
func (*target) Update(tea.Msg) (kit.Intent, tea.Cmd) { return nil, nil }
func (p *target) View(w, h int) string {
	return kit.Block([]string{kit.Fit("filtered by "+p.now+".", w)}, w, h)
}
func (*target) Close() {}
func (p *target) Bindings() []kit.Binding {
	return []kit.Binding{{ID: "page.filter", Keys: []string{"/"}, Desc: "filter", Run: kit.Ask(func() kit.Intent {
		return kit.Push{Overlay: filter.New(p.com.Look, p, p.now, "word  !not")}
	})}}
}

func perform(t *testing.T, p *target, act func(*uitest.Driver)) {
	t.Helper()
	uitest.Perform(t, uitest.Stage{Screen: func(_ *testing.T, com kit.Common) kit.Screen {
		p.com = com
		return p
	}}, act)
}

func TestTyping(t *testing.T) {
	t.Parallel()
	p := &target{}
	perform(t, p, func(s *uitest.Driver) {
		s.Press("/").SeeLine(`^ / word  !not +12 / 3,431$`).See("enter keeps the filter · esc clears it").Type("a b").See("filtered by a b.")
		s.SeeLine(`^ / a b +12 / 3,431$`).SeeNot("!not")
		if c := s.View().Cursor; c == nil || c.X != 6 || c.Y != 22 {
			t.Errorf("the cursor is at %+v", c)
		}
		if got := strings.Join(p.applied, ","); got != "a,a ,a b" {
			t.Errorf("applied %q", got)
		}
		s.Press("left", "right").Paste("cd").See("filtered by a bcd.").Press("enter").See("filtered by a bcd.")
		s.SeeNot("12 / 3,431") // what does not change it applies nothing
		if n := len(p.applied); n != 4 {
			t.Errorf("applied %q", p.applied)
		}
		s.Press("/").SeeLine(`^ / a bcd `).Press("backspace").See("filtered by a bc.").Press("esc").See("filtered by .").SeeNot("12 / 3,431")
	})
}

// Half of a filter is another filter: what is in force stays until it is whole.
func TestATextThatDoesNotParse(t *testing.T) {
	t.Parallel()
	p := &target{now: "old"}
	perform(t, p, func(s *uitest.Driver) {
		s.Press("/").Type("x[").See("filtered by old.").SeeLine(`^ {7}▾ no bracket here`).SeeLine(`^ / oldx\[$`).SeeNot("12 / 3,431")
		if c := s.View().Cursor; c == nil || c.X != 8 || c.Y != 22 {
			t.Errorf("the cursor is at %+v", c)
		}
		s.Press("enter").See("no bracket here").Press("y").SeeLine(`^ {7}▾▾ no bracket`).Press("backspace", "backspace").SeeNot("bracket")
		s.See("filtered by oldx.", "12 / 3,431").Press("enter").SeeNot("12 / 3,431").See("filtered by oldx.")
		s.Press("/").Type("[").Press("esc").See("filtered by .").SeeNot("bracket")
	})
}

func TestALongText(t *testing.T) {
	t.Parallel()
	p := &target{}
	perform(t, p, func(s *uitest.Driver) {
		s.Press("/").Type(strings.Repeat("a", 70)+"end").See("end", "12 / 3,431")
		if c := s.View().Cursor; c == nil || c.X > 69 || c.Y != 22 {
			t.Errorf("the cursor is at %+v", c)
		}
	})
}
