package ui

import (
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"

	"regatta/theme"
	"regatta/ui/kit"
)

// toast is the message in the status line.
type toast struct {
	kit.Toast

	id int
}

type toastOver struct{ id int }

func (t *toast) clear() { t.Toast = kit.Toast{} }

func (t *toast) expire(m toastOver) {
	if m.id == t.id {
		t.clear()
	}
}

func (t *toast) shown() bool { return t.Text != "" || t.Err != nil }

// mostErrors is how many errors the list of this session keeps.
const mostErrors = 200

func (a *App) say(in kit.Toast) tea.Cmd {
	if in.Err != nil {
		a.errors = append(a.errors, kit.Failed{At: a.opts.Common.Now(), Err: in.Err})
		a.errors = a.errors[max(0, len(a.errors)-mostErrors):]
		in.Level = kit.Failure
	}
	a.toast.Toast = in
	a.toast.id++
	lasts := 4 * time.Second
	if in.Level >= kit.Warning {
		lasts = 10 * time.Second
	}
	over := toastOver{a.toast.id}
	return tea.Tick(lasts, func(time.Time) tea.Msg { return over })
}

func depthOf(p colorprofile.Profile) theme.Depth {
	switch p {
	case colorprofile.TrueColor, colorprofile.ANSI256:
		return theme.Full
	case colorprofile.ANSI:
		return theme.Sixteen
	case colorprofile.Unknown, colorprofile.NoTTY, colorprofile.ASCII:
	}
	return theme.None
}

// retheme replaces the styles in place: every screen shares them.
func (a *App) retheme() {
	s, err := theme.New(a.opts.Theme, a.depth, a.dark)
	if err != nil {
		s, _ = theme.New("auto", a.depth, a.dark)
	}
	a.look.Styles = s
}

func (a *App) nextTheme() kit.Intent {
	names := theme.Names()
	next := names[0]
	for i, n := range names {
		if n == a.look.Name {
			next = names[(i+1)%len(names)]
		}
	}
	a.opts.Theme = next
	a.retheme()
	return kit.Toast{Text: "theme " + next}
}
