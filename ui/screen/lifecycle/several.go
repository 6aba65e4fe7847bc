package lifecycle

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"regatta/model/catalog"
	"regatta/model/cost"
	"regatta/model/lifecycle"
	"regatta/ui/component/list"
	"regatta/ui/kit"
)

// SeveralWiring connects the screen of several repositories. Load reads one,
// Policy the policy that it has.
type SeveralWiring struct {
	Context      catalog.Context
	Repositories []string
	Counts       bool       // to read the images counts as pulling them: it is asked before
	Price        cost.Price // of storage, if it is known
	Load         func(ctx context.Context, repository string) (Loaded, error)
	Policy       func(ctx context.Context, repository string) (string, error) // nil: none has one
	// Open tries a policy on one repository; without a text, its own.
	Open func(repository, text string) kit.Screen
}

// Several is the screen of what policies would do to several repositories: that
// which each has, or one that is tried on all. It changes nothing.
type Several struct {
	list.Page[repository]

	com  kit.Common
	wire SeveralWiring
	lane *kit.Lane // of what is read
	work *kit.Lane // of what is worked out

	consent    kit.Consent // reading was agreed to
	changed    bool        // something was changed since it was read
	rows       []*repository
	next       int // is read next
	reading    int // are being read
	text       string
	policy     lifecycle.Policy
	violations []lifecycle.Violation
	busy       bool // results are being worked out
}

// mostReading is how many repositories are read at a time.
const mostReading = 2

// NewSeveral returns the screen.
func NewSeveral(com kit.Common, wire SeveralWiring) *Several {
	s := &Several{com: com, wire: wire, consent: kit.Consent{Given: !wire.Counts}}
	s.lane, s.work = kit.NewLane(com.Ctx, s), kit.NewLane(com.Ctx, s)
	s.Page = list.NewPage(com, s, kit.Page{Name: "lifecycle", Context: wire.Context}, list.Config[repository]{
		ID: "policies", Group: "Lifecycle of several", Noun: "repositories", Columns: s.columns(),
		Schema: severalFields(), Tie: tieSeveral, Data: list.Slice[repository]{Rows: func() []*repository { return s.rows }},
	}, list.Around{Above: list.Lines(headLines), Open: s.open}, s.lane, s.work)
	if wire.Policy == nil {
		s.take(templates()[0].text())
	}
	s.forget()
	return s
}

// forget leaves nothing known of the repositories.
func (s *Several) forget() {
	s.rows, s.next, s.reading, s.changed = nil, 0, 0, false
	for _, name := range s.wire.Repositories {
		s.rows = append(s.rows, &repository{name: name})
	}
}

type (
	oneReadMsg struct {
		at  int
		in  Loaded
		own string
		err error
	}
	talliesMsg []tally
)

// Init implements kit.Screen.
func (s *Several) Init() tea.Cmd {
	if !s.consent.Given || s.next > 0 {
		return nil
	}
	return tea.Batch(s.List.Changed(), s.readOn())
}

// readOn reads the next repositories, a few at a time.
func (s *Several) readOn() tea.Cmd {
	var cmds []tea.Cmd
	for ; s.next < len(s.rows) && s.reading < mostReading; s.next++ {
		s.reading++
		cmds = append(cmds, s.read(s.next))
	}
	return tea.Batch(cmds...)
}

func (s *Several) read(at int) tea.Cmd {
	wire, name := s.wire, s.rows[at].name
	return s.lane.Go(func(ctx context.Context) tea.Msg {
		in, err := wire.Load(ctx, name)
		own := ""
		if err == nil && wire.Policy != nil {
			own, err = wire.Policy(ctx, name)
		}
		return oneReadMsg{at, in, own, err}
	})
}

// Update implements kit.Screen.
func (s *Several) Update(msg tea.Msg) (kit.Intent, tea.Cmd) {
	if handled, intent, cmd := s.Take(msg); handled {
		return intent, cmd
	}
	switch msg := msg.(type) {
	case oneReadMsg:
		return nil, s.onRead(msg)
	case talliesMsg:
		return nil, s.onTallies(msg)
	case kit.Refresh:
		s.changed = s.consent.Given
	}
	return nil, nil
}

func (s *Several) onRead(msg oneReadMsg) tea.Cmd {
	s.reading--
	r := *s.rows[msg.at]
	r.read, r.in, r.own, r.err = msg.err == nil, msg.in, msg.own, msg.err
	s.rows[msg.at] = &r
	return tea.Batch(s.readOn(), s.again(), s.List.Changed())
}

// Edited implements edit.Owner: another policy is tried on all.
func (s *Several) Edited(text string) tea.Cmd {
	s.take(text)
	return tea.Batch(s.again(), s.List.Changed())
}

func (s *Several) take(text string) {
	s.text = text
	s.policy, s.violations = lifecycle.Parse(text)
	if text == "" {
		s.violations = nil // each has its own
	}
}

// Remarks implements edit.Owner.
func (s *Several) Remarks() []kit.Span { return remarks(s.policy, s.violations) }
