package ui

import (
	"slices"

	tea "charm.land/bubbletea/v2"

	"regatta/ui/kit"
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
	case kit.Back:
		return tea.Batch(a.back(), a.do(a.top(), in.Say))
	case kit.RunBinding:
		return a.runByID(in.ID)
	case kit.Quit:
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
