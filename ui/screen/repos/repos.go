// Package repos is the screen that lists a registry's repositories. It imports
// model, kit and components.
package repos

import (
	"context"
	"errors"
	"slices"

	tea "charm.land/bubbletea/v2"

	"regatta/model/catalog"
	"regatta/model/cost"
	"regatta/model/fault"
	"regatta/model/image"
	"regatta/theme"
	"regatta/ui/component/list"
	"regatta/ui/kit"
)

// Source is what the screen reads.
type Source interface {
	// Repositories is a page of the catalog.
	Repositories(ctx context.Context, cursor string) (image.RepositoryPage, error)
	// DescribeRepository counts the tags, and adds what the store knows.
	DescribeRepository(ctx context.Context, name string) (image.Repository, error)
	// SurveyRepository reads all images to know size and newest push.
	SurveyRepository(ctx context.Context, name string) (image.Repository, error)
}

// Pins keeps the repositories that the user wants first.
type Pins interface {
	Pins(ctx context.Context) ([]string, error)
	SetPin(repository string, pinned bool) error
}

// Registry is whose repositories are listed.
type Registry struct {
	catalog.Context

	CheapReads func() bool // reading everything costs nobody anything: measure what is visible
	Price      cost.Price  // of storage, if it is known
}

// Wiring connects the screen.
type Wiring struct {
	Registry Registry
	Source   Source
	Pins     Pins
	Open     func(repository string) kit.Screen
	Health   func(repository string) kit.Screen
	Usage    func(repository string) kit.Screen // what runs its images
	Access   func(repository string) kit.Screen // who may use it; nil: nobody says

	Lifecycle func(repositories []string) kit.Screen // tries policies on them
	// Rollback leads to what a tag of each can go back to, together.
	Rollback func(repositories []string, tag string) kit.Screen
}

// mostInFlight is how many repositories are described at a time.
const mostInFlight = 3

// Screen implements kit.Screen.
type Screen struct {
	list.Page[image.Repository]

	com  kit.Common
	wire Wiring
	lane *kit.Lane
	set  *catalog.Repositories

	loading  bool
	err      error
	omitted  int // names in the list that are not valid
	inFlight map[string]bool
	measured map[string]bool // surveyed, or being surveyed
	largest  int64
	tree     bool
	preview  bool
}

// New returns the screen.
func New(com kit.Common, wire Wiring) *Screen {
	s := &Screen{
		com: com, wire: wire, set: catalog.NewRepositories(),
		inFlight: map[string]bool{}, measured: map[string]bool{}, preview: com.Preview != "off",
	}
	s.lane = kit.NewLane(com.Ctx, s)
	head := kit.Page{Name: wire.Registry.Name, Context: wire.Registry.Context}
	s.Page = list.NewPage(com, s, head, list.Config[image.Repository]{
		ID: "repos", Group: "Repositories", Noun: "repositories", Data: data{s}, Columns: s.columns(),
		Schema: catalog.RepositoryFields(), Marks: true,
	}, list.Around{Open: s.open}, s.lane)
	return s
}

type (
	pinsMsg struct {
		names []string
		err   error
	}
	pinnedMsg struct{ err error } // an error means: for this session only
	pageMsg   struct {
		page image.RepositoryPage
		err  error
	}
	detailMsg struct {
		name string
		repo image.Repository
		err  error
	}
)

// Init implements kit.Screen.
func (s *Screen) Init() tea.Cmd { return s.reload() }

func (s *Screen) reload() tea.Cmd {
	s.lane.Reset()
	clear(s.inFlight)
	clear(s.measured)
	s.loading, s.err, s.omitted = true, nil, 0
	s.set.Begin()
	return s.lane.Go(func(ctx context.Context) tea.Msg {
		if s.wire.Pins == nil {
			return pinsMsg{}
		}
		names, err := s.wire.Pins.Pins(ctx)
		return pinsMsg{names: names, err: err}
	})
}

func (s *Screen) fetch(cursor string) tea.Cmd {
	return s.lane.Go(func(ctx context.Context) tea.Msg {
		p, err := s.wire.Source.Repositories(ctx, cursor)
		return pageMsg{page: p, err: err}
	})
}

// Update implements kit.Screen.
func (s *Screen) Update(msg tea.Msg) (kit.Intent, tea.Cmd) {
	if handled, intent, cmd := s.Take(msg); handled {
		return intent, tea.Batch(cmd, s.enrich())
	}
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		s.resize()
		return nil, s.enrich()
	case pinsMsg:
		return s.onPins(msg)
	case pinnedMsg:
		if msg.err != nil {
			return kit.Toast{Err: msg.err}, nil
		}
	case pageMsg:
		return nil, s.onPage(msg)
	case detailMsg:
		return nil, s.onDetail(msg)
	case kit.Shown:
		return nil, s.List.Changed()
	}
	return nil, nil
}

