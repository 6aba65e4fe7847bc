// Package requests is the screen of the request log: what was asked of the
// registries and what they said. It imports model, kit and components.
package requests

import (
	"time"

	tea "charm.land/bubbletea/v2"

	"regatta/model/catalog"
	"regatta/model/text"
	"regatta/theme"
	"regatta/ui/component/list"
	"regatta/ui/kit"
)

// Request is one request, free of secrets and safe for a terminal.
type Request struct {
	ID      uint64
	At      time.Time
	Method  string
	Host    string
	Path    string
	Status  int // 0 while it is under way or when there was no answer
	Took    time.Duration
	Waited  time.Duration // before it was sent: for its turn, or for a Retry-After
	Bytes   int64
	Attempt int
	Err     string
}

// Log is the requests of this session, oldest first. Version changes whenever
// the log does.
type Log interface {
	Requests() []Request
	Version() uint64
}

// Screen implements kit.Screen.
type Screen struct {
	list.Page[Request]

	com  kit.Common
	log  Log
	lane *kit.Lane
	rows []*Request
	seen uint64
}

// New returns the screen.
func New(com kit.Common, log Log) *Screen {
	s := &Screen{com: com, log: log}
	s.lane = kit.NewLane(com.Ctx, s)
	s.Page = list.NewPage(com, s, kit.Page{Name: "requests"}, list.Config[Request]{
		ID: "requests", Group: "Request log", Noun: "requests", Columns: columns(), Schema: fields(),
		Data: list.Slice[Request]{Rows: func() []*Request { return s.rows }},
	}, list.Around{}, s.lane)
	return s
}

type tickMsg struct{}

// Init implements kit.Screen.
func (s *Screen) Init() tea.Cmd { return s.look() }

// look takes the log's news, now and every half second.
func (s *Screen) look() tea.Cmd {
	const again = 500 * time.Millisecond
	next := s.lane.After(again, tickMsg{})
	if v := s.log.Version(); v != s.seen || s.rows == nil {
		s.seen = v
		s.rows = s.rows[:0:0]
		for _, r := range s.log.Requests() {
			s.rows = append(s.rows, &r)
		}
		return tea.Batch(s.List.Changed(), next)
	}
	return next
}

// Update implements kit.Screen.
func (s *Screen) Update(msg tea.Msg) (kit.Intent, tea.Cmd) {
	if handled, intent, cmd := s.Take(msg); handled {
		return intent, cmd
	}
	if _, ok := msg.(tickMsg); ok {
		return nil, s.look()
	}
	return nil, nil
}

// Bindings implements kit.Screen.
func (s *Screen) Bindings() []kit.Binding { return s.List.Bindings() }

// Status implements kit.Reporter.
func (s *Screen) Status() kit.Status {
	var bytes int64
	for _, r := range s.rows {
		bytes += r.Bytes
	}
	line := s.List.Count() + " requests · " + text.Bytes(bytes) + " read"
	if i := s.List.Table.Cursor(); i != catalog.NoRow && int(i) < len(s.rows) && s.rows[i].Err != "" {
		line = s.rows[i].Err
	}
	return kit.Status{Text: line}
}

// View implements kit.Screen.
func (s *Screen) View(width, height int) string {
	if len(s.rows) == 0 {
		return s.com.Look.Message(width, height,
			kit.Span{Role: theme.Dim, Text: "Nothing has been asked of any registry yet."})
	}
	return s.List.Draw(width, height)
}
