package list

import (
	tea "charm.land/bubbletea/v2"

	"regatta/ui/kit"
)

// Page is a screen that is a list, with what stands above and below it. Screens embed it.
type Page[T any] struct {
	kit.Page

	List          *Model[T]
	Width, Height int

	around Around
	lanes  []*kit.Lane
}

// Around is what a list has around it.
type Around struct {
	Above func() int        // lines above the list; nil: none
	Below int               // lines below it
	Open  func() kit.Intent // what a click on the row of the cursor does; nil: nothing
}

// NewPage returns the page of a list that belongs to owner. It closes the lanes with
// itself.
func NewPage[T any](
	com kit.Common, owner kit.Screen, head kit.Page, cfg Config[T], around Around, lanes ...*kit.Lane,
) Page[T] {
	return Page[T]{Page: head, List: New(com, owner, cfg), around: around, lanes: lanes}
}

// Close implements kit.Screen.
func (p *Page[T]) Close() {
	for _, l := range p.lanes {
		l.Close()
	}
	p.List.Close()
}

// Unwind implements kit.Unwinder.
func (p *Page[T]) Unwind() (bool, tea.Cmd) { return p.List.Unwind() }

// Take takes what is the list's: its own messages, clicks, that it was saved. handled is
// false for all others, and for sizes, which the screen may need too.
func (p *Page[T]) Take(msg tea.Msg) (handled bool, intent kit.Intent, cmd tea.Cmd) {
	if handled, cmd := p.List.Handle(msg); handled {
		return true, nil, cmd
	}
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		p.Width, p.Height = msg.Width, msg.Height
		p.Resize()
	case Saved:
		return true, msg.Toast(), nil
	case tea.MouseMsg:
		open, cmd := p.List.Mouse(kit.Below(msg, p.above()))
		if open && p.around.Open != nil && p.List.Current() != nil {
			return true, p.around.Open(), cmd
		}
		return true, nil, cmd
	}
	return false, nil, nil
}

func (p *Page[T]) above() int {
	if p.around.Above == nil {
		return 0
	}
	return p.around.Above()
}

// Resize gives the list what is left for it.
func (p *Page[T]) Resize() {
	const least = 2 // the head, and a row
	p.List.Table.SetSize(p.Width, max(least, p.Height-p.above()-p.around.Below))
}

// Lines are so many lines above a list, always.
func Lines(n int) func() int { return func() int { return n } }
