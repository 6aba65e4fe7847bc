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
	out := kit.Bind("", "Everywhere", []kit.Binding{
		{ID: "help", Keys: kit.Keys{"?"}, Desc: "help", Footer: true, Run: kit.Ask(a.askHelp)},
		{ID: "palette", Keys: kit.Keys{":"}, Desc: "commands", Footer: true, Run: kit.Ask(a.askPalette)},
		{
			ID: "quit", Keys: kit.Keys{"q"}, Desc: "quit", Footer: true,
			Run: kit.Ask(func() kit.Intent { return kit.Quit{} }),
		},
		{ID: "back", Keys: kit.Keys{"esc"}, Desc: "back, one level at a time", Run: a.unwind},
		{
			ID: "leave", Keys: kit.Keys{"h", "left"}, Desc: "back to the screen before",
			Run: kit.Ask(func() kit.Intent { return kit.Back{} }),
		},
		{
			ID: "errors", Keys: kit.Keys{"!"}, Desc: "errors of this session", Disabled: a.noErrors,
			Run: kit.Ask(a.askErrors),
		},
		{ID: "requests", Keys: kit.Keys{"@"}, Desc: "request log", Run: kit.Ask(a.askRequests)},
		{ID: "mouse", Keys: kit.Keys{"ctrl+e"}, Desc: "mouse on or off", Run: kit.Ask(a.toggleMouse)},
		{ID: "theme", Desc: "next theme", Run: kit.Ask(a.nextTheme)},
		{
			ID: "journal", Keys: kit.Keys{"J"}, Desc: "changes: under way and done", Disabled: a.noJournal,
			Run: kit.Ask(a.askJournal),
		},
		{
			ID: "undo", Keys: kit.Keys{"z"}, Desc: "undo the last change: shows the plan", Dangerous: true,
			Disabled: a.noJournal, Run: kit.Ask(a.askUndo),
		},
	})
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
