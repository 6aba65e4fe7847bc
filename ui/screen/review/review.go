// Package review is the screen of a plan before it is carried out: what it
// does, what it takes along, what it leaves and what cannot be undone. It
// imports model, kit and components.
package review

import (
	"context"
	"strings"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"regatta/model/catalog"
	"regatta/model/plan"
	"regatta/model/text"
	"regatta/theme"
	"regatta/ui/component/textview"
	"regatta/ui/kit"
	"regatta/ui/overlay/typed"
)

// Starter begins a run. An error means that nothing was changed.
type Starter interface {
	Start(p plan.Plan, title string) error
}

// Wiring connects the screen.
type Wiring struct {
	Context catalog.Context
	Title   string        // "delete 3 images of shop/api"
	Entitle func() string // says the title once there is a plan; nil: it stays
	Verb    string        // what the button says: "Delete"
	Want    string        // is typed to confirm; "": the repository's name, where the plan wants that
	Plan    func(ctx context.Context) (plan.Plan, error)
	Start   Starter
	Then    func() kit.Screen                          // where a run that has started leads to; nil: back
	Save    func(p plan.Plan) (path string, err error) // nil: a plan cannot be kept

	// Remedy leads to the plan that does away with what stands in the way of this
	// one; nil where there is none. Nil: there never is.
	Remedy func(why error) *Remedy

	// Settle finds out, once the plan is confirmed, what the registry tells only
	// when it is tried; tried is false where everything was known. Nil: there is
	// nothing of that kind.
	Settle func(ctx context.Context) (tried bool, err error)
}

// Remedy is another plan, which has to come first.
type Remedy struct {
	Says string // "restores it"
	Plan func() kit.Screen
}

// Screen implements kit.Screen.
type Screen struct {
	kit.Page

	com  kit.Common
	wire Wiring
	lane *kit.Lane

	plan   plan.Plan
	ready  bool
	err    error
	begun  bool // the run is being written down: a second enter begins no second one
	apply  bool // the button that has the focus; Cancel has it first
	view   textview.Model
	width  int
	height int
}

// New returns the screen.
func New(com kit.Common, wire Wiring) *Screen {
	s := &Screen{Page: kit.Page{Name: "plan", Context: wire.Context}, com: com, wire: wire}
	s.lane = kit.NewLane(com.Ctx, s)
	return s
}

type (
	planMsg struct {
		plan plan.Plan
		err  error
	}
	startedMsg struct{ err error }
	anotherMsg struct{ plan plan.Plan } // what was confirmed is not what is to be done
	savedMsg   struct {
		path string
		err  error
	}
)

// Init implements kit.Screen.
func (s *Screen) Init() tea.Cmd {
	s.ready, s.err, s.apply = false, nil, false
	s.lane.Reset()
	return s.lane.Go(func(ctx context.Context) tea.Msg {
		p, err := s.wire.Plan(ctx)
		return planMsg{plan: p, err: err}
	})
}

// Close implements kit.Screen.
func (s *Screen) Close() { s.lane.Close() }

// Update implements kit.Screen.
func (s *Screen) Update(msg tea.Msg) (kit.Intent, tea.Cmd) {
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		s.width, s.height = msg.Width, msg.Height
		s.view.SetSize(s.width, max(0, s.height-chrome))
	case planMsg:
		s.begun, s.apply = false, false
		if msg.err == nil && s.wire.Entitle != nil {
			s.wire.Title = s.wire.Entitle()
		}
		s.show(msg.plan, msg.err)
	case anotherMsg:
		s.begun, s.apply = false, false
		s.show(msg.plan, nil)
		return kit.Toast{
			Level: kit.Warning, Text: "nothing is changed yet: the plan is another one now that the registry was tried",
		}, nil
	case startedMsg:
		s.begun = false
		if msg.err != nil {
			return kit.Toast{Err: msg.err}, nil
		}
		said := kit.Toast{Text: s.wire.Title + ": started"}
		if s.wire.Then != nil {
			return kit.Instead{Screen: s.wire.Then(), Say: said}, nil
		}
		return kit.Back{Say: said}, nil
	case savedMsg:
		return savedToast(msg), nil
	case tea.MouseWheelMsg:
		s.view.Scroll(map[bool]int{true: -3, false: 3}[msg.Button == tea.MouseWheelUp])
	}
	return nil, nil
}

