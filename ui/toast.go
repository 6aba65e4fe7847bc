package ui

import (
	"errors"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"

	"regatta/model/fault"
	"regatta/model/plan"
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

// keep remembers an error for the list of errors.
func (a *App) keep(err error) {
	a.errors = append(a.errors, kit.Failed{At: a.opts.Common.Now(), Err: err})
	a.errors = a.errors[max(0, len(a.errors)-mostErrors):]
}

// keepStatus remembers what the status line says is wrong, once in a row.
func (a *App) keepStatus() {
	r, ok := a.top().(kit.Reporter)
	if !ok {
		return
	}
	if err := r.Status().Err; err != nil && !errors.Is(err, a.lastStatus) {
		a.lastStatus = err
		a.keep(err)
	}
}

func (a *App) say(in kit.Toast) tea.Cmd {
	if in.Err != nil {
		a.keep(in.Err)
		if in.Level == kit.Info {
			in.Level = kit.Failure
		}
	}
	a.toast.Toast = in
	a.toast.id++
	lasts := 4 * time.Second
	if in.Level != kit.Info {
		lasts = 10 * time.Second
	}
	over := toastOver{a.toast.id}
	return tea.Tick(lasts, func(time.Time) tea.Msg { return over })
}

// sayOnce shows what works less well than it should, and what registries warn
// of: once each, and for good in the list of errors.
func (a *App) sayOnce(g kit.Gauge) tea.Cmd {
	var cmds []tea.Cmd
	say := func(kind fault.Kind, what string) {
		if what == "" || a.said[what] {
			return
		}
		a.said = remember(a.said, what)
		cmds = append(cmds, a.say(kit.Toast{Level: kit.Warning, Err: &fault.Error{Kind: kind, Detail: what}}))
	}
	say(fault.Unknown, g.Reason)
	for _, w := range g.Warnings {
		say(fault.Unknown, "the registry warns: "+w)
	}
	if g.Unfinished != "" && !a.said[g.Unfinished] {
		a.said = remember(a.said, g.Unfinished)
		cmds = append(cmds, a.say(kit.Toast{Level: kit.Warning, Text: g.Unfinished}))
	}
	for _, r := range g.Runs {
		if !r.Ended || a.said[r.ID] {
			continue
		}
		a.said = remember(a.said, r.ID)
		cmds = append(cmds, a.say(finished(r)), a.broadcast(kit.Refresh{}))
	}
	return tea.Batch(cmds...)
}

func remember(m map[string]bool, key string) map[string]bool {
	if m == nil {
		m = map[string]bool{}
	}
	m[key] = true
	return m
}

// finished is the sentence at the end of a change.
func finished(r kit.RunGauge) kit.Toast {
	if r.Undone != "" {
		return kit.Toast{Level: kit.Failure, Text: r.Title + ": " + r.Undone + "; J shows which"}
	}
	said, level := r.Title+": done", kit.Success
	if r.Mind != "" {
		said, level = said+" "+r.Mind+"; J shows it", kit.Warning
	}
	switch {
	case r.Undoes:
	case r.ComesBack == plan.Gone:
		said += "; it cannot be undone"
	case r.ComesBack == plan.Partial:
		said += "; z undoes a part"
	case r.ComesBack == plan.Unsure:
		said += "; z undoes it if the registry lets"
	default:
		said += "; z undoes it"
	}
	return kit.Toast{Level: level, Text: said}
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
