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
	com  kit.Common
	wire Wiring
	lane *kit.Lane // of what is read
	work *kit.Lane // of what is worked out
	list *list.Model[row]

	asked   bool // reading was agreed to
	loaded  bool
	changed bool // something was changed since it was read
	err     error
	in      Loaded

	rules cleanup.Rules
	keep  keepFile
	now   *result
	busy  bool // a result is being worked out
	stale bool // and the rules have changed since
	width int
}

// New returns the screen.
func New(com kit.Common, wire Wiring) *Screen {
	s := &Screen{com: com, wire: wire, asked: !wire.Counts}
	s.lane, s.work = kit.NewLane(com.Ctx, s), kit.NewLane(com.Ctx, s)
	s.list = list.New(com, s, list.Config[row]{
		ID: "cleanup", Group: "Cleanup", Noun: "images", Columns: s.columns(), Schema: fields(), Tie: tie, Marks: true,
		Data: list.Slice[row]{Rows: s.shown},
	})
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
	if !s.asked || s.loaded {
		return nil
	}
	s.err = nil
	load := s.wire.Load
	return s.lane.Go(func(ctx context.Context) tea.Msg {
		in, err := load(ctx)
		return loadedMsg{in, err}
	})
}

// Close implements kit.Screen.
func (s *Screen) Close() {
	s.lane.Close()
	s.work.Close()
	s.list.Close()
}

// Title implements kit.Titled.
func (*Screen) Title() string { return "cleanup" }

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
		s.list.Table.SetSize(msg.Width, max(2, msg.Height-headLines-footLines))
	case loadedMsg:
		return nil, s.onLoaded(msg)
	case resultMsg:
		return nil, s.onResult(msg.result)
	case keepMsg:
		return nil, s.onKeep(msg)
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
	if open && s.noImage() == "" {
		return s.open(), cmd
	}
	return nil, cmd
}

// onChange reads anew what was changed, unless that counts as pulling.
func (s *Screen) onChange() tea.Cmd {
	if !s.asked {
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
