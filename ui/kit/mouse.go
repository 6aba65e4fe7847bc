package kit

import tea "charm.land/bubbletea/v2"

// Below is a mouse message as what is drawn below a head of some lines sees it.
func Below(msg tea.MouseMsg, lines int) tea.MouseMsg {
	if click, ok := msg.(tea.MouseClickMsg); ok {
		click.Y -= lines
		return click
	}
	return msg
}
