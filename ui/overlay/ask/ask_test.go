package ask_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"regatta/ui/kit"
	"regatta/ui/overlay/ask"
	"regatta/ui/uitest"
)

// stand is a screen that asks for a line.
type stand struct {
	com     kit.Common
	lane    *kit.Lane
	ask     func(*stand) kit.Intent
	heard   []string // the lines that something was done with
	late    []string // answers of what was begun
	through int      // keys that got through
}

type lateMsg string

func (*stand) Init() tea.Cmd        { return nil }
func (*stand) View(w, h int) string { return kit.Block(nil, w, h) }
func (*stand) Close()               {}

func (s *stand) Update(msg tea.Msg) (kit.Intent, tea.Cmd) {
	if m, ok := msg.(lateMsg); ok {
		s.late = append(s.late, string(m))
	}
	return nil, nil
}

func (s *stand) Bindings() []kit.Binding {
	return []kit.Binding{
		{ID: "stand.ask", Keys: []string{"o"}, Desc: "ask", Run: kit.Ask(func() kit.Intent { return s.ask(s) })},
		{ID: "stand.through", Keys: []string{"enter", "x", "q", "h"}, Desc: "count", Run: kit.Do(func() { s.through++ })},
	}
}

func (s *stand) run(line string) tea.Cmd {
	s.heard = append(s.heard, line)
	return s.lane.After(time.Second, lateMsg(line))
}

// short refuses an empty line, and one that has a digit.
func short(line string) error {
	switch {
	case line == "":
		return errors.New("type something")
	case strings.ContainsAny(line, "0123456789"):
		return errors.New("no digits, please")
	}
	return nil
}

func perform(t *testing.T, by func(*stand) kit.Intent, act func(*uitest.Driver)) *stand {
	t.Helper()
	on := &stand{ask: by}
	uitest.Perform(t, uitest.Stage{Screen: func(_ *testing.T, com kit.Common) kit.Screen {
		on.com, on.lane = com, kit.NewLane(com.Ctx, on)
		return on
	}}, act)
	return on
}

func TestAsks(t *testing.T) {
	t.Parallel()
	on := perform(t, func(s *stand) kit.Intent {
		return kit.Push{Overlay: ask.New(s.com.Look, "a name?", "letters only", short, func(line string) kit.Intent {
			s.heard = append(s.heard, line)
			return kit.Toast{Text: "it is " + line}
		})}
	}, func(s *uitest.Driver) {
		s.Press("o").See("─ a name? ─", "letters only").Press("enter").See("type something").SeeNot("letters only").Type("x1").SeeNot("type something").See("letters only", "> x1")
		s.Press("enter").See("no digits, please", "> x1").Press("backspace").SeeNot("no digits").Type(" y ").Press("enter").See("it is x y\n").SeeNot("a name?")
		s.Press("o").SeeNot("> x").Paste("pasted").See("> pasted", "a name?").Press("esc").SeeNot("a name?", "it is")
		s.Burst("o", "q", "h", "enter").See("it is qh")
	})
	if got := fmt.Sprintf("%q", on.heard); got != `["x y" "qh"]` || on.through != 0 {
		t.Errorf("heard %s, %d keys got through", got, on.through)
	}
}

func TestBegins(t *testing.T) {
	t.Parallel()
	on := perform(t, func(s *stand) kit.Intent {
		return kit.Push{Overlay: ask.Running(s.com.Look, "a name?", "", short, s.run).Begin("shop")}
	}, func(s *uitest.Driver) {
		s.Press("o").See("> shop")
		cursor := s.View().Cursor
		if cursor == nil {
			t.Fatal("there is no cursor")
		}
		if line := []rune(strings.Split(s.Screen(), "\n")[cursor.Y]); string(line[cursor.X-6:cursor.X]) != "> shop" {
			t.Errorf("the cursor is at %d,%d:\n%s", cursor.X, cursor.Y, s.Screen())
		}
		s.Type("s").Press("enter").SeeNot("a name?").Advance(2*time.Second).Press("o", "backspace", "backspace", "backspace", "backspace", "enter").See("type something").Press("esc").SeeNot("a name?")
	})
	if fmt.Sprint(on.heard, on.late) != "[shops] [shops]" {
		t.Errorf("heard %q, answered %q", on.heard, on.late)
	}
}

// Who follows along hears every line that is accepted, once, and in the end the one
// that counts: that which was there before, where nothing is changed.
func TestFollows(t *testing.T) {
	t.Parallel()
	live := func(s *stand) kit.Intent {
		return kit.Push{Overlay: ask.NewLive(s.com.Look, "a name?", "letters only", "ab", short, s.run)}
	}
	on := perform(t, live, func(s *uitest.Driver) {
		s.Press("o").See("> ab").Press("left", "right").Type("c1").Press("backspace", "space").Press("esc").SeeNot("a name?").Advance(2 * time.Second)
	})
	if fmt.Sprintf("%q", on.heard) != `["abc" "ab"]` || len(on.late) != 2 {
		t.Errorf("heard %q, answered %q", on.heard, on.late)
	}
	on = perform(t, live, func(s *uitest.Driver) {
		s.Press("o", "esc").Press("o").Type("d").Press("enter").SeeNot("a name?").Press("o", "backspace").Type("2").Press("enter").See("no digits, please").Press("esc").Advance(2 * time.Second)
	})
	if fmt.Sprintf("%q", on.heard) != `["abd" "a" "ab"]` || len(on.late) != 3 {
		t.Errorf("heard %q, answered %q", on.heard, on.late)
	}
}

func TestFind(t *testing.T) {
	t.Parallel()
	on := perform(t, func(s *stand) kit.Intent {
		return ask.Find(s.com.Look, func(line string) kit.Intent {
			s.heard = append(s.heard, line)
			return nil
		})
	}, func(s *uitest.Driver) {
		s.Press("o").See("─ find ─", "n finds the next, N the one before").Press("enter").See("type what to find").Type("it").Press("enter").SeeNot("─ find ─")
	})
	if fmt.Sprint(on.heard) != "[it]" {
		t.Errorf("heard %q", on.heard)
	}
}
