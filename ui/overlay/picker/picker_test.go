package picker_test

import (
	"fmt"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"regatta/ui/kit"
	"regatta/ui/overlay/picker"
	"regatta/ui/uitest"
)

// stand is a screen that has something chosen.
type stand struct {
	com            kit.Common
	lane           *kit.Lane
	names, details []string
	chosen         []int
	through        int // keys that got through
}

type chosenMsg int

func (*stand) Init() tea.Cmd        { return nil }
func (*stand) View(w, h int) string { return kit.Block(nil, w, h) }
func (*stand) Close()               {}

func (s *stand) Update(msg tea.Msg) (kit.Intent, tea.Cmd) {
	if i, ok := msg.(chosenMsg); ok {
		s.chosen = append(s.chosen, int(i))
	}
	return nil, nil
}

func (s *stand) Bindings() []kit.Binding {
	ask := func() kit.Intent {
		then := func(i int) tea.Cmd { return s.lane.After(0, chosenMsg(i)) }
		if s.details != nil {
			return kit.Push{Overlay: picker.NewDetailed(s.com.Look, "which one?", s.names, s.details, then)}
		}
		return kit.Push{Overlay: picker.New(s.com.Look, "which one?", s.names, then)}
	}
	return []kit.Binding{
		{ID: "stand.ask", Keys: []string{"o"}, Desc: "ask", Run: kit.Ask(ask)},
		{ID: "stand.through", Keys: []string{"j", "k", "enter", "tab"}, Desc: "count", Run: kit.Do(func() { s.through++ })},
	}
}

func perform(t *testing.T, on *stand, act func(*uitest.Driver)) {
	t.Helper()
	uitest.Perform(t, uitest.Stage{Screen: func(_ *testing.T, com kit.Common) kit.Screen {
		on.com, on.lane = com, kit.NewLane(com.Ctx, on)
		return on
	}}, act)
}

func TestChooses(t *testing.T) {
	t.Parallel()
	on := &stand{names: []string{"one", "two", "three"}}
	perform(t, on, func(s *uitest.Driver) {
		s.Press("o").See("─ which one? ─", "▌ one", "enter chooses, esc closes").SeeNot("▌ two").Press("enter").SeeNot("which one?")
		s.Press("o", "j").See("▌ two").SeeNot("▌ one").Press("down", "l").Press("o", "tab", "right").Press("o", "k").See("▌ three").Press("j").See("▌ one").Press("up", "shift+tab").See("▌ two").Press("enter")
		for _, key := range []string{"esc", "q", "h", "left"} {
			s.Press("o", "j", key).SeeNot("which one?")
		}
		s.Press("o", "x").Paste("j\r").See("▌ one").Press("esc")
		s.Burst("o", "j", "j", "enter").SeeNot("which one?")
	})
	if got := fmt.Sprint(on.chosen); got != "[0 2 1 1 2]" || on.through != 0 {
		t.Errorf("chose %s, %d keys got through", got, on.through)
	}
}

// Words on a name take the same room for each.
func TestDetails(t *testing.T) {
	t.Parallel()
	on := &stand{names: []string{"one", "two"}, details: []string{"of the first", strings.Repeat("long ", 60) + "end"}}
	perform(t, on, func(s *uitest.Driver) {
		bottom := func() int {
			for y, line := range strings.Split(s.Screen(), "\n") {
				if strings.Contains(line, "╰") {
					return y
				}
			}
			return -1
		}
		s.Press("o").See("of the first").SeeNot("long")
		before := bottom()
		if s.Press("j").See("long long").SeeNot("of the first", "end"); bottom() != before || before < 0 {
			t.Errorf("it ends on line %d, and on line %d before", bottom(), before)
		}
	})
}

// Also where there is nothing to choose from, esc closes.
func TestNothingToChoose(t *testing.T) {
	t.Parallel()
	on := &stand{}
	perform(t, on, func(s *uitest.Driver) { s.Press("o").See("which one?").Press("j", "enter", "esc").SeeNot("which one?") })
	if len(on.chosen) > 0 {
		t.Errorf("chose %v", on.chosen)
	}
}
