// Package ui is the Bubble Tea program: one model that routes to a stack of
// screens and a stack of overlays. It imports model, theme and its own parts.
package ui

import (
	"time"

	tea "charm.land/bubbletea/v2"
	"charm.land/lipgloss/v2"

	"regatta/theme"
	"regatta/ui/kit"
)

// Options is what the app needs from outside.
type Options struct {
	Common kit.Common
	Keymap kit.Keymap
	Mouse  bool
	Theme  string // a name of theme.Names, or auto

	Gauge    func() kit.Gauge                        // what goes on below: requests, waits, the cache's state
	Requests func(kit.Common) kit.Screen             // the request log
	Journal  func(kit.Common) kit.Screen             // the changes; nil: nothing can be changed
	UndoLast func(kit.Common) kit.Screen             // the plan that undoes the last change
	Open     func(text, host string) []kit.Candidate // what the palette can open for a typed text, seen from a host
}

// App is the only tea.Model. It owns the size, the screens, the overlays, the
// messages and the keys that work everywhere.
type App struct {
	opts       Options
	look       *kit.Look
	screens    []kit.Screen
	overlays   []kit.Overlay
	toast      toast
	errors     []kit.Failed
	lastStatus error // what the status line said last
	gauge      kit.Gauge
	said       map[string]bool // reasons and warnings that were shown
	ticking    bool

	width, height int
	dark          bool
	depth         theme.Depth
	quitting      bool
}

const (
	minWidth  = 80
	minHeight = 24
	chrome    = 3 // header, status and footer
)

// New returns the program's model, showing first.
func New(opts Options, first kit.Screen) *App {
	a := &App{opts: opts, look: opts.Common.Look, screens: []kit.Screen{first}, dark: true}
	a.retheme()
	return a
}

// Init implements tea.Model. The first screen begins its work at once: it does
// not wait for the terminal to tell its size.
func (a *App) Init() tea.Cmd {
	return tea.Batch(a.top().Init(), tea.RequestBackgroundColor)
}

func (a *App) top() kit.Screen { return a.screens[len(a.screens)-1] }

// Update implements tea.Model.
func (a *App) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	cmd := a.route(msg)
	a.keepStatus()
	_, again := msg.(gaugeMsg)
	return a, tea.Batch(cmd, a.watch(again))
}

func (a *App) route(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		return a.resize(msg)
	case tea.KeyPressMsg:
		return a.press(msg)
	case tea.PasteMsg:
		return a.paste(msg)
	case tea.MouseMsg:
		return a.mouse(msg)
	case kit.Reply:
		return a.deliver(msg)
	case tea.BackgroundColorMsg:
		a.dark = msg.IsDark()
		a.retheme()
	case tea.ColorProfileMsg:
		a.depth = depthOf(msg.Profile)
		a.retheme()
	case gaugeMsg:
		a.ticking = false
	case toastOver:
		a.toast.expire(msg)
	default:
		return a.toScreen(a.top(), msg)
	}
	return nil
}

func (a *App) resize(msg tea.WindowSizeMsg) tea.Cmd {
	a.width, a.height = msg.Width, msg.Height
	return a.broadcast(a.bodySize())
}

func (a *App) broadcast(msg tea.Msg) tea.Cmd {
	cmds := make([]tea.Cmd, 0, len(a.screens))
	for _, s := range a.screens {
		cmds = append(cmds, a.toScreen(s, msg))
	}
	return tea.Batch(cmds...)
}

func (a *App) bodySize() tea.WindowSizeMsg {
	return tea.WindowSizeMsg{Width: a.width, Height: max(0, a.height-chrome)}
}

func (a *App) toScreen(s kit.Screen, msg tea.Msg) tea.Cmd {
	intent, cmd := s.Update(msg)
	return tea.Batch(cmd, a.do(s, intent))
}

func (a *App) deliver(r kit.Reply) tea.Cmd {
	from, intent, cmd := r.Deliver()
	return tea.Batch(cmd, a.do(from, intent))
}

func (a *App) paste(msg tea.PasteMsg) tea.Cmd {
	if len(a.overlays) == 0 {
		return nil
	}
	return a.toOverlay(msg)
}

func (a *App) toOverlay(msg tea.Msg) tea.Cmd {
	intent, cmd := a.overlays[len(a.overlays)-1].Update(msg)
	return tea.Batch(cmd, a.do(a.top(), intent))
}

type gaugeMsg struct{}

// watch looks at what goes on below, and as long as something does, looks again
// a little later: waiting for a registry brings no messages of its own. It does
// so once after every message too, as a command begins its work after the look.
func (a *App) watch(again bool) tea.Cmd {
	if a.opts.Gauge == nil {
		return nil
	}
	a.gauge = a.opts.Gauge()
	said := a.sayOnce(a.gauge)
	if a.ticking || again && a.idle() {
		return said
	}
	a.ticking = true
	const soon = 250 * time.Millisecond
	return tea.Batch(said, tea.Tick(soon, func(time.Time) tea.Msg { return gaugeMsg{} }))
}

func (a *App) idle() bool {
	return a.gauge.InFlight == 0 && a.gauge.Waiting == 0 && a.running() == 0
}

// running is the number of changes under way.
func (a *App) running() int {
	n := 0
	for _, r := range a.gauge.Runs {
		if !r.Ended {
			n++
		}
	}
	return n
}

func (a *App) small() bool { return a.width < minWidth || a.height < minHeight }

// View implements tea.Model.
func (a *App) View() tea.View {
	v := tea.NewView("")
	v.AltScreen = true
	v.WindowTitle = a.windowTitle()
	v.ProgressBar = a.progressBar()
	if a.opts.Mouse {
		v.MouseMode = tea.MouseModeCellMotion
	}
	switch {
	case a.width == 0 || a.quitting:
		return v
	case a.small():
		v.Content = a.tooSmall()
	default:
		v.Content, v.Cursor = a.compose()
	}
	if a.look.ASCII {
		v.Content = theme.ASCII(v.Content)
	}
	return v
}

// progressBar mirrors the changes under way to the terminal's own bar.
func (a *App) progressBar() *tea.ProgressBar {
	n, sum := 0, 0.0
	for _, r := range a.gauge.Runs {
		if !r.Ended {
			n++
			sum += r.Fraction
		}
	}
	if n == 0 {
		return nil
	}
	return tea.NewProgressBar(tea.ProgressBarDefault, int(100*sum/float64(n)))
}

// compose draws the overlays over the page.
func (a *App) compose() (string, *tea.Cursor) {
	page := a.page()
	if len(a.overlays) == 0 {
		return page, nil
	}
	layers := []*lipgloss.Layer{lipgloss.NewLayer(page)}
	var cursor *tea.Cursor
	for i, o := range a.overlays {
		content, c := o.View(a.width, a.height)
		x, y := a.place(o, content)
		layers = append(layers, lipgloss.NewLayer(content).X(x).Y(y).Z(i+1))
		if cursor = c; c != nil {
			c.X, c.Y = c.X+x, c.Y+y
		}
	}
	return lipgloss.NewCompositor(layers...).Render(), cursor
}

func (a *App) place(o kit.Overlay, content string) (x, y int) {
	if p, ok := o.(kit.Placed); ok {
		return p.Place(a.width, a.height)
	}
	w, h := lipgloss.Size(content)
	return max(0, (a.width-w)/2), max(0, (a.height-h)/3)
}
