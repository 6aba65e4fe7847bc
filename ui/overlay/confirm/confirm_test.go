package confirm_test

import (
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"regatta/ui/kit"
	"regatta/ui/overlay/confirm"
	"regatta/ui/uitest"
)

// stand is a screen that asks a question, and counts the keys that get through to it.
type stand struct {
	com      kit.Common
	question string
	through  int
}

func (*stand) Init() tea.Cmd                        { return nil }
func (*stand) Update(tea.Msg) (kit.Intent, tea.Cmd) { return nil, nil }
func (*stand) View(w, h int) string                 { return kit.Block(nil, w, h) }
func (*stand) Close()                               {}

func (s *stand) Bindings() []kit.Binding {
	ask := func() kit.Intent {
		return kit.Push{Overlay: confirm.New(s.com.Look, "remove", s.question, "Keep", "Remove", kit.Toast{Text: "removed it"})}
	}
	return []kit.Binding{
		{ID: "stand.ask", Keys: []string{"o"}, Desc: "ask", Run: kit.Ask(ask)},
		{ID: "stand.through", Keys: []string{"enter", "tab", "y", "n", "x"}, Desc: "count", Run: kit.Do(func() { s.through++ })},
	}
}

func perform(t *testing.T, question string, act func(*uitest.Driver, *stand)) {
	t.Helper()
	var on *stand
	uitest.Perform(t, uitest.Stage{Screen: func(_ *testing.T, com kit.Common) kit.Screen {
		on = &stand{com: com, question: question}
		return on
	}}, func(s *uitest.Driver) { act(s, on) })
}

func TestNoIsFirst(t *testing.T) {
	t.Parallel()
	perform(t, "Remove it?", func(s *uitest.Driver, on *stand) {
		s.Press("o").See("─ remove ─", "Remove it?", "▌Keep").SeeNot("▌Remove").Press("enter").SeeNot("Remove it?", "removed it")
		s.Press("o", "y", "x", "space").See("Remove it?", "▌Keep").Paste("y\r").Paste("\t").See("▌Keep").Press("enter").SeeNot("removed it")
		for _, key := range []string{"esc", "n", "q"} {
			s.Press("o", "tab", key).SeeNot("Remove it?", "removed it")
		}
		s.Burst("o", "enter").SeeNot("removed it", "Remove it?")
		if on.through != 0 {
			t.Errorf("%d keys got through", on.through)
		}
		s.Press("enter")
		if on.through != 1 {
			t.Errorf("%d keys got through", on.through)
		}
	})
}

func TestYes(t *testing.T) {
	t.Parallel()
	perform(t, "Remove it?", func(s *uitest.Driver, on *stand) {
		for _, key := range []string{"tab", "shift+tab", "left", "right", "h", "l"} {
			s.Press("o", key).See("▌Remove").SeeNot("▌Keep").Press(key).See("▌Keep").Press(key, "enter").See("removed it").SeeNot("Remove it?").Press("x")
		}
		s.Burst("o", "tab", "enter").See("removed it").SeeNot("Remove it?")
		if on.through != 6 {
			t.Errorf("%d keys got through", on.through)
		}
	})
}

func TestLongQuestion(t *testing.T) {
	t.Parallel()
	perform(t, strings.Repeat("word ", 30)+"end?", func(s *uitest.Driver, _ *stand) {
		s.Press("o").See("end?", "▌Keep", "Remove").Resize(120, 40).See("end?").Press("tab", "enter").See("removed it")
	})
}
