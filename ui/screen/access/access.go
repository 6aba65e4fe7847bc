// Package access is the screen of who may use a repository and how it is set up.
// It imports model, kit and components.
package access

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"regatta/model/access"
	"regatta/model/catalog"
	"regatta/model/setting"
	"regatta/ui/component/list"
	"regatta/ui/component/tabs"
	"regatta/ui/component/textview"
	"regatta/ui/kit"
)

// Wiring connects the screen.
type Wiring struct {
	Context    catalog.Context
	Repository string
	Account    string // whose registry it is
	// Policies reads both policies; what cannot be read says so in the report.
	Policies func(ctx context.Context) access.Report
	Settings func(ctx context.Context) (setting.Repository, error)
}

// The tabs, in the order of their keys.
const (
	tabWho = iota
	tabRepository
	tabRegistry
	tabSettings
	tabCount
)

func tabNames() []string {
	return []string{"who may", "repository policy", "registry policy", "settings"}
}

// Screen implements kit.Screen.
type Screen struct {
	kit.Page

	com  kit.Common
	wire Wiring
	lane *kit.Lane
	list *list.Model[access.Row]

	report  access.Report
	rows    []*access.Row
	judged  bool
	set     setting.Repository
	setErr  error
	setRead bool

	tab   int
	texts [tabCount]textview.Model

	width, height int
}

// New returns the screen.
func New(com kit.Common, wire Wiring) *Screen {
	s := &Screen{Page: kit.Page{Name: "access", Context: wire.Context}, com: com, wire: wire}
	s.lane = kit.NewLane(com.Ctx, s)
	s.list = list.New(com, s, list.Config[access.Row]{
		ID: "access", Group: "Access", Noun: "principals", Columns: columns(), Schema: fields(),
		Data: list.Slice[access.Row]{Rows: func() []*access.Row { return s.rows }},
	})
	return s
}

type (
	reportMsg   struct{ report access.Report }
	settingsMsg struct {
		set setting.Repository
		err error
	}
)

// Init implements kit.Screen.
func (s *Screen) Init() tea.Cmd { return s.reload() }

func (s *Screen) reload() tea.Cmd {
	s.lane.Reset()
	s.judged, s.setRead, s.setErr = false, false, nil
	wire := s.wire
	return tea.Batch(
		s.lane.Go(func(ctx context.Context) tea.Msg { return reportMsg{wire.Policies(ctx)} }),
		s.lane.Go(func(ctx context.Context) tea.Msg {
			set, err := wire.Settings(ctx)
			return settingsMsg{set, err}
		}),
	)
}

// Close implements kit.Screen.
func (s *Screen) Close() {
	s.lane.Close()
	s.list.Close()
}

// Update implements kit.Screen.
func (s *Screen) Update(msg tea.Msg) (kit.Intent, tea.Cmd) {
	if handled, cmd := s.list.Handle(msg); handled {
		return nil, cmd
	}
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		s.width, s.height = msg.Width, msg.Height
		s.resize()
	case reportMsg:
		return nil, s.onReport(msg.report)
	case settingsMsg:
		s.set, s.setErr, s.setRead = msg.set, msg.err, true
		s.texts[tabSettings].SetLines(s.settingLines())
	case kit.Refresh:
		return nil, s.reload()
	case list.Saved:
		return msg.Toast(), nil
	case tea.MouseMsg:
		return nil, s.mouse(msg)
	}
	return nil, nil
}

func (s *Screen) onReport(r access.Report) tea.Cmd {
	s.report, s.judged, s.rows = r, true, nil
	for i := range r.Rows {
		s.rows = append(s.rows, &s.report.Rows[i])
	}
	s.texts[tabRepository].SetLines(textview.JSON([]byte(r.Repository.Text)))
	s.texts[tabRegistry].SetLines(textview.JSON([]byte(r.Registry.Text)))
	s.list.Table.Forget()
	return s.list.Changed()
}

func (s *Screen) tabLine() tabs.Line { return tabs.Line{Names: tabNames(), At: s.tab} }

// above is the line of tabs and a gap.
const above = 2

func (s *Screen) resize() {
	body := max(0, s.height-above)
	for i := range s.texts {
		s.texts[i].SetSize(s.width, body)
	}
	s.list.Table.SetSize(s.width, max(0, body-footHeight))
}

// Unwind implements kit.Unwinder.
func (s *Screen) Unwind() (bool, tea.Cmd) {
	if s.tab != tabWho {
		return false, nil
	}
	return s.list.Unwind()
}
