package ui

import (
	tea "charm.land/bubbletea/v2"
)

// mouse hands clicks and the wheel to the screen, in its own coordinates. The
// keys of the footer can be clicked too.
func (a *App) mouse(msg tea.MouseMsg) tea.Cmd {
	if !a.opts.Mouse || a.small() {
		return nil
	}
	if len(a.overlays) > 0 {
		return a.toOverlay(msg)
	}
	y := msg.Mouse().Y
	switch msg := msg.(type) {
	case tea.MouseClickMsg:
		if y >= 1 && y <= a.bodySize().Height {
			msg.Y--
			return a.toScreen(a.top(), msg)
		}
	case tea.MouseWheelMsg:
		msg.Y--
		return a.toScreen(a.top(), msg)
	}
	return nil
}
