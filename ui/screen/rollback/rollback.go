// Package rollback is the screen of a tag that is to go back: what it points to,
// and the images that it can go back to, the best first. It imports model, kit
// and components.
package rollback

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"regatta/model/catalog"
	"regatta/model/ref"
	"regatta/model/rollback"
	"regatta/model/text"
	"regatta/theme"
	"regatta/ui/component/list"
	"regatta/ui/kit"
)

// Loaded is what is known of the tag.
type Loaded struct {
	Current    ref.Digest
	Names      []string // the other tags of what it points to
	History    []rollback.Entry
	Candidates []rollback.Candidate
	Notes      []string // what is not known, and why
}

// Wiring connects the screen.
type Wiring struct {
	Context catalog.Context
	Tag     ref.Reference
	Load    func(ctx context.Context) (Loaded, error)
	// Profile reads what a candidate is; where Counts, that counts as pulling it.
	Profile func(ctx context.Context, one rollback.Candidate) (rollback.Profile, error)
	Counts  bool
	Scans   bool // images are scanned
	Open    func(one rollback.Candidate) kit.Screen
	// Compare shows how one differs from what the tag points to.
	Compare func(one rollback.Candidate, from ref.Digest) kit.Screen
	// Plan leads to the checks and the plan of going back to one; from is what the
	// tag points to as it was shown.
	Plan func(one rollback.Candidate, from ref.Digest) kit.Screen
	// Chosen is told instead, where the tag goes back with others. Nil: there are
	// none.
	Chosen func(one rollback.Candidate, from ref.Digest)
	// Together leads to going back with other tags; nil where that was chosen.
	Together func() kit.Screen
}

// Screen implements kit.Screen.
type Screen struct {
	list.Page[rollback.Candidate]

	com    kit.Common
	wire   Wiring
	lane   *kit.Lane
	loaded Loaded
	ready  bool
	err    error

	profiles map[ref.Digest]profile
	reading  int
}

// New returns the screen.
func New(com kit.Common, wire Wiring) *Screen {
	s := &Screen{com: com, wire: wire}
	s.lane = kit.NewLane(com.Ctx, s)
	head := kit.Page{Name: "roll back " + wire.Tag.Tag, Context: wire.Context}
	s.Page = list.NewPage(com, s, head, list.Config[rollback.Candidate]{
		ID: "rollback", Group: "Rollback", Noun: "candidates", Columns: s.columns(), Schema: fields(),
		Data: list.Values(func() []rollback.Candidate { return s.loaded.Candidates }),
	}, list.Around{Above: list.Lines(headLines), Open: s.plan}, s.lane)
	return s
}

type loadedMsg struct {
	loaded Loaded
	err    error
}

// Init implements kit.Screen.
func (s *Screen) Init() tea.Cmd {
	s.ready, s.err, s.reading, s.profiles = false, nil, 0, map[ref.Digest]profile{}
	s.lane.Reset()
	load := s.wire.Load
	return s.lane.Go(func(ctx context.Context) tea.Msg {
		found, err := load(ctx)
		return loadedMsg{found, err}
	})
}

// Update implements kit.Screen.
func (s *Screen) Update(msg tea.Msg) (kit.Intent, tea.Cmd) {
	if handled, intent, cmd := s.Take(msg); handled {
		return intent, tea.Batch(cmd, s.enrich())
	}
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		s.List.Table.SetSize(msg.Width, max(0, msg.Height-headLines))
		return nil, s.enrich()
	case profileMsg:
		return nil, s.onProfile(msg)
	case loadedMsg:
		s.loaded, s.err, s.ready = msg.loaded, msg.err, true
		return nil, s.List.Changed()
	case kit.Refresh: // the tag may have moved
		return nil, s.Init()
	}
	return nil, nil
}

