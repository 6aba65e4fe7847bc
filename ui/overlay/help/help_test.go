package help_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"regatta/model/fault"
	"regatta/ui/kit"
	"regatta/ui/overlay/help"
	"regatta/ui/uitest"
)

// page opens an overlay.
type page struct {
	com  kit.Common
	make func(*kit.Look) *help.Overlay
}

func (*page) Init() tea.Cmd                        { return nil }
func (*page) Update(tea.Msg) (kit.Intent, tea.Cmd) { return nil, nil }
func (*page) View(w, h int) string                 { return kit.Block(nil, w, h) }
func (*page) Close()                               {}

func (p *page) Bindings() []kit.Binding {
	return []kit.Binding{{ID: "page.open", Keys: []string{"o"}, Desc: "open", Run: kit.Ask(func() kit.Intent {
		return kit.Push{Overlay: p.make(p.com.Look)}
	})}}
}

func perform(t *testing.T, open func(*kit.Look) *help.Overlay, act func(*uitest.Driver)) {
	t.Helper()
	uitest.Perform(t, uitest.Stage{Screen: func(_ *testing.T, com kit.Common) kit.Screen {
		return &page{com: com, make: open}
	}}, act)
}

func key(group, desc, why string, keys ...string) kit.Binding {
	return kit.Binding{Group: group, Desc: desc, Keys: keys, Disabled: func() string { return why }}
}

func TestKeys(t *testing.T) {
	t.Parallel()
	bindings := []kit.Binding{
		key("Page", "open", "", "enter", "right"), key("Everywhere", "quit", "", "q"), key("Page", "delete", "nothing is here", "x"), key("Page", "by name only", ""),
	}
	perform(t, func(look *kit.Look) *help.Overlay { return help.New(look, bindings) }, func(s *uitest.Driver) {
		s.Press("o").See("─ keys ─", "esc close · : runs any of these by name").SeeLine(`enter → +open`).SeeLine(`x +delete \(not now: nothing is here\)`)
		s.SeeLine(`q +quit`).SeeNot("by name only", " lines")
		if screen := s.Screen(); strings.Index(screen, "delete") > strings.Index(screen, "Everywhere") || strings.Count(screen, "Page") != 1 {
			t.Errorf("the groups are mixed:\n%s", screen)
		}
		for _, k := range []string{"esc", "q", "?", "!", "enter", "h", "left"} {
			s.Press(k).SeeNot("─ keys").Press("o").See("─ keys")
		}
		s.Press("x", "tab").See("─ keys")
	})
	perform(t, func(look *kit.Look) *help.Overlay { return help.New(look, nil) }, func(s *uitest.Driver) { s.Press("o").See("─ keys").Press("j", "esc").SeeNot("─ keys") })
}

func TestScrolling(t *testing.T) {
	t.Parallel()
	var bindings []kit.Binding
	for i := range 60 {
		bindings = append(bindings, key("Page", fmt.Sprintf("command %02d", i), "", "x"))
	}
	perform(t, func(look *kit.Look) *help.Overlay { return help.New(look, bindings) }, func(s *uitest.Driver) {
		s.Press("o").See("command 00", "of 61 lines").SeeNot("command 20").Press("j").SeeNot("│ Page").See("command 00").Press("j").SeeNot("command 00")
		s.Press("k", "k", "k").See("│ Page", "command 00")
		s.Press("G").See("command 59", "61 of 61 lines").Press("g").See("command 00").Press("end").See("command 59").Press("home").See("command 00")
		s.Press("space").SeeNot("command 00").Press("pgup").See("command 00").Press("pgdown", "ctrl+b").See("command 00").Press("ctrl+f").SeeNot("command 00")
		s.Press("g").Wheel(1).SeeNot("command 01").See("command 02").Wheel(-1).See("command 00").Resize(80, 40).See("command 25")
	})
}

func TestErrors(t *testing.T) {
	t.Parallel()
	at := func(minute int) time.Time { return time.Date(2000, 1, 1, 0, minute, 0, 0, time.UTC) }
	errs := []kit.Failed{
		{At: at(1), Err: errors.New("the first\x1b[1m\u202e")},
		{At: at(2), Err: fmt.Errorf("wrapped: %w", &fault.Error{Kind: fault.Denied, Op: "delete", Object: "app"})},
	}
	perform(t, func(look *kit.Look) *help.Overlay { return help.NewErrors(look, errs) }, func(s *uitest.Driver) {
		s.Press("o").See("errors of this session", "esc close").SeeLine(`2000-01-01 00:02:00 UTC  wrapped: delete app`)
		s.SeeLine(`→ your identity may not do this; ask for the permission`).SeeLine(`2000-01-01 00:01:00 UTC  the first *│`).SeeNot("\u202e", ": runs any")
		if screen := s.Screen(); strings.Index(screen, "wrapped") > strings.Index(screen, "the first") || strings.Count(screen, "→") != 1 {
			t.Errorf("not the newest first, with advice where there is any:\n%s", screen)
		}
		s.Press("esc").SeeNot("errors of this")
	})
}
