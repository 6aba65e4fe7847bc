package rollback

import (
	"context"
	"time"

	tea "charm.land/bubbletea/v2"

	"regatta/model/catalog"
	"regatta/model/rollback"
	"regatta/ui/component/textview"
	"regatta/ui/kit"
)

// Follow looks at a rollback after it was begun, and acts on what it has left.
type Follow interface {
	// Look says how it stands. With again it looks as if for the first time: at what
	// it would not look at yet, or any more.
	Look(ctx context.Context, again bool) (rollback.Sight, error)
	// Note writes down why the rollback was made.
	Note(ctx context.Context, why string) error
	// Record is the rollback as Markdown.
	Record(ctx context.Context) (string, error)
}

// AfterWiring connects the screen.
type AfterWiring struct {
	Context catalog.Context
	What    string // was rolled back: "prod of shop/api to v3.1.2"
	Follow  Follow
	Deploy  func() kit.Screen // the plan of new deployments
	Revert  func() kit.Screen // the plan that takes all of it back
	Next    func() kit.Screen // the plan of going back to the next candidate
}

// AfterScreen shows what a rollback has done: the steps, the tags read back, and
// what follows them on its way to run the image.
type AfterScreen struct {
	kit.Page

	com   kit.Common
	wire  AfterWiring
	lane  *kit.Lane
	sight rollback.Sight
	ready bool
	busy  bool
	again bool // somebody wanted to look again while it was busy
	timer int  // the number of the newest
	err   error
	view  textview.Model
	width int
}

// NewAfter returns the screen.
func NewAfter(com kit.Common, wire AfterWiring) *AfterScreen {
	s := &AfterScreen{Page: kit.Page{Name: "rollback", Context: wire.Context}, com: com, wire: wire}
	s.lane = kit.NewLane(com.Ctx, s)
	return s
}

type (
	sightMsg struct {
		sight rollback.Sight
		err   error
	}
	lookMsg  struct{ timer int }
	notedMsg struct{ err error }
	textMsg  struct {
		text string
		err  error
	}
)

// How often a rollback is looked at: while its steps are carried out, and while
// services come to run the image, of which AWS is asked.
const (
	lookEvery  = time.Second
	watchEvery = 5 * time.Second
)

// Init implements kit.Screen.
func (s *AfterScreen) Init() tea.Cmd { return s.look(false) }

func (s *AfterScreen) look(again bool) tea.Cmd {
	s.again = s.again || again
	if s.busy {
		return nil
	}
	again = s.again
	s.busy, s.again = true, false
	look := s.wire.Follow.Look
	return s.lane.Go(func(ctx context.Context) tea.Msg {
		found, err := look(ctx, again)
		return sightMsg{found, err}
	})
}

// Close implements kit.Screen.
func (s *AfterScreen) Close() { s.lane.Close() }

// Update implements kit.Screen.
func (s *AfterScreen) Update(msg tea.Msg) (kit.Intent, tea.Cmd) {
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		s.width = msg.Width
		s.view.SetSize(msg.Width, max(0, msg.Height-1))
		s.draw()
	case sightMsg:
		return nil, s.see(msg)
	case lookMsg:
		if msg.timer == s.timer {
			return nil, s.look(false)
		}
	case kit.Refresh, kit.Shown:
		return nil, s.look(false)
	case notedMsg:
		if msg.err != nil {
			return kit.Toast{Err: msg.err}, nil
		}
		return kit.Toast{Level: kit.Success, Text: "written down"}, s.look(false)
	case textMsg:
		if msg.err != nil {
			return kit.Toast{Err: msg.err}, nil
		}
		return kit.Copy{What: "the record, as Markdown", Text: msg.text}, nil
	case tea.MouseWheelMsg:
		s.view.Scroll(map[bool]int{true: -3, false: 3}[msg.Button == tea.MouseWheelUp])
	}
	return nil, nil
}

// see takes a sight in, and looks again while something goes on.
func (s *AfterScreen) see(msg sightMsg) tea.Cmd {
	s.busy, s.err = false, msg.err
	if msg.err == nil {
		s.sight, s.ready = msg.sight, true
		s.draw()
	}
	s.timer++
	switch {
	case s.again:
		return s.look(false)
	case msg.err == nil && !s.sight.Watching:
		return nil
	}
	timer, wait := s.timer, watchEvery
	if s.sight.Soon || msg.err != nil {
		wait = lookEvery
	}
	return s.lane.Go(func(ctx context.Context) tea.Msg {
		t := time.NewTimer(wait)
		defer t.Stop()
		select {
		case <-t.C:
			return lookMsg{timer}
		case <-ctx.Done():
			return nil
		}
	})
}

func (s *AfterScreen) draw() { s.view.SetLines(s.lines()) }
