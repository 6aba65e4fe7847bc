// Package contexts is the screen that lists the registries that the user can
// switch to. It imports model, kit and components.
package contexts

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"regatta/model/catalog"
	"regatta/theme"
	"regatta/ui/component/list"
	"regatta/ui/kit"
)

// Prober tests the connection to a context's registry.
type Prober interface {
	Probe(ctx context.Context, c catalog.Context) catalog.Probe
}

// Wiring connects the screen.
type Wiring struct {
	Contexts []catalog.Context
	Prober   Prober
	Open     func(catalog.Context) kit.Screen
}

// entry is a row.
type entry struct {
	catalog.Context
	catalog.Probe

	probed  bool
	probing bool
}

// Screen implements kit.Screen.
type Screen struct {
	list.Page[entry]

	com  kit.Common
	wire Wiring
	lane *kit.Lane
	rows []*entry
}

// New returns the screen.
func New(com kit.Common, wire Wiring) *Screen {
	s := &Screen{com: com, wire: wire}
	for _, c := range wire.Contexts {
		s.rows = append(s.rows, &entry{Context: c})
	}
	s.lane = kit.NewLane(com.Ctx, s)
	s.Page = list.NewPage(com, s, kit.Page{Name: "contexts"}, list.Config[entry]{
		ID: "contexts", Group: "Contexts", Noun: "contexts", Columns: s.columns(), Schema: fields(),
		Data: list.Slice[entry]{Rows: func() []*entry { return s.rows }},
	}, list.Around{Open: s.open}, s.lane)
	return s
}

type probeMsg struct {
	row   int
	probe catalog.Probe
}

// Init implements kit.Screen.
func (s *Screen) Init() tea.Cmd { return tea.Batch(s.List.Changed(), s.probeAll()) }

func (s *Screen) probeAll() tea.Cmd {
	s.lane.Reset()
	cmds := make([]tea.Cmd, 0, len(s.rows))
	for i := range s.rows {
		cmds = append(cmds, s.probe(i))
	}
	return tea.Batch(cmds...)
}

// probe asks the i-th registry who one is there.
func (s *Screen) probe(i int) tea.Cmd {
	e := *s.rows[i]
	e.probing = true
	s.rows[i] = &e
	return s.lane.Go(func(ctx context.Context) tea.Msg {
		return probeMsg{row: i, probe: s.wire.Prober.Probe(ctx, e.Context)}
	})
}

// Update implements kit.Screen.
func (s *Screen) Update(msg tea.Msg) (kit.Intent, tea.Cmd) {
	if handled, intent, cmd := s.Take(msg); handled {
		return intent, cmd
	}
	switch msg := msg.(type) {
	case probeMsg:
		e := *s.rows[msg.row]
		e.Probe, e.probed, e.probing = msg.probe, true, false
		if e.Context.Host == "" {
			e.Context.Host = msg.probe.Host
		}
		s.rows[msg.row] = &e
		return nil, s.List.Changed()
	}
	return nil, nil
}

// Bindings implements kit.Screen.
func (s *Screen) Bindings() []kit.Binding {
	own := kit.Bind("contexts", "Contexts", []kit.Binding{
		{
			ID: "open", Keys: kit.Keys{"enter", "l", "right"}, Desc: "open", Footer: true, Disabled: s.none,
			Run: kit.Ask(s.open),
		},
		{
			ID: "test", Keys: kit.Keys{"r", "R", "ctrl+r"}, Desc: "test the connections", Footer: true,
			Disabled: s.none, Run: func() (kit.Intent, tea.Cmd) { return nil, s.probeAll() },
		},
		{
			ID: "copy", Keys: kit.Keys{"c"}, Desc: "copy the host", Footer: true, Disabled: s.none,
			Run: kit.Ask(s.copyHost),
		},
	})
	return append(own, s.List.Bindings()...)
}

func (s *Screen) none() string {
	if len(s.rows) == 0 {
		return "there is no context"
	}
	return ""
}

func (s *Screen) current() *entry {
	if row := s.List.Table.Cursor(); row != catalog.NoRow {
		return s.rows[row]
	}
	return nil
}

func (s *Screen) open() kit.Intent {
	e := s.current()
	switch {
	case e == nil:
		return nil
	case e.Context.Host == "" && e.Err != nil:
		return kit.Toast{Err: e.Err}
	case e.Context.Host == "":
		return kit.Toast{Level: kit.Warning, Text: "the account of " + e.Name + " is not known yet; wait, or press r"}
	}
	return kit.Go{Screen: s.wire.Open(e.Context)}
}

func (s *Screen) copyHost() kit.Intent {
	if e := s.current(); e != nil && e.Context.Host != "" {
		return kit.Copy{What: e.Context.Host, Text: e.Context.Host}
	}
	return nil
}

// Status implements kit.Reporter.
func (s *Screen) Status() kit.Status {
	if e := s.current(); e != nil && e.Err != nil {
		return kit.Status{Err: e.Err}
	}
	return kit.Status{Text: s.List.Count() + " contexts"}
}

// View implements kit.Screen.
func (s *Screen) View(width, height int) string {
	if len(s.rows) == 0 {
		return s.com.Look.Message(width, height, kit.Span{Role: theme.Text, Text: "No registries are set up yet."},
			kit.Span{Role: theme.Dim, Text: "Press : and type a host, such as registry.example.com, or HOST/REPOSITORY. " +
				"Registries in the config and those that docker is signed in to appear here."})
	}
	return s.List.Draw(width, height)
}
