package ui

import (
	"slices"

	tea "charm.land/bubbletea/v2"

	"regatta/model/text"
	"regatta/ui/kit"
	"regatta/ui/overlay/confirm"
)

// do carries out what a screen or overlay asks for, before the next key is
// read. A screen that is not on top any more may still speak, but not navigate:
// a late reply must not move the user.
func (a *App) do(from kit.Screen, intent kit.Intent) tea.Cmd {
	switch in := intent.(type) {
	case nil:
	case kit.Toast:
		return a.say(in)
	case kit.Copy:
		return tea.Batch(tea.SetClipboard(in.Text), a.say(kit.Toast{Level: kit.Success, Text: "copied " + in.What}))
	default:
		if from == a.top() {
			return a.navigate(in)
		}
	}
	return nil
}

func (a *App) navigate(intent kit.Intent) tea.Cmd {
	switch in := intent.(type) {
	case kit.Push:
		a.overlays = append(a.overlays, in.Overlay)
	case kit.Pop:
		a.overlays = a.overlays[:max(0, len(a.overlays)-1)]
		return a.do(a.top(), in.Then)
	case kit.Go:
		return a.open(in.Screen)
	case kit.Replace:
		a.closeAll()
		a.screens = nil
		return a.open(in.Screen)
	case kit.Instead:
		a.top().Close()
		a.screens = a.screens[:len(a.screens)-1]
		return tea.Batch(a.open(in.Screen), a.do(a.top(), in.Say))
	case kit.Back:
		return tea.Batch(a.back(), a.do(a.top(), in.Say))
	case kit.RunBinding:
		return a.runByID(in.ID)
	case kit.Quit:
		return a.askQuit()
	case quitNow:
		return a.quit()
	}
	return nil
}

func (a *App) open(s kit.Screen) tea.Cmd {
	a.screens = append(a.screens, s)
	size := a.toScreen(s, a.bodySize())
	return tea.Batch(size, s.Init())
}

// back closes the top screen; the first one stays.
func (a *App) back() tea.Cmd {
	if len(a.screens) == 1 {
		return nil
	}
	a.top().Close()
	a.screens = a.screens[:len(a.screens)-1]
	return a.toScreen(a.top(), kit.Shown{})
}

func (a *App) closeAll() {
	for _, s := range slices.Backward(a.screens) {
		s.Close()
	}
}

// quitNow is a Quit that was asked about.
type quitNow struct{ kit.Intent }

// askQuit ends the program, after a question while changes are under way.
func (a *App) askQuit() tea.Cmd {
	n := a.running()
	if n == 0 || a.asksAlready() {
		return a.quit()
	}
	question := text.Plural(n, "change is", "changes are") + " under way. Quitting finishes the steps that run, " +
		"and no more; the journal offers to go on or to undo at the next start."
	a.overlays = append(a.overlays, confirm.New(a.look, "quit", question, "Stay", "Quit", quitNow{}))
	return nil
}

// asksAlready reports whether a question is open: whoever presses ctrl+c again
// means it.
func (a *App) asksAlready() bool {
	if len(a.overlays) == 0 {
		return false
	}
	_, ok := a.overlays[len(a.overlays)-1].(*confirm.Overlay)
	return ok
}

func (a *App) quit() tea.Cmd {
	a.quitting = true
	a.closeAll()
	return tea.Quit
}

func (a *App) runByID(id string) tea.Cmd {
	all := append(a.screenBindings(), a.appBindings()...)
	if i := slices.IndexFunc(all, func(b kit.Binding) bool { return b.ID == id }); i >= 0 {
		return a.run(all[i])
	}
	return nil
}
