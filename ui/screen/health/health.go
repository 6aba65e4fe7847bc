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
	list.Page[health.Finding]

	com  kit.Common
	wire Wiring
	lane *kit.Lane // of what is read
	work *kit.Lane // of the blobs

	consent kit.Consent // reading was agreed to
	changed bool        // something was changed since it was read
	patient Patient
	found   []*health.Finding
	counts  map[health.Kind]int
	err     error

	blobs   blobs
	unasked int
	meter   *kit.Meter // of what is under way, nil if nothing is
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
	s := &Screen{com: com, wire: wire, consent: kit.Consent{Given: !wire.Counts}}
	s.lane, s.work = kit.NewLane(com.Ctx, s), kit.NewLane(com.Ctx, s)
	s.Page = list.NewPage(com, s, kit.Page{Name: "health", Context: wire.Context}, list.Config[health.Finding]{
		ID: "health", Group: "Health", Noun: "findings", Columns: columns(), Schema: fields(), Tie: tie, Marks: true,
		Data: list.Slice[health.Finding]{Rows: func() []*health.Finding { return s.found }},
	}, list.Around{Above: list.Lines(headLines), Below: footLines, Open: s.open}, s.lane, s.work)
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
	if !s.consent.Given || s.patient != nil {
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

// Update implements kit.Screen.
func (s *Screen) Update(msg tea.Msg) (kit.Intent, tea.Cmd) {
	if handled, intent, cmd := s.Take(msg); handled {
		return intent, cmd
	}
	switch msg := msg.(type) {
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
	}
	return nil, nil
}