// choose acts on the button that has the focus.
func (s *Screen) choose() (kit.Intent, tea.Cmd) {
	if !s.apply {
		return kit.Back{}, nil
	}
	word := s.plan.Asks(s.wire.Want)
	if word == "" {
		return s.start()
	}
	var reasons []string
	for _, r := range s.plan.Risks {
		if r.Typed {
			reasons = append(reasons, r.Reason)
		}
	}
	return kit.Push{Overlay: typed.New(s.com.Look, s.wire.Title, word, reasons, s.start)}, nil
}

// Status implements kit.Reporter.
func (s *Screen) Status() kit.Status {
	switch {
	case s.err != nil:
		return kit.Status{Err: s.err}
	case !s.ready:
		return kit.Status{Text: "reading dependencies", Busy: true}
	case s.begun:
		return kit.Status{Text: "looking once more before it begins; esc leaves all as it is", Busy: true}
	}
	line := text.Plural(len(s.plan.Steps), "step", "steps") + " · nothing is changed before you say so"
	if why := s.plan.Barred(); why != "" {
		line = why + " · nothing was changed"
	}
	if first, last, total := s.view.Position(); last-first+1 < total {
		line += " · line " + text.Count(last) + " of " + text.Count(total)
	}
	return kit.Status{Text: line}
}

const chrome = 4 // the title, what the registry gets back, a rule and the buttons

// View implements kit.Screen.
func (s *Screen) View(width, height int) string {
	look := s.com.Look
	switch {
	case s.err != nil:
		next := "Nothing was changed. esc goes back."
		if r := s.remedy(); r != nil {
			next = "Nothing was changed. A " + r.Says + ", r plans again, esc goes back."
		}
		return look.Message(width, height, kit.Span{Role: theme.Danger, Text: s.err.Error()},
			kit.Span{Role: theme.Dim, Text: next})
	case !s.ready:
		return look.Message(width, height, kit.Span{Role: theme.Dim, Text: "reading dependencies …"})
	}
	return s.head(width) + "\n" + s.view.View(look) + "\n" + s.foot(width)
}

// head is two lines: the title with what the plan moves and frees, and how much of
// that the registry gets back.
func (s *Screen) head(width int) string {
	here, everywhere := weight(s.plan)
	return s.titled(width, " "+s.wire.Title, here) + "\n" + s.titled(width, "", everywhere)
}

func (s *Screen) titled(width int, left, right string) string {
	room := max(0, width-ansi.StringWidth(right))
	return s.com.Look.Line(room, kit.Span{Role: theme.Strong, Text: left}) + s.com.Look.Render(theme.Accent, right)
}

// weight is what the plan moves and frees, for the title, and what of that is freed
// in the registry, for the line below.
func weight(p plan.Plan) (here, everywhere string) {
	if moves := p.Transfer(); moves > 0 {
		here = "moves " + text.Bytes(moves) + " "
	}
	freed, inRegistry := p.Frees()
	if freed != "" {
		here += "frees " + freed + " "
	}
	saves := ""
	if m, ok := p.Saves(); ok {
		saves = "· saves " + m.String() + " a month "
	}
	if inRegistry == "" {
		return here + saves, ""
	}
	if inRegistry == freed {
		inRegistry = "and"
	}
	return here + "in the repository ", inRegistry + " in the registry " + saves
}

func (s *Screen) foot(width int) string {
	look := s.com.Look
	buttons := []kit.Span{{Text: " "}, look.Button("Cancel", !s.apply)}
	if s.plan.Barred() == "" {
		buttons = append(buttons, kit.Span{Text: "   "}, look.Button(s.wire.Verb, s.apply))
	}
	return look.Render(theme.Border, strings.Repeat("─", width)) + "\n" + look.Line(width, buttons...)
}
