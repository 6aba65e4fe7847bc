package typed_test

import (
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"regatta/ui/kit"
	"regatta/ui/overlay/typed"
	"regatta/ui/uitest"
)

// stand is a screen that asks for a name, and counts what came of it.
type stand struct {
	com     kit.Common
	lane    *kit.Lane
	reasons []string
	done    int // times that it went on
	late    int // answers of what it began
	through int // keys that got through
}

type lateMsg struct{}

func (*stand) Init() tea.Cmd        { return nil }
func (*stand) View(w, h int) string { return kit.Block(nil, w, h) }
func (*stand) Close()               {}

func (s *stand) Update(msg tea.Msg) (kit.Intent, tea.Cmd) {
	if _, ok := msg.(lateMsg); ok {
		s.late++
	}
	return nil, nil
}

func (s *stand) then() (kit.Intent, tea.Cmd) {
	s.done++
	return kit.Toast{Text: "went on"}, s.lane.After(time.Second, lateMsg{})
}

func (s *stand) Bindings() []kit.Binding {
	ask := func() kit.Intent {
		return kit.Push{Overlay: typed.New(s.com.Look, "remove", "shop/api", s.reasons, s.then)}
	}
	return []kit.Binding{
		{ID: "stand.ask", Keys: []string{"o"}, Desc: "ask", Run: kit.Ask(ask)},
		{ID: "stand.through", Keys: []string{"enter", "s", "x"}, Desc: "count", Run: kit.Do(func() { s.through++ })},
	}
}

func perform(t *testing.T, reasons []string, act func(*uitest.Driver, *stand)) {
	t.Helper()
	on := &stand{reasons: reasons}
	uitest.Perform(t, uitest.Stage{Screen: func(_ *testing.T, com kit.Common) kit.Screen {
		on.com, on.lane = com, kit.NewLane(com.Ctx, on)
		return on
	}}, func(s *uitest.Driver) { act(s, on) })
}

func TestGoesOn(t *testing.T) {
	t.Parallel()
	perform(t, []string{"it is the last tag", "it is deployed from"}, func(s *uitest.Driver, on *stand) {
		s.Press("o").See("─ remove ─", "! it is the last tag", "! it is deployed from", "Type shop/api to go on, esc to go back.").SeeNot("that is not")
		s.Type("shop/api").See("> shop/api").Press("enter").See("went on").SeeNot("Type shop/api").Advance(2 * time.Second)
		s.Press("o").Type(" shop/api ").Press("enter").See("went on").Advance(2 * time.Second) // blanks around it do not matter
		if on.done != 2 || on.late != 2 || on.through != 0 {
			t.Errorf("went on %d times, %d answers, %d keys got through", on.done, on.late, on.through)
		}
	})
}

func TestAnotherName(t *testing.T) {
	t.Parallel()
	perform(t, nil, func(s *uitest.Driver, on *stand) {
		s.Press("o", "enter").See("that is not shop/api").Type("shop").SeeNot("that is not").Press("enter").See("that is not shop/api").Press("backspace").SeeNot("that is not").See("> sho")
		s.Press("esc").SeeNot("Type shop/api", "went on")
		for _, wrong := range []string{"shop/apis", "SHOP/API", "shop/ap", "shop /api"} {
			s.Press("o").Type(wrong).Press("enter").See("that is not shop/api").Press("esc")
		}
		s.Press("o").Type("shop/apx").Press("backspace").Type("i").Press("enter").See("went on")
		if on.done != 1 {
			t.Errorf("went on %d times", on.done)
		}
	})
}

// A name that is on the clipboard was not read.
func TestRefusesPaste(t *testing.T) {
	t.Parallel()
	perform(t, nil, func(s *uitest.Driver, on *stand) {
		s.Press("o").Paste("shop/api").SeeNot("> shop").Press("ctrl+v").SeeNot("> shop").Press("enter").See("that is not shop/api").Paste("x").Press("ctrl+v").See("that is not shop/api")
		if on.done != 0 {
			t.Errorf("went on %d times", on.done)
		}
	})
}

func TestCursorAndReasons(t *testing.T) {
	t.Parallel()
	perform(t, []string{strings.Repeat("word ", 20) + "end"}, func(s *uitest.Driver, _ *stand) {
		s.Press("o").Type("sh").SeeLine(`^ *│ ! word`).SeeLine(`^ *│   word .*end`)
		cursor := s.View().Cursor
		if cursor == nil {
			t.Fatal("there is no cursor")
		}
		line := []rune(strings.Split(s.Screen(), "\n")[cursor.Y])
		if got := string(line[cursor.X-4 : cursor.X]); got != "> sh" {
			t.Errorf("the cursor is behind %q", got)
		}
	})
}
