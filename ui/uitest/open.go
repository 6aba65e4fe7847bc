package uitest

import (
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"

	"regatta/theme"
	"regatta/ui"
	"regatta/ui/kit"
)

// Home is what the screen under [Perform] is opened from, and what is seen after
// it: its only text.
const Home = "the home screen"

// home opens a screen with f.
type home struct{ next func() kit.Screen }

func (*home) Init() tea.Cmd                        { return nil }
func (*home) Update(tea.Msg) (kit.Intent, tea.Cmd) { return nil, nil }
func (*home) View(w, h int) string                 { return kit.Block([]string{Home}, w, h) }
func (*home) Close()                               {}

func (h *home) Bindings() []kit.Binding {
	return []kit.Binding{{
		ID: "home.open", Keys: []string{"f"}, Desc: "open",
		Run: kit.Ask(func() kit.Intent { return kit.Go{Screen: h.next()} }),
	}}
}

// Stage is where one screen is performed.
type Stage struct {
	Width, Height int                                     // zero: 80×24
	Options       func(*ui.Options)                       // changes what the app is made with; nil: nothing
	Screen        func(*testing.T, kit.Common) kit.Screen // makes the screen, inside the bubble
}

// Perform opens the stage's screen in the real program, above a home screen, in a
// bubble of virtual time, and lets act drive it.
func Perform(t *testing.T, on Stage, act func(*Driver)) {
	t.Helper()
	if on.Width == 0 {
		on.Width, on.Height = 80, 24
	}
	synctest.Test(t, func(t *testing.T) {
		styles, err := theme.New("dark", theme.Full, true)
		if err != nil {
			t.Fatal(err)
		}
		com := kit.Common{Ctx: t.Context(), Look: &kit.Look{Styles: styles}, Now: time.Now}
		options := ui.Options{Common: com, Mouse: true}
		if on.Options != nil {
			on.Options(&options)
		}
		app := ui.New(options, &home{next: func() kit.Screen { return on.Screen(t, options.Common) }})
		act(Start(t, app, Terminal{Width: on.Width, Height: on.Height}).Press("f"))
	})
}
