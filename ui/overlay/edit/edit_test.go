package edit_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"regatta/theme"
	"regatta/ui/kit"
	"regatta/ui/overlay/edit"
	"regatta/ui/uitest"
)

// stand is a screen whose text is edited.
type stand struct {
	com     kit.Common
	lane    *kit.Lane
	text    string
	line    int
	remarks []kit.Span
	heard   []string // the texts that it was told
	late    int      // answers of what it began then
	through int      // keys that got through
}

type lateMsg struct{}

func (*stand) Init() tea.Cmd        { return nil }
func (*stand) View(w, h int) string { return kit.Block([]string{"first", "second", "third"}, w, h) }
func (*stand) Close()               {}

func (s *stand) Update(msg tea.Msg) (kit.Intent, tea.Cmd) {
	if _, ok := msg.(lateMsg); ok {
		s.late++
	}
	return nil, nil
}

// Edited implements edit.Owner.
func (s *stand) Edited(text string) tea.Cmd {
	s.text = text
	s.heard = append(s.heard, text)
	return s.lane.After(time.Second, lateMsg{})
}

// Remarks implements edit.Owner.
func (s *stand) Remarks() []kit.Span { return s.remarks }

func (s *stand) Bindings() []kit.Binding {
	open := func() kit.Intent { return kit.Push{Overlay: edit.New(s.com.Look, "the text", s.text, s.line, s)} }
	return []kit.Binding{
		{ID: "stand.edit", Keys: []string{"o"}, Desc: "edit", Run: kit.Ask(open)},
		{ID: "stand.through", Keys: []string{"enter", "x", "q", "h"}, Desc: "count", Run: kit.Do(func() { s.through++ })},
	}
}

func perform(t *testing.T, on *stand, act func(*uitest.Driver)) {
	t.Helper()
	uitest.Perform(t, uitest.Stage{Screen: func(_ *testing.T, com kit.Common) kit.Screen {
		on.com, on.lane = com, kit.NewLane(com.Ctx, on)
		return on
	}}, act)
}

// The owner hears of every change, and of nothing else.
func TestEdits(t *testing.T) {
	t.Parallel()
	on := &stand{text: "one\ntwo"}
	perform(t, on, func(s *uitest.Driver) {
		s.Press("o").See("─ the text ─", "1 one", "2 two", "esc keeps the text and closes").Press("right", "down", "up", "end")
		if len(on.heard) > 0 {
			t.Errorf("heard %q though nothing was changed", on.heard)
		}
		s.Press("x", "enter", "q").See("1 onex", "2 q", "3 two").Press("backspace").Paste("ab\ncd").See("2 ab", "3 cd", "4 two").Press("h", "esc").SeeNot("the text").Advance(2 * time.Second)
	})
	if got := fmt.Sprintf("%q", on.heard); got != `["onex\ntwo" "onex\n\ntwo" "onex\nq\ntwo" "onex\n\ntwo" "onex\nab\ncd\ntwo" "onex\nab\ncdh\ntwo"]` || on.late != 6 || on.through != 0 {
		t.Errorf("heard %s, %d answers, %d keys got through", got, on.late, on.through)
	}
}

// What was typed stays when it is opened again; esc is one level.
func TestKeeps(t *testing.T) {
	t.Parallel()
	on := &stand{text: "one"}
	perform(t, on, func(s *uitest.Driver) {
		s.Press("o", "x", "esc").SeeNot("the text", uitest.Home).Press("o").See("1 xone").Press("esc", "esc").See(uitest.Home)
	})
}

func TestBeginsAtLine(t *testing.T) {
	t.Parallel()
	on := &stand{text: "one\ntwo\nthree", line: 2}
	perform(t, on, func(s *uitest.Driver) {
		s.Press("o")
		cursor := s.View().Cursor
		if cursor == nil {
			t.Fatal("there is no cursor")
		}
		if line := strings.Split(s.Screen(), "\n")[cursor.Y]; !strings.Contains(line, "3 three") {
			t.Errorf("the cursor is on %q", line)
		}
		s.Press("x").See("3 xthree")
	})
}

// Remarks are shown below the text as they are at the moment, a few of them.
func TestRemarks(t *testing.T) {
	t.Parallel()
	on := &stand{text: strings.Repeat("line\n", 60) + "the end"}
	perform(t, on, func(s *uitest.Driver) {
		s.Press("o").SeeNot("remark", "the end").SeeLine(`^ *1 line|│ +1 line`)
		for i := range 6 {
			on.remarks = append(on.remarks, kit.Span{Role: theme.Warn, Text: fmt.Sprint("remark ", i)})
		}
		s.Press("x").See("remark 0", "remark 3", "╰").SeeNot("remark 4").Resize(120, 90).See("the end", "remark 3")
		on.remarks = nil
		s.Press("x").SeeNot("remark")
	})
}
