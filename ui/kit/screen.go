// Package kit is what every screen and overlay shares: their contract with the
// app, background work, key bindings and drawing. It imports model and theme.
package kit

import (
	"context"
	"time"

	tea "charm.land/bubbletea/v2"

	"regatta/theme"
)

// Screen is a full page. It is a pointer that changes itself in Update; only
// the app is a tea.Model. It is told its size by a tea.WindowSizeMsg before
// Init and whenever it changes; View draws exactly that size and changes
// nothing.
type Screen interface {
	Init() tea.Cmd
	Update(msg tea.Msg) (Intent, tea.Cmd)
	View(width, height int) string
	Bindings() []Binding
	Close()
}

// Titled is a screen with a name in the breadcrumbs.
type Titled interface{ Title() string }

// Status is what a screen says of itself in the status line.
type Status struct {
	Text string
	Err  error // drawn as a failure, with advice, instead of Text
	Busy bool  // work is under way
}

// Reporter is a screen with a status.
type Reporter interface{ Status() Status }

// Overlay is drawn above the screen and takes all keys while it is on top.
type Overlay interface {
	Update(msg tea.Msg) (Intent, tea.Cmd)
	View(width, height int) (content string, cursor *tea.Cursor)
}

// Placed is an overlay that is not centred.
type Placed interface {
	Place(width, height int) (x, y int)
}

// Hinted is an overlay that says in the footer which keys it takes.
type Hinted interface{ Hint() string }

// Intent is what a screen or overlay asks of the app. It is a return value and
// not a message: the app acts on it before the next key is read.
type Intent interface{ intent() }

type (
	// Push opens an overlay.
	Push struct{ Overlay Overlay }
	// Pop closes the top overlay and then does what Then asks, if anything.
	Pop struct{ Then Intent }
	// Go opens a screen above this one.
	Go struct{ Screen Screen }
	// Replace closes all screens and opens this one.
	Replace struct{ Screen Screen }
	// Instead closes this screen, opens another in its place, and says something
	// there.
	Instead struct {
		Screen Screen
		Say    Intent
	}
	// Back closes this screen, and says something where it leads back to.
	Back struct{ Say Intent }
	// Toast shows a short message for a while.
	Toast struct {
		Level Level
		Text  string
		Err   error // shown with its advice, and kept in the list of errors
	}
	// Copy puts Text on the clipboard and says so; What names it.
	Copy struct{ What, Text string }
	// RunBinding runs the top screen's, or else the app's, binding of that ID.
	RunBinding struct{ ID string }
	// Quit ends the program.
	Quit struct{}
)

func (Push) intent()       {}
func (Pop) intent()        {}
func (Go) intent()         {}
func (Replace) intent()    {}
func (Instead) intent()    {}
func (Back) intent()       {}
func (Toast) intent()      {}
func (Copy) intent()       {}
func (RunBinding) intent() {}
func (Quit) intent()       {}

// Level is how much a message matters.
type Level uint8

// The levels.
const (
	Info Level = iota
	Success
	Warning
	Failure
)

// Common is handed to every screen.
type Common struct {
	Ctx      context.Context //nolint:containedctx // the app's lifetime, from which screens derive theirs
	Look     *Look
	Now      func() time.Time
	ReadOnly bool
	Preview  string // auto, on, off
	Prefetch int    // rows whose details load without being looked at

	// Save writes a table to a file and says which; nil where there is no place.
	Save func(ctx context.Context, name string, rows [][]string) (path string, err error)
}

// Look is how everything is drawn. It is shared and replaced in place when the
// theme changes.
type Look struct {
	*theme.Styles

	ASCII bool
}
