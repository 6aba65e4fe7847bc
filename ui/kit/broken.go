package kit

import (
	tea "charm.land/bubbletea/v2"

	"regatta/theme"
)

// Broken is the screen of something that could not be opened.
type Broken struct {
	com  Common
	what string
	err  error
}

// NewBroken returns the screen that says why.
func NewBroken(com Common, what string, err error) *Broken {
	return &Broken{com: com, what: what, err: err}
}

// Init implements Screen.
func (*Broken) Init() tea.Cmd { return nil }

// Update implements Screen.
func (*Broken) Update(tea.Msg) (Intent, tea.Cmd) { return nil, nil }

// Bindings implements Screen.
func (*Broken) Bindings() []Binding { return nil }

// Close implements Screen.
func (*Broken) Close() {}

// Title implements Titled.
func (b *Broken) Title() string { return b.what }

// View implements Screen.
func (b *Broken) View(width, height int) string {
	return b.com.Look.Message(width, height, Span{theme.Danger, b.err.Error()}, Span{theme.Text, Advice(b.err)})
}
