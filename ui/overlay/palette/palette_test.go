package palette_test

import (
	"fmt"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"regatta/ui/kit"
	"regatta/ui/overlay/palette"
	"regatta/ui/uitest"
)

// page is a screen that says which of its bindings were run.
type page struct {
	com  kit.Common
	own  []kit.Binding
	open func(string) []kit.Candidate
	ran  []string
}

func (*page) Init() tea.Cmd                        { return nil }
func (*page) Update(tea.Msg) (kit.Intent, tea.Cmd) { return nil, nil }
func (*page) Close()                               {}

func (p *page) View(w, h int) string {
	return kit.Block([]string{kit.Fit("ran "+strings.Join(p.ran, " ")+".", w)}, w, h)
}

func (p *page) Bindings() []kit.Binding {
	return append([]kit.Binding{{ID: "open-it", Keys: []string{"o"}, Desc: "open it", Run: kit.Ask(func() kit.Intent {
		return kit.Push{Overlay: palette.New(p.com.Look, p.own, p.open)}
	})}}, p.own...)
}

func (p *page) add(id, desc, group, why string, keys ...string) {
	p.own = append(p.own, kit.Binding{
		ID: id, Desc: desc, Group: group, Keys: keys, Disabled: func() string { return why },
		Run: kit.Do(func() { p.ran = append(p.ran, id) }),
	})
}

func perform(t *testing.T, p *page, act func(*uitest.Driver)) {
	t.Helper()
	uitest.Perform(t, uitest.Stage{Screen: func(_ *testing.T, com kit.Common) kit.Screen {
		p.com = com
		return p
	}}, act)
}

func small() *page {
	p := &page{}
	p.add("copy", "copy the name", "Page", "", "c", "C")
	p.add("delete", "delete: shows the plan", "Page", "nothing is here", "x")
	p.add("hidden", "export all", "Page", "")
	p.add("palette", "commands", "Everywhere", "", ":")
	p.own = append(p.own, kit.Binding{ID: "idle", Desc: "does nothing"})
	return p
}

func TestCommands(t *testing.T) {
	t.Parallel()
	p := small()
	perform(t, p, func(s *uitest.Driver) {
		s.Press("o").See("─ commands", "enter runs it · ↑↓ choose · esc closes").SeeLine(`▌copy the name +Page +c `)
		s.SeeLine(` delete: shows the plan +nothing is here +x `).SeeLine(` export all +Page *│`).SeeNot("does nothing", "Everywhere")
		s.Press("enter").See("ran copy.").SeeNot("─ commands").Press("o", "down", "down", "down", "down").SeeLine("▌export all").Press("enter")
		s.See("ran copy hidden.")
		s.Press("o", "ctrl+n").SeeLine("▌delete").Press("ctrl+p", "up", "up").SeeLine("▌copy").Press("tab").SeeLine("▌delete").Press("shift+tab")
		s.SeeLine("▌copy").Press("esc").SeeNot("─ commands")
		s.Press("o").Type("exal").SeeLine("▌export all").SeeNot("copy the").Press("enter").See("ran copy hidden hidden.")
		s.Press("o", "down").Type("del").SeeLine(`▌delete: shows the plan +nothing is here`).Press("enter")
		s.See("! delete: nothing is here", "ran copy hidden hidden.") // why it does not work
		s.Press("o").Type("zzz").See("nothing fits; HOST/REPOSITORY opens any registry").Press("enter", "down", "up", "enter").See("nothing fits")
		s.Press("backspace", "backspace", "backspace").SeeLine("▌copy")
		if c := s.View().Cursor; c == nil {
			t.Error("there is no cursor")
		}
		s.Paste("export").SeeLine("▌export all").Press("esc")
	})
}

func TestWhatCanBeOpened(t *testing.T) {
	t.Parallel()
	p := small()
	var asked []string
	p.open = func(text string) []kit.Candidate {
		asked = append(asked, text)
		if text == "" {
			return nil
		}
		return []kit.Candidate{{Title: "host/" + text, Detail: "image", Intent: func() kit.Intent { return kit.Toast{Text: "opened " + text} }}}
	}
	perform(t, p, func(s *uitest.Driver) {
		s.Press("o").SeeLine("▌copy").Press("c").SeeLine(`▌host/c +image`).SeeLine(` copy the name`).Press("down").SeeLine("▌copy").Type("o ")
		s.SeeLine(`▌host/co +image`) // what can be opened comes first
		s.Press("enter").See("opened co", "ran .")
		if got := strings.Join(asked, ","); got != ",c,co,co" {
			t.Errorf("asked for %q", got)
		}
	})
}

func TestManyCommands(t *testing.T) {
	t.Parallel()
	p := &page{}
	for i := range 40 {
		p.add(fmt.Sprint("c", i), fmt.Sprintf("command %02d", i), "Page", "")
	}
	perform(t, p, func(s *uitest.Driver) {
		s.Press("o").SeeLine("▌command 00").See("command 13").SeeNot("command 14")
		for range 20 {
			s.Press("down")
		}
		s.SeeLine("▌command 20").SeeNot("command 00")
		for range 30 {
			s.Press("down")
		}
		s.SeeLine("▌command 39").See("command 26").SeeNot("command 25").Press("enter").See("ran c39.")
	})
}
