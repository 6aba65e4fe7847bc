package rollback

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"regatta/model/ref"
	"regatta/model/rollback"
	"regatta/model/text"
	"regatta/theme"
	"regatta/ui/component/list"
	"regatta/ui/kit"
)

// Past is the screen of what a tag pointed to: since when, for how long, and how
// that is known.
type Past struct {
	list.Page[period]

	com    kit.Common
	wire   Wiring
	lane   *kit.Lane
	loaded Loaded
	now    time.Time // when it was looked at
	rows   []*period
}

// period is an entry, and for how long it is known to have lasted.
type period struct {
	rollback.Entry

	lasted time.Duration
}

// NewPast returns the screen of what was read already.
func NewPast(com kit.Common, wire Wiring, loaded Loaded) *Past {
	s := &Past{com: com, wire: wire}
	s.lane = kit.NewLane(com.Ctx, s)
	s.take(loaded)
	s.Page = list.NewPage(com, s, kit.Page{Name: "history", Context: wire.Context}, list.Config[period]{
		ID: "past", Group: "What a tag pointed to", Noun: "periods", Columns: s.columns(), Schema: pastFields(),
		Data: list.Slice[period]{Rows: func() []*period { return s.rows }},
	}, list.Around{Above: list.Lines(headLines)}, s.lane)
	return s
}

func (s *Past) take(loaded Loaded) {
	s.loaded = loaded
	if s.com.Now != nil {
		s.now = s.com.Now()
	}
	s.rows = nil
	for _, e := range loaded.History {
		s.rows = append(s.rows, &period{Entry: e, lasted: e.Lasted(s.now)})
	}
}

// reload reads it anew: the tag may have moved.
func (s *Past) reload() tea.Cmd {
	load := s.wire.Load
	return s.lane.Go(func(ctx context.Context) tea.Msg {
		found, err := load(ctx)
		return loadedMsg{found, err}
	})
}

// Init implements kit.Screen.
func (s *Past) Init() tea.Cmd { return s.List.Changed() }

// Update implements kit.Screen.
func (s *Past) Update(msg tea.Msg) (kit.Intent, tea.Cmd) {
	if handled, intent, cmd := s.Take(msg); handled {
		return intent, cmd
	}
	switch msg := msg.(type) {
	case kit.Refresh:
		return nil, s.reload()
	case loadedMsg:
		if msg.err != nil {
			return kit.Toast{Err: msg.err}, nil
		}
		s.take(msg.loaded)
		return nil, s.List.Changed()
	}
	return nil, nil
}

// Bindings implements kit.Screen.
func (s *Past) Bindings() []kit.Binding {
	key := func(id, desc, short string, run func() kit.Intent, disabled func() string, keys ...string) kit.Binding {
		return kit.Binding{
			ID: "past." + id, Keys: keys, Desc: desc, Short: short, Group: "What a tag pointed to", Run: kit.Ask(run),
			Footer: true, Disabled: disabled,
		}
	}
	out := []kit.Binding{
		key("plan", "go back to it: checks, and shows the plan", "go back", s.plan, s.notBack, "enter"),
		key("open", "open the image", "open", s.open, s.none, "o"),
		key("copy", "copy the digest", "copy", s.copyDigest, s.none, "c"),
	}
	return append(out, s.List.Bindings()...)
}

func (s *Past) current() *rollback.Entry {
	if p := s.List.Current(); p != nil {
		return &p.Entry
	}
	return nil
}

func (s *Past) none() string {
	if s.current() == nil {
		return "there is nothing listed"
	}
	return ""
}

// candidate is the image of an entry as one to go back to.
func (s *Past) candidate(e *rollback.Entry) (rollback.Candidate, bool) {
	i := slices.IndexFunc(s.loaded.Candidates, func(c rollback.Candidate) bool { return c.Digest == e.Digest })
	if i >= 0 {
		return s.loaded.Candidates[i], true
	}
	one := rollback.Candidate{Digest: e.Digest}
	if e.Digest == s.loaded.Current {
		one.Tags = s.loaded.Names
	}
	return one, false
}

func (s *Past) notBack() string {
	e := s.current()
	if e == nil {
		return s.none()
	}
	_, ok := s.candidate(e)
	switch {
	case e.Digest == s.loaded.Current:
		return "it points to that now"
	case !ok:
		return "it is none of the candidates"
	case s.wire.Chosen != nil:
		return "it goes back with others: choose it among the candidates"
	}
	return ""
}

func (s *Past) plan() kit.Intent {
	one, _ := s.candidate(s.current())
	return kit.Go{Screen: s.wire.Plan(one, s.loaded.Current)}
}

func (s *Past) open() kit.Intent {
	one, _ := s.candidate(s.current())
	return kit.Go{Screen: s.wire.Open(one)}
}

func (s *Past) copyDigest() kit.Intent {
	return kit.Copy{What: "the digest", Text: string(s.current().Digest)}
}

// Status implements kit.Reporter.
func (s *Past) Status() kit.Status {
	return kit.Status{Text: text.Plural(s.List.Total(), "period", "periods") + " known here"}
}

// View implements kit.Screen.
func (s *Past) View(width, height int) string {
	look := s.com.Look
	if len(s.loaded.History) == 0 {
		return look.Message(width, height, kit.Span{Role: theme.Text, Text: "Nothing is known of what it pointed to before."},
			kit.Span{Role: theme.Dim, Text: "Known are changes made here, what was seen here, and what runs."})
	}
	first := look.Line(width, kit.Span{Role: theme.Strong, Text: " " + s.wire.Tag.Tag},
		kit.Span{Text: " of " + s.wire.Tag.Repository + " pointed to"})
	note := kit.Span{}
	if len(s.loaded.Notes) > 0 {
		note = kit.Span{Role: theme.Warn, Text: " ! " + strings.Join(s.loaded.Notes, "; ")}
	}
	return first + "\n" + look.Line(width, note) + "\n" + s.List.Draw(width, max(0, height-headLines))
}

// names is what people call an image.
func (s *Past) names(d ref.Digest) string {
	one, _ := s.candidate(&rollback.Entry{Digest: d})
	return cmp.Or(strings.Join(one.Tags, ", "), "(no tag)")
}