// Bindings implements kit.Screen.
func (s *Screen) Bindings() []kit.Binding {
	own := kit.Bind("rollback", "Rollback", []kit.Binding{
		{
			ID: "plan", Keys: kit.Keys{"enter"}, Desc: "go back to it: checks, and shows the plan",
			Short: "go back", Footer: true, Disabled: s.nothing, Run: kit.Ask(s.plan),
		},
		{
			ID: "open", Keys: kit.Keys{"o"}, Desc: "open the image", Short: "open", Footer: true,
			Disabled: s.nothing, Run: kit.Ask(s.open),
		},
		{
			ID: "compare", Keys: kit.Keys{"="}, Desc: "compare it with what is there now", Short: "compare",
			Footer: true, Disabled: s.nothing, Run: kit.Ask(s.compare),
		},
		{
			ID: "together", Keys: kit.Keys{"+"}, Desc: "together with other tags: those of one release",
			Short: "with others", Footer: true, Disabled: s.alone, Run: kit.Ask(s.together),
		},
		{
			ID: "history", Keys: kit.Keys{"H"}, Desc: "what it pointed to, since when, and how that is known",
			Short: "history", Footer: true, Disabled: s.unread, Run: kit.Ask(s.history),
		},
		{
			ID: "copy", Keys: kit.Keys{"c"}, Desc: "copy the digest", Short: "copy", Footer: true,
			Disabled: s.nothing, Run: kit.Ask(s.copyDigest),
		},
		{
			ID: "again", Keys: kit.Keys{"r", "R", "ctrl+r"}, Desc: "look again", Footer: true,
			Run: func() (kit.Intent, tea.Cmd) { return nil, s.Init() },
		},
	})
	return kit.Afterwards(s.enrich, append(own, s.List.Bindings()...)) // a key may bring rows into view
}

func (s *Screen) nothing() string {
	if s.current() == nil {
		return "there is nothing to go back to"
	}
	return ""
}

func (s *Screen) current() *rollback.Candidate {
	if row := s.List.Table.Cursor(); row != catalog.NoRow && int(row) < len(s.loaded.Candidates) {
		return &s.loaded.Candidates[row]
	}
	return nil
}

func (s *Screen) alone() string {
	if s.wire.Together == nil {
		return "it goes back with others already"
	}
	return ""
}

func (s *Screen) unread() string {
	if !s.ready || s.err != nil {
		return "what it pointed to is not known yet"
	}
	return ""
}

func (s *Screen) history() kit.Intent { return kit.Go{Screen: NewPast(s.com, s.wire, s.loaded)} }

func (s *Screen) together() kit.Intent { return kit.Go{Screen: s.wire.Together()} }

func (s *Screen) plan() kit.Intent {
	one := s.current()
	switch {
	case one == nil:
		return nil
	case s.wire.Chosen != nil:
		s.wire.Chosen(*one, s.loaded.Current)
		return kit.Back{}
	}
	return kit.Go{Screen: s.wire.Plan(*one, s.loaded.Current)}
}

func (s *Screen) open() kit.Intent { return kit.Go{Screen: s.wire.Open(*s.current())} }

func (s *Screen) compare() kit.Intent {
	return kit.Go{Screen: s.wire.Compare(*s.current(), s.loaded.Current)}
}

func (s *Screen) copyDigest() kit.Intent {
	d := string(s.current().Digest)
	return kit.Copy{What: "the digest", Text: d}
}

// Status implements kit.Reporter.
func (s *Screen) Status() kit.Status {
	switch {
	case s.err != nil:
		return kit.Status{Err: s.err}
	case !s.ready:
		return kit.Status{Text: "looking for what it pointed to", Busy: true}
	}
	said := s.List.Count() + " candidates"
	if one := s.current(); one != nil && s.profiles[one.Digest].err != nil {
		said += " · " + text.Clean(s.profiles[one.Digest].err.Error())
	} else if s.wire.Counts {
		said += " · reads count as pulls here: visible rows only"
	}
	return kit.Status{Text: said}
}

// View implements kit.Screen.
func (s *Screen) View(width, height int) string {
	look := s.com.Look
	switch {
	case s.err != nil:
		return look.Message(width, height, kit.Span{Role: theme.Danger, Text: s.err.Error()},
			kit.Span{Role: theme.Dim, Text: "Nothing was changed. r looks again, esc goes back."})
	case !s.ready:
		return look.Message(width, height, kit.Span{Role: theme.Dim, Text: "looking for what it pointed to …"})
	case len(s.loaded.Candidates) == 0:
		return look.Message(width, height, kit.Span{Role: theme.Text, Text: "Nothing is known that it could go back to."},
			kit.Span{Role: theme.Dim, Text: "What a tag pointed to is known from changes made here, from what was seen here, " +
				"from what runs, and from version tags. Any image can be given the tag: t on it."})
	}
	return s.head(width) + "\n" + s.List.Draw(width, max(0, height-headLines))
}
