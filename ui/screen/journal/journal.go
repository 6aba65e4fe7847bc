// Package journal is the screen of all changes: those under way and those that
// ever were, with what became of each step and whether it can be undone. It
// imports model, kit and components.
package journal

import (
	"context"
	"time"

	tea "charm.land/bubbletea/v2"

	"regatta/model/catalog"
	model "regatta/model/journal"
	"regatta/model/plan"
	"regatta/model/text"
	"regatta/theme"
	"regatta/ui/component/list"
	"regatta/ui/kit"
)

// Entry is a run of the journal; Progress and Paused are of this moment, for one
// that this program carries out.
type Entry struct {
	model.Run

	Progress plan.Progress
	Paused   bool
}

// Runs are the runs, in any order. Version changes whenever they do.
type Runs interface {
	Runs(ctx context.Context) ([]Entry, error)
	Run(ctx context.Context, id string) (Entry, error)
	// Record is a run as Markdown.
	Record(ctx context.Context, id string) (string, error)
	Version() uint64
}

// Control acts on a run under way, or brings back one that was interrupted.
type Control interface {
	Cancel(id string)
	Pause(id string, on bool)
	Resume(id string) error
}

// Wiring connects the screen.
type Wiring struct {
	Runs    Runs
	Control Control
	Undo    func(Entry) kit.Screen // the plan that undoes a run
	// Rest is the plan of what is left of a run.
	Rest func(Entry) kit.Screen
}

// Screen implements kit.Screen.
type Screen struct {
	list.Page[Entry]

	com  kit.Common
	wire Wiring
	lane *kit.Lane
	rows []*Entry
	poll poll
	err  error
}

// New returns the screen.
func New(com kit.Common, wire Wiring) *Screen {
	s := &Screen{com: com, wire: wire}
	s.lane = kit.NewLane(com.Ctx, s)
	s.Page = list.NewPage(com, s, kit.Page{Name: "journal"}, list.Config[Entry]{
		ID: "journal", Group: "Journal", Noun: "runs", Columns: s.columns(), Schema: fields(),
		Data: list.Slice[Entry]{Rows: func() []*Entry { return s.rows }},
	}, list.Around{Open: s.open}, s.lane)
	return s
}

type (
	runsMsg struct {
		version uint64
		runs    []Entry
		err     error
	}
	tickMsg    struct{}
	resumedMsg struct{ err error }
)

// Init implements kit.Screen.
func (s *Screen) Init() tea.Cmd { return s.look() }

// look reads the runs where something happened, now and every quarter second.
func (s *Screen) look() tea.Cmd {
	const again = 250 * time.Millisecond
	next := s.lane.After(again, tickMsg{})
	version := s.wire.Runs.Version()
	if !s.poll.due(version) {
		return next
	}
	return tea.Batch(next, s.lane.Go(func(ctx context.Context) tea.Msg {
		runs, err := s.wire.Runs.Runs(ctx)
		return runsMsg{version: version, runs: runs, err: err}
	}))
}

// Update implements kit.Screen.
func (s *Screen) Update(msg tea.Msg) (kit.Intent, tea.Cmd) {
	if handled, intent, cmd := s.Take(msg); handled {
		return intent, cmd
	}
	switch msg := msg.(type) {
	case tickMsg:
		return nil, s.look()
	case resumedMsg:
		if msg.err != nil {
			return kit.Toast{Err: msg.err}, nil
		}
	case runsMsg:
		return nil, s.onRuns(msg)
	case recordMsg:
		return msg.copy(), nil
	}
	return nil, nil
}

// onRuns keeps each run on its row: a row is a run for as long as the screen
// lives.
func (s *Screen) onRuns(msg runsMsg) tea.Cmd {
	s.poll.answered(msg.version, msg.err)
	s.err = msg.err
	at := map[string]int{}
	for i, r := range s.rows {
		at[r.ID] = i
	}
	rows := append([]*Entry(nil), s.rows...)
	for _, r := range msg.runs {
		if i, ok := at[r.ID]; ok {
			rows[i] = &r
		} else {
			rows = append(rows, &r)
		}
	}
	s.rows = rows
	return s.List.Changed()
}

func (s *Screen) current() *Entry {
	if row := s.List.Table.Cursor(); row != catalog.NoRow {
		return s.rows[row]
	}
	return nil
}

// Status implements kit.Reporter.
func (s *Screen) Status() kit.Status {
	if s.err != nil {
		return kit.Status{Err: s.err}
	}
	return kit.Status{Text: text.Plural(s.List.Table.Len(), "run", "runs")}
}

// View implements kit.Screen.
func (s *Screen) View(width, height int) string {
	if len(s.rows) == 0 && s.err == nil {
		return s.com.Look.Message(width, height, kit.Span{Role: theme.Text, Text: "Nothing was ever changed from here."},
			kit.Span{Role: theme.Dim, Text: "Each change is written down before it is made, and can be undone from here."})
	}
	return s.List.Draw(width, height)
}
