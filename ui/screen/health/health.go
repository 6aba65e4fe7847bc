// Package health is the screen of what is wrong with a repository. It changes
// nothing, and leads to the plan that removes what is marked. It imports model,
// kit and components.
package health

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"regatta/model/catalog"
	"regatta/model/health"
	"regatta/model/ref"
	"regatta/ui/component/list"
	"regatta/ui/kit"
)

// Patient is a repository that was read.
type Patient interface {
	// Findings are what is wrong by the manifests alone.
	Findings() []health.Finding
	// Blobs asks for every config and layer, and tells all findings with those
	// that are not there. Unasked is how many requests failed.
	Blobs(ctx context.Context, progress func(total, done int)) (all []health.Finding, unasked int, err error)
	// Read is how many manifests there are; Gaps are what could not be read.
	Read() int
	Gaps() []string
	// Advice is what to do about a finding.
	Advice(f health.Finding) string
}

// Wiring connects the screen.
type Wiring struct {
	Context    catalog.Context
	Repository string
	Counts     bool // to read the images counts as pulling them: it is asked before
	Untagged   bool // the registry lists manifests without tags
	Load       func(ctx context.Context, progress func(total, done int)) (Patient, error)
	Open       func(f health.Finding) kit.Screen
	// Delete leads to the plan that removes manifests. Nil: nothing can be
	// removed.
	Delete func(digests []ref.Digest, title string) kit.Screen
}

// Screen implements kit.Screen.
type Screen struct {
	com  kit.Common
	wire Wiring
	lane *kit.Lane // of what is read
	work *kit.Lane // of the blobs
	list *list.Model[health.Finding]

	asked   bool // reading was agreed to
	changed bool // something was changed since it was read
	patient Patient
	found   []*health.Finding
	counts  map[health.Kind]int
	err     error

	blobs   blobs
	unasked int
	meter   *kit.Meter // of what is under way, nil if nothing is
	width   int
	height  int
}

// blobs tells whether they were looked for.
type blobs uint8

const (
	notLooked blobs = iota
	looking
	looked
)

// New returns the screen.
func New(com kit.Common, wire Wiring) *Screen {
	s := &Screen{com: com, wire: wire, asked: !wire.Counts}
	s.lane, s.work = kit.NewLane(com.Ctx, s), kit.NewLane(com.Ctx, s)
	s.list = list.New(com, s, list.Config[health.Finding]{
		ID: "health", Group: "Health", Noun: "findings", Columns: columns(), Schema: fields(), Tie: tie, Marks: true,
		Data: list.Slice[health.Finding]{Rows: func() []*health.Finding { return s.found }},
	})
	return s
}

type (
	loadedMsg struct {
		patient Patient
		err     error
	}
	blobsMsg struct {
		all     []health.Finding
		unasked int
		err     error
	}
)

// Init implements kit.Screen.
func (s *Screen) Init() tea.Cmd {
	if !s.asked || s.patient != nil {
		return nil
	}
	s.err = nil
	load, m := s.wire.Load, s.measure()
	return tea.Batch(s.lane.Tick(), s.lane.Go(func(ctx context.Context) tea.Msg {
		p, err := load(ctx, m.Add)
		return loadedMsg{p, err}
	}))
}

func (s *Screen) measure() *kit.Meter {
	s.meter = &kit.Meter{}
	return s.meter
}

// Close implements kit.Screen.
func (s *Screen) Close() {
	s.lane.Close()
	s.work.Close()
	s.list.Close()
}

// Title implements kit.Titled.
func (*Screen) Title() string { return "health" }

// Badges implements kit.Badged.
func (s *Screen) Badges() []kit.Span { return kit.ContextBadges(s.wire.Context) }

// Update implements kit.Screen.
func (s *Screen) Update(msg tea.Msg) (kit.Intent, tea.Cmd) {
	if handled, cmd := s.list.Handle(msg); handled {
		return nil, cmd
	}
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		s.width, s.height = msg.Width, msg.Height
		s.list.Table.SetSize(msg.Width, max(2, msg.Height-headLines-footLines))
	case loadedMsg:
		return nil, s.onLoaded(msg)
	case blobsMsg:
		return s.onBlobs(msg)
	case kit.Tick:
		if s.meter != nil {
			return nil, s.lane.Tick()
		}
	case kit.Refresh:
		return nil, s.onChange()
	case list.Saved:
		return msg.Toast(), nil
	case tea.MouseMsg:
		return s.onMouse(msg)
	}
	return nil, nil
}

// onMouse counts lines from the table's own.
func (s *Screen) onMouse(msg tea.MouseMsg) (kit.Intent, tea.Cmd) {
	open, cmd := s.list.Mouse(kit.Below(msg, headLines))
	if open && s.noFinding() == "" {
		return s.open(), cmd
	}
	return nil, cmd
}