func (s *Screen) onPins(msg pinsMsg) (kit.Intent, tea.Cmd) {
	pinned := make([]image.Repository, 0, len(msg.names))
	for _, n := range msg.names {
		r := image.NewRepository(n)
		r.Pinned = true
		pinned = append(pinned, r)
	}
	s.set.Append(pinned)
	cmd := tea.Batch(s.List.Changed(), s.fetch(""))
	if msg.err != nil {
		return kit.Toast{Err: msg.err}, cmd
	}
	return nil, cmd
}

func (s *Screen) onPage(msg pageMsg) tea.Cmd {
	s.loading = msg.err == nil && msg.page.Next != ""
	s.set.Append(msg.page.Repositories) // with an error, the pinned ones
	s.omitted += msg.page.Omitted
	if s.err = msg.err; msg.err != nil {
		return s.List.Changed()
	}
	if msg.page.Next != "" {
		return tea.Batch(s.List.Changed(), s.fetch(msg.page.Next))
	}
	s.set.Finish()
	s.err = image.Omitted(s.omitted)
	return s.List.Changed()
}

// enrich asks for the details of visible rows, a few at a time.
func (s *Screen) enrich() tea.Cmd {
	var cmds []tea.Cmd
	for _, row := range s.List.Table.Visible() {
		r := s.set.At(row)
		if len(s.inFlight) >= mostInFlight {
			break
		}
		if r == nil || s.inFlight[r.Name] {
			continue
		}
		switch {
		case r.State == image.Unread:
			cmds = append(cmds, s.detail(r.Name, s.wire.Source.DescribeRepository))
		case s.wire.Registry.CheapReads() && r.State != image.Failed && !s.measured[r.Name]:
			s.measured[r.Name] = true
			cmds = append(cmds, s.detail(r.Name, s.wire.Source.SurveyRepository))
		}
	}
	return tea.Batch(cmds...)
}

type describe = func(ctx context.Context, name string) (image.Repository, error)

func (s *Screen) detail(name string, read describe) tea.Cmd {
	s.inFlight[name] = true
	return s.lane.Go(func(ctx context.Context) tea.Msg {
		r, err := read(ctx, name)
		return detailMsg{name: name, repo: r, err: err}
	})
}

func (s *Screen) onDetail(msg detailMsg) tea.Cmd {
	delete(s.inFlight, msg.name)
	s.set.Change(msg.name, func(r *image.Repository) {
		if msg.err != nil {
			r.State, r.Err = image.Failed, msg.err // what was known of it stays
			return
		}
		pinned := r.Pinned
		*r = msg.repo
		r.Pinned, r.State = pinned, image.Read
	})
	s.largest = max(s.largest, msg.repo.Size)
	return tea.Batch(s.List.Changed(), s.enrich())
}

func (s *Screen) current() *image.Repository { return s.set.At(s.List.Table.Cursor()) }

// refused reports whether the registry does not show its catalog.
func (s *Screen) refused() bool {
	var e *fault.Error
	return errors.As(s.err, &e) && slices.Contains(
		[]fault.Kind{fault.Unsupported, fault.Denied, fault.NotFound, fault.Auth}, e.Kind)
}

// View implements kit.Screen.
func (s *Screen) View(width, height int) string {
	if s.set.Len() == 0 {
		return s.empty(width, height)
	}
	body := s.List.Draw(width-s.paneWidth(), height)
	if pane := s.paneWidth(); pane > 0 {
		return s.com.Look.Beside(body, s.pane(pane-1, height))
	}
	return body
}

func (s *Screen) empty(width, height int) string {
	switch {
	case s.loading:
		return s.com.Look.Message(width, height, kit.Span{Role: theme.Dim, Text: "listing repositories …"})
	case s.refused():
		return s.com.Look.Message(width, height,
			kit.Span{Role: theme.Warn, Text: s.err.Error()},
			kit.Span{Role: theme.Text, Text: "Not every registry shows its catalog, and some only to who is signed in. " +
				"Press : and type " + s.wire.Registry.Host + "/REPOSITORY, or pin repositories in the config."},
			kit.Span{Role: theme.Dim, Text: kit.Advice(s.err)})
	case s.err != nil:
		return s.com.Look.Message(width, height, kit.Span{Role: theme.Danger, Text: s.err.Error()},
			kit.Span{Role: theme.Text, Text: kit.Advice(s.err)})
	}
	return s.com.Look.Message(width, height, kit.Span{Role: theme.Text, Text: "This registry has no repositories yet."},
		kit.Span{Role: theme.Dim, Text: "Push an image, then press r."})
}
