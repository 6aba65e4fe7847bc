package kit

import (
	tea "charm.land/bubbletea/v2"

	"regatta/theme"
)

// CountsAsPulling asks before the manifests of what are read, where that counts
// as pulling.
func (l *Look) CountsAsPulling(width, height int, what, host string) string {
	return l.Message(width, height,
		Span{theme.Warn, "Reading the manifests of " + what + " counts as pulling the images, " +
			"and may move the times that rules go by."},
		Span{theme.Text, "Your role can be left out: regatta doctor " + host + " names the command."},
		Span{theme.Dim, "enter reads them, esc goes back"})
}

// Consent is what reading needs that counts as pulling.
type Consent struct{ Given bool }

// Bindings is the key that gives it, and then begins to read what.
func (c *Consent) Bindings(screen, group, what string, begin func() tea.Cmd) []Binding {
	return Bind(screen, group, []Binding{{
		ID: "read", Keys: Keys{"enter"}, Desc: "read the " + what, Footer: true,
		Run: Work(func() tea.Cmd {
			c.Given = true
			return begin()
		}),
	}})
}
