package ui

import (
	"strings"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"regatta/model/text"
	"regatta/ui/kit"
	"regatta/ui/overlay/help"
	"regatta/ui/overlay/palette"
)

// press routes a key: the top overlay takes all of them; else the screen's
// bindings come before those that work everywhere.
func (a *App) press(msg tea.KeyPressMsg) tea.Cmd {
	if msg.String() == "ctrl+c" {
		return a.askQuit()
	}
	a.toast.clear()
	if a.small() {
		if msg.String() == "q" {
			return a.askQuit()
		}
		return nil
	}
	if len(a.overlays) > 0 {
		return a.toOverlay(msg)
	}
	if b, ok := kit.Find(a.screenBindings(), msg.String()); ok {
		return a.run(b)
	}
	if b, ok := kit.Find(a.appBindings(), msg.String()); ok {
		return a.run(b)
	}
	if msg.Text == "" {
		return nil
	}
	return a.say(kit.Toast{Text: "no key " + text.Clean(msg.Text) + " here; ? lists those that there are"})
}

// run runs a binding, or says why it does not work now.
func (a *App) run(b kit.Binding) tea.Cmd {
	if reason := b.Reason(); reason != "" {
		what, _, _ := strings.Cut(b.Desc, ":") // what it does, without how
		reason = ": " + reason
		what = ansi.Truncate(what, max(a.width/4, a.width-ansi.StringWidth(" ! "+reason)), "…") // the reason stays whole
		return a.say(kit.Toast{Level: kit.Warning, Text: what + reason})
	}
	intent, cmd := b.Run()
	return tea.Batch(cmd, a.do(a.top(), intent))
}

func (a *App) screenBindings() []kit.Binding {
	return a.opts.Keymap.Apply(a.top().Bindings(), a.opts.Common.ReadOnly)
}

// appBindings are the keys that work on every screen.
func (a *App) appBindings() []kit.Binding {
	const group = "Everywhere"
	key := func(id, desc string, run func() (kit.Intent, tea.Cmd), keys ...string) kit.Binding {
		return kit.Binding{ID: id, Keys: keys, Desc: desc, Group: group, Run: run}
	}
	out := []kit.Binding{
		key("help", "help", kit.Ask(a.askHelp), "?"),
		key("palette", "commands", kit.Ask(a.askPalette), ":"),
		key("quit", "quit", kit.Ask(func() kit.Intent { return kit.Quit{} }), "q"),
		key("back", "back, one level at a time", a.unwind, "esc"),
		key("leave", "back to the screen before", kit.Ask(func() kit.Intent { return kit.Back{} }), "h", "left"),
		key("errors", "errors of this session", kit.Ask(a.askErrors), "!"),
		key("requests", "request log", kit.Ask(a.askRequests), "@"),
		key("mouse", "mouse on or off", kit.Ask(a.toggleMouse), "ctrl+e"),
		key("theme", "next theme", kit.Ask(a.nextTheme)),
		key("journal", "changes: under way and done", kit.Ask(a.askJournal), "J"),
		key("undo", "undo the last change: shows the plan", kit.Ask(a.askUndo), "z"),
	}
	for i := range 3 {
		out[i].Footer = true
	}
	out[5].Disabled = a.noErrors
	out[9].Disabled, out[10].Disabled, out[10].Dangerous = a.noJournal, a.noJournal, true
	return a.opts.Keymap.Apply(out, a.opts.Common.ReadOnly)
}

// unwind undoes one level: the screen's filter or marks, else the screen.
func (a *App) unwind() (kit.Intent, tea.Cmd) {
	if u, ok := a.top().(kit.Unwinder); ok {
		if done, cmd := u.Unwind(); done {
			return nil, cmd
		}
	}
	return nil, a.back()
}

func (a *App) askHelp() kit.Intent {
	return kit.Push{Overlay: help.New(a.look, append(a.screenBindings(), a.appBindings()...))}
}

func (a *App) askPalette() kit.Intent {
	return kit.Push{Overlay: palette.New(a.look, append(a.screenBindings(), a.appBindings()...), a.openFrom())}
}

// openFrom is what the palette can open from the screen on top.
func (a *App) openFrom() func(string) []kit.Candidate {
	if a.opts.Open == nil {
		return nil
	}
	host := ""
	if h, ok := a.top().(kit.Hosted); ok {
		host = h.Host()
	}
	return func(text string) []kit.Candidate { return a.opts.Open(text, host) }
}

func (a *App) noErrors() string {
	if len(a.errors) == 0 {
		return "there were none"
	}
	return ""
}

func (a *App) askErrors() kit.Intent {
	return kit.Push{Overlay: help.NewErrors(a.look, a.errors)}
}

func (a *App) noJournal() string {
	if a.opts.Journal == nil {
		return "nothing can be changed here"
	}
	return ""
}

func (a *App) askJournal() kit.Intent { return kit.Go{Screen: a.opts.Journal(a.opts.Common)} }

func (a *App) askUndo() kit.Intent { return kit.Go{Screen: a.opts.UndoLast(a.opts.Common)} }

func (a *App) askRequests() kit.Intent {
	if a.opts.Requests == nil {
		return nil
	}
	return kit.Go{Screen: a.opts.Requests(a.opts.Common)}
}

func (a *App) toggleMouse() kit.Intent {
	a.opts.Mouse = !a.opts.Mouse
	if a.opts.Mouse {
		return kit.Toast{Text: "mouse on"}
	}
	return kit.Toast{Text: "mouse off: the terminal selects text"}
}

// Bindings are the keys that work everywhere, for the keys page and for the
// check of the config.
func Bindings() []kit.Binding { return (&App{}).appBindings() }
