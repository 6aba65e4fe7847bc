package rollback

import (
	"context"
	"slices"

	tea "charm.land/bubbletea/v2"

	"regatta/model/catalog"
	"regatta/model/ref"
	"regatta/model/rollback"
	"regatta/ui/component/list"
	"regatta/ui/kit"
)

// Member is a tag that may go back with others.
type Member struct {
	Tag ref.Reference
	In  bool // it does, unless the user says otherwise
}

// SeveralWiring connects the screen of several tags.
type SeveralWiring struct {
	Context catalog.Context
	// Find is the tags to begin with, and what is not known of others.
	Find func(ctx context.Context) (all []Member, note string, err error)
	Load func(ctx context.Context, tag ref.Reference) (Loaded, error)
	// Choose leads to the candidates of a tag; chosen is told which it is to be, and
	// what the tag pointed to then.
	Choose  func(tag ref.Reference, chosen func(one rollback.Candidate, from ref.Digest)) kit.Screen
	Compare func(tag ref.Reference, one rollback.Candidate, from ref.Digest) kit.Screen
	// Plan leads to the checks and the plan of all of them at once.
	Plan func(goals []rollback.Goal) kit.Screen
}

// Several is the screen of tags that go back together, as one rollback: those of
// one release, mostly, in several repositories.
type Several struct {
	list.Page[line]

	com   kit.Common
	wire  SeveralWiring
	lane  *kit.Lane
	rows  []*line // never changed in place: the list reads them off the update loop
	note  string
	ready bool
	err   error

	reading int
	anchor  list.Row // the tag after which the others are chosen
}

// line is a tag with what is known of it.
type line struct {
	tag    ref.Reference
	asked  bool
	loaded *Loaded // nil until it was read
	err    error
	to     *rollback.Candidate
	byHand bool
}

// NewSeveral returns the screen.
func NewSeveral(com kit.Common, wire SeveralWiring) *Several {
	s := &Several{com: com, wire: wire}
	s.lane = kit.NewLane(com.Ctx, s)
	s.Page = list.NewPage(com, s, kit.Page{Name: "roll back together", Context: wire.Context}, list.Config[line]{
		ID: "together", Group: "Rollback of several tags", Noun: "tags", Marks: true,
		Data: list.Slice[line]{Rows: func() []*line { return s.rows }}, Columns: lineColumns(), Schema: lineFields(),
	}, list.Around{Above: list.Lines(headLines)}, s.lane)
	return s
}

type (
	foundMsg struct {
		all  []Member
		note string
		err  error
	}
	lineMsg struct {
		row    list.Row
		loaded Loaded
		err    error
	}
)

// Init implements kit.Screen.
func (s *Several) Init() tea.Cmd {
	s.ready, s.err, s.rows, s.reading = false, nil, nil, 0
	s.lane.Reset()
	find := s.wire.Find
	return s.lane.Go(func(ctx context.Context) tea.Msg {
		all, note, err := find(ctx)
		return foundMsg{all, note, err}
	})
}

// Update implements kit.Screen.
func (s *Several) Update(msg tea.Msg) (kit.Intent, tea.Cmd) {
	if handled, intent, cmd := s.Take(msg); handled {
		return intent, cmd
	}
	switch msg := msg.(type) {
	case foundMsg:
		return nil, s.onFound(msg)
	case lineMsg:
		return nil, s.onLine(msg)
	case addedMsg:
		return nil, s.add(Member{msg.tag, true})
	case kit.Shown: // a candidate may have been chosen
		return nil, s.List.Changed()
	case kit.Refresh: // the tags may have moved
		return nil, s.again()
	}
	return nil, nil
}

func (s *Several) onFound(msg foundMsg) tea.Cmd {
	if s.note, s.err, s.ready = msg.note, msg.err, true; msg.err != nil {
		return nil // what is not shown does not go back
	}
	cmds := make([]tea.Cmd, 0, len(msg.all))
	for _, m := range msg.all {
		cmds = append(cmds, s.add(m))
	}
	return tea.Batch(cmds...)
}

// add takes a tag in; one that is there already is marked.
func (s *Several) add(m Member) tea.Cmd {
	at := slices.IndexFunc(s.rows, func(l *line) bool { return l.tag == m.Tag })
	if at < 0 {
		at = len(s.rows)
		s.rows = append(slices.Clip(s.rows), &line{tag: m.Tag})
	}
	if m.In {
		s.List.Table.Mark(list.Row(at)) //nolint:gosec // a place of a list
	}
	return tea.Batch(s.List.Changed(), s.read())
}

// again reads all tags anew; the marks stay.
func (s *Several) again() tea.Cmd {
	s.lane.Reset()
	s.reading, s.anchor = 0, 0
	if !s.ready || s.err != nil {
		return s.Init()
	}
	rows := make([]*line, len(s.rows))
	for i, l := range s.rows {
		rows[i] = &line{tag: l.tag}
	}
	s.rows = rows
	return tea.Batch(s.List.Changed(), s.read())
}

// read has tags read, a few at a time.
func (s *Several) read() tea.Cmd {
	var cmds []tea.Cmd
	for i, l := range s.rows {
		if l.asked || s.reading >= mostReading {
			continue
		}
		s.reading++
		row := list.Row(i)
		s.change(row, func(l *line) { l.asked = true })
		cmds = append(cmds, s.load(row, l.tag))
	}
	return tea.Batch(cmds...)
}

func (s *Several) load(row list.Row, tag ref.Reference) tea.Cmd {
	load := s.wire.Load
	return s.lane.Go(func(ctx context.Context) tea.Msg {
		loaded, err := load(ctx, tag)
		return lineMsg{row, loaded, err}
	})
}

func (s *Several) onLine(msg lineMsg) tea.Cmd {
	s.reading--
	s.change(msg.row, func(l *line) {
		if l.err = msg.err; msg.err == nil {
			l.loaded = &msg.loaded
		}
	})
	s.settle()
	return tea.Batch(s.List.Changed(), s.read())
}

func (s *Several) change(row list.Row, how func(*line)) {
	rows := slices.Clone(s.rows)
	changed := *rows[row]
	how(&changed)
	rows[row] = &changed
	s.rows = rows
}

// settle chooses for every tag for which the user has not: first for the one that
// the others are chosen after.
func (s *Several) settle() {
	s.choose(s.anchor)
	for i := range s.rows {
		s.choose(list.Row(i))
	}
}

func (s *Several) choose(row list.Row) {
	l, first := s.List.At(row), s.List.At(s.anchor)
	if l.byHand || l.loaded == nil {
		return
	}
	to, ok := rollback.Best(l.loaded.Candidates)
	if row != s.anchor && first.to != nil {
		same, found := rollback.Beside(l.loaded.Names, l.loaded.Candidates, *first.to, first.loaded.Names)
		if found {
			to = same
		}
	}
	if ok {
		s.change(row, func(l *line) { l.to = &to })
	}
}
