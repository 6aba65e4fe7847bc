// Package storage is the screens of who holds which bytes of a repository: its
// images, and the layers that they share. It imports model, kit and components.
package storage

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"regatta/model/catalog"
	"regatta/model/ref"
	"regatta/model/storage"
	"regatta/ui/component/list"
	"regatta/ui/kit"
)

// Wiring connects the screens.
type Wiring struct {
	Context    catalog.Context
	Repository string
	Counts     bool // to read the images counts as pulling them: it is asked before
	Draw       func(ctx context.Context, progress func(total, done int)) (storage.Picture, error)
	Open       func(d ref.Digest, tags []string) kit.Screen
}

// Screen lists the images of a repository by the bytes that they hold.
type Screen struct {
	com  kit.Common
	wire Wiring
	lane *kit.Lane
	list *list.Model[storage.Holding]

	asked   bool // reading was agreed to
	picture storage.Picture
	rows    []*storage.Holding
	ready   bool
	err     error
	meter   *kit.Meter
	width   int
}

// New returns the screen.
func New(com kit.Common, wire Wiring) *Screen {
	s := &Screen{com: com, wire: wire, asked: !wire.Counts}
	s.lane = kit.NewLane(com.Ctx, s)
	s.list = list.New(com, s, list.Config[storage.Holding]{
		ID: "storage", Group: "Storage", Noun: "images", Columns: s.columns(), Schema: fields(),
		Data: list.Slice[storage.Holding]{Rows: func() []*storage.Holding { return s.rows }},
	})
	return s
}

type drawnMsg struct {
	picture storage.Picture
	err     error
}

// Init implements kit.Screen.
func (s *Screen) Init() tea.Cmd {
	if !s.asked {
		return nil
	}
	return s.reload()
}

func (s *Screen) reload() tea.Cmd {
	s.lane.Reset()
	s.ready, s.err, s.meter = false, nil, &kit.Meter{}
	draw, m := s.wire.Draw, s.meter
	return tea.Batch(s.lane.Tick(), s.lane.Go(func(ctx context.Context) tea.Msg {
		p, err := draw(ctx, m.Add)
		return drawnMsg{p, err}
	}))
}

// Close implements kit.Screen.
func (s *Screen) Close() {
	s.lane.Close()
	s.list.Close()
}

// Title implements kit.Titled.
func (*Screen) Title() string { return "storage" }

// Host implements kit.Hosted.
func (s *Screen) Host() string { return s.wire.Context.Host }

// Badges implements kit.Badged.
func (s *Screen) Badges() []kit.Span { return kit.ContextBadges(s.wire.Context) }

// Update implements kit.Screen.
func (s *Screen) Update(msg tea.Msg) (kit.Intent, tea.Cmd) {
	if handled, cmd := s.list.Handle(msg); handled {
		return nil, cmd
	}
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		s.width = msg.Width
		s.list.Table.SetSize(msg.Width, max(0, msg.Height-headHeight))
	case drawnMsg:
		return nil, s.onDrawn(msg)
	case kit.Tick:
		if s.meter != nil {
			return nil, s.lane.Tick()
		}
	case kit.Refresh:
		if s.ready {
			return nil, s.reload()
		}
	case list.Saved:
		return msg.Toast(), nil
	case tea.MouseMsg:
		open, cmd := s.list.Mouse(kit.Below(msg, headHeight))
		if open && s.current() != nil {
			return s.layers(), cmd
		}
		return nil, cmd
	}
	return nil, nil
}

func (s *Screen) onDrawn(msg drawnMsg) tea.Cmd {
	s.meter, s.err, s.ready = nil, msg.err, msg.err == nil
	if msg.err != nil {
		return nil
	}
	s.picture, s.rows = msg.picture, nil
	for i := range s.picture.Holdings {
		s.rows = append(s.rows, &s.picture.Holdings[i])
	}
	s.list.Table.Forget()
	return s.list.Changed()
}

// Unwind implements kit.Unwinder.
func (s *Screen) Unwind() (bool, tea.Cmd) { return s.list.Unwind() }
