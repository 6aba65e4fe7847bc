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
	list.Page[storage.Holding]

	com  kit.Common
	wire Wiring
	lane *kit.Lane

	consent kit.Consent // reading was agreed to
	picture storage.Picture
	rows    []*storage.Holding
	ready   bool
	err     error
	meter   *kit.Meter
}

// New returns the screen.
func New(com kit.Common, wire Wiring) *Screen {
	s := &Screen{com: com, wire: wire, consent: kit.Consent{Given: !wire.Counts}}
	s.lane = kit.NewLane(com.Ctx, s)
	s.Page = list.NewPage(com, s, kit.Page{Name: "storage", Context: wire.Context}, list.Config[storage.Holding]{
		ID: "storage", Group: "Storage", Noun: "images", Columns: s.columns(), Schema: fields(),
		Data: list.Slice[storage.Holding]{Rows: func() []*storage.Holding { return s.rows }},
	}, list.Around{Above: list.Lines(headHeight), Open: s.layers}, s.lane)
	return s
}

type drawnMsg struct {
	picture storage.Picture
	err     error
}

// Init implements kit.Screen.
func (s *Screen) Init() tea.Cmd {
	if !s.consent.Given {
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

// Update implements kit.Screen.
func (s *Screen) Update(msg tea.Msg) (kit.Intent, tea.Cmd) {
	if handled, intent, cmd := s.Take(msg); handled {
		return intent, cmd
	}
	switch msg := msg.(type) {
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
	s.List.Table.Forget()
	return s.List.Changed()
}
