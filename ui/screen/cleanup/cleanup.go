// Package cleanup is the screen on which rules are tried on a repository: what
// they would remove, and of every image why. It changes nothing. It imports
// model, kit, components and overlays.
package cleanup

import (
	"context"
	"maps"

	tea "charm.land/bubbletea/v2"

	"regatta/model/catalog"
	"regatta/model/cleanup"
	"regatta/model/cost"
	"regatta/model/ref"
	"regatta/ui/component/list"
	"regatta/ui/kit"
)

// Loaded is a repository as rules look at it.
type Loaded struct {
	Stock *cleanup.Stock
	InUse cleanup.InUse // stays, whatever the rules say
	Notes []string      // what the verdicts rest on

	// Shares are the bytes that come back with each of the images that go, in
	// that order: what several hold counts once, with the last of them.
	Shares func(gone []ref.Digest) []int64
}

// Wiring connects the screen.
type Wiring struct {
	Context    catalog.Context
	Repository string
	Counts     bool       // to read the images counts as pulling them: it is asked before
	Price      cost.Price // of storage, if it is known
	Load       func(ctx context.Context) (Loaded, error)
	Open       func(img cleanup.Image) kit.Screen
	KeepList   func(ctx context.Context, path string) (cleanup.KeepList, error)
	// Review leads to the plan of what rules ask for; found is what was shown.
	// Nil: nothing can be removed.
	Review func(rules cleanup.Rules, found *cleanup.Selection) kit.Screen
}

// Screen implements kit.Screen.
type Screen struct {
	list.Page[row]

	com  kit.Common
	wire Wiring
	lane *kit.Lane // of what is read
	work *kit.Lane // of what is worked out

	consent kit.Consent // reading was agreed to
	loaded  bool
	changed bool // something was changed since it was read
	err     error
	in      Loaded

	rules cleanup.Rules
	keep  keepFile
	now   *result
	busy  bool // a result is being worked out
	stale bool // and the rules have changed since
}

// New returns the screen.
func New(com kit.Common, wire Wiring) *Screen {
	s := &Screen{com: com, wire: wire, consent: kit.Consent{Given: !wire.Counts}}
	s.lane, s.work = kit.NewLane(com.Ctx, s), kit.NewLane(com.Ctx, s)
	s.Page = list.NewPage(com, s, kit.Page{Name: "cleanup", Context: wire.Context}, list.Config[row]{
		ID: "cleanup", Group: "Cleanup", Noun: "images", Columns: s.columns(), Schema: fields(), Tie: tie, Marks: true,
		Data: list.Slice[row]{Rows: s.shown},
	}, list.Around{Above: list.Lines(headLines), Below: footLines, Open: s.open}, s.lane, s.work)
	return s
}

type (
	loadedMsg struct {
		in  Loaded
		err error
	}
	resultMsg struct{ result *result }
)

// Init implements kit.Screen.
func (s *Screen) Init() tea.Cmd {
	if !s.consent.Given || s.loaded {
		return nil
	}
	s.err = nil
	load := s.wire.Load
	return s.lane.Go(func(ctx context.Context) tea.Msg {
		in, err := load(ctx)
		return loadedMsg{in, err}
	})
}

// Update implements kit.Screen.
func (s *Screen) Update(msg tea.Msg) (kit.Intent, tea.Cmd) {
	if handled, intent, cmd := s.Take(msg); handled {
		return intent, cmd
	}
	switch msg := msg.(type) {
	case loadedMsg:
		return nil, s.onLoaded(msg)
	case resultMsg:
		return nil, s.onResult(msg.result)
	case keepMsg:
		return nil, s.onKeep(msg)
	case kit.Refresh:
		return nil, s.onChange()
	}
	return nil, nil
}

// onChange reads anew what was changed, unless that counts as pulling.
func (s *Screen) onChange() tea.Cmd {
	if !s.consent.Given {
		return nil
	}
	if s.wire.Counts {
		s.changed = true
		return nil
	}
	_, cmd := s.reload()
	return cmd
}

func (s *Screen) onLoaded(msg loadedMsg) tea.Cmd {
	if s.err = msg.err; msg.err != nil {
		return nil
	}
	s.loaded, s.in = true, msg.in
	there := s.in.Stock.Has
	s.rules.Exceptions = maps.Clone(s.rules.Exceptions)
	maps.DeleteFunc(s.rules.Exceptions, func(d ref.Digest, _ cleanup.Exception) bool { return !there(d) })
	return s.evaluate()
}
