package ask

import (
	"strings"

	tea "charm.land/bubbletea/v2"

	"regatta/ui/kit"
)

// NewLive asks for a line that begins as value. Live is called with every text
// on the way that check accepts, and with value again where nothing is changed.
func NewLive(
	look *kit.Look, title, hint, value string, check func(string) error, live func(string) tea.Cmd,
) *Overlay {
	o := New(look, title, hint, check, func(string) kit.Intent { return nil })
	o.input.SetValue(value)
	o.input.CursorEnd()
	o.live, o.before, o.told = live, value, value
	return o
}

// tell says what the line is now, where it is another one that is accepted.
func (o *Overlay) tell(text string) tea.Cmd {
	text = strings.TrimSpace(text)
	if o.live == nil || text == o.told || o.check(text) != nil {
		return nil
	}
	o.told = text
	return o.live(text)
}
