// Package usage is the screen of what runs the images of a repository. It
// imports model, kit and components.
package usage

import (
	"context"
	"strings"

	tea "charm.land/bubbletea/v2"

	"regatta/model/catalog"
	"regatta/model/ref"
	"regatta/model/text"
	"regatta/model/usage"
	"regatta/theme"
	"regatta/ui/component/list"
	"regatta/ui/kit"
)

// Wiring connects the screen.
type Wiring struct {
	Context    catalog.Context
	Repository string
	Image      ref.Reference // the one to begin with; none: all of the repository
	// Ask asks every source what it runs of the registry's images.
	Ask func(ctx context.Context) (usage.Set, error)
	// Narrow finds the uses of Image, and how many manifests that are used it could
	// not read.
	Narrow func(ctx context.Context, uses []usage.Use) (own []usage.Hit, unread int, err error)
	Open   func(ref.Reference) kit.Screen
}

// Screen implements kit.Screen.
type Screen struct {
	list.Page[usage.Use]

	com  kit.Common
	wire Wiring
	lane *kit.Lane

	set    usage.Set
	all    []usage.Use // of the repository
	own    []usage.Hit // of the image
	unread int         // manifests that are used and could not be read
	whole  bool        // all of the repository, not the image only
	rows   []*usage.Use
	loaded bool
	err    error
}

// New returns the screen.
func New(com kit.Common, wire Wiring) *Screen {
	s := &Screen{com: com, wire: wire, whole: wire.Narrow == nil}
	s.lane = kit.NewLane(com.Ctx, s)
	s.Page = list.NewPage(com, s, kit.Page{Name: "used by", Context: wire.Context}, list.Config[usage.Use]{
		ID: "usage", Group: "Usage", Noun: "uses", Columns: columns(), Schema: fields(),
		Data: list.Slice[usage.Use]{Rows: func() []*usage.Use { return s.rows }},
	}, list.Around{Above: s.headHeight}, s.lane)
	return s
}

type askedMsg struct {
	set    usage.Set
	all    []usage.Use
	own    []usage.Hit
	unread int
	err    error
}

// Init implements kit.Screen.
func (s *Screen) Init() tea.Cmd { return s.reload() }

func (s *Screen) reload() tea.Cmd {
	s.lane.Reset()
	s.loaded, s.err = false, nil
	wire := s.wire
	return s.lane.Go(func(ctx context.Context) tea.Msg {
		var msg askedMsg
		msg.set, msg.err = wire.Ask(ctx)
		msg.all = msg.set.Uses(wire.Context.Host, wire.Repository)
		if msg.err == nil && wire.Narrow != nil {
			msg.own, msg.unread, msg.err = wire.Narrow(ctx, msg.all)
		}
		return msg
	})
}

// Update implements kit.Screen.
func (s *Screen) Update(msg tea.Msg) (kit.Intent, tea.Cmd) {
	if handled, intent, cmd := s.Take(msg); handled {
		return intent, cmd
	}
	switch msg := msg.(type) {
	case askedMsg:
		return nil, s.onAsked(msg)
	case kit.Refresh:
		return nil, s.reload()
	}
	return nil, nil
}

func (s *Screen) onAsked(msg askedMsg) tea.Cmd {
	s.set, s.err, s.loaded = msg.set, msg.err, true
	s.all, s.own, s.unread = msg.all, msg.own, msg.unread
	s.choose()
	s.resize()
	return s.List.Changed()
}

// choose makes rows of the uses that are wanted. Of an image, only what runs it
// itself is running.
func (s *Screen) choose() {
	s.rows = nil
	if s.whole {
		for i := range s.all {
			s.rows = append(s.rows, &s.all[i])
		}
		return
	}
	for _, h := range s.own {
		u := h.Use
		u.Running = h.Count()
		s.rows = append(s.rows, &u)
	}
}

func (s *Screen) toggleWhole() tea.Cmd {
	s.whole = !s.whole
	s.choose()
	s.List.Table.Forget()
	return s.List.Reorder()
}

func (s *Screen) resize() { s.List.Table.SetSize(s.Width, max(2, s.Height-s.headHeight())) }

// mostSources is how many sources have a line each above the table.
const mostSources = 6

func (s *Screen) headHeight() int { return min(len(s.set.Answers), mostSources) + 1 }

// Status implements kit.Reporter.
func (s *Screen) Status() kit.Status {
	switch failed := s.set.Failed(); {
	case s.err != nil:
		return kit.Status{Err: s.err}
	case !s.loaded:
		return kit.Status{Text: "asking what runs", Busy: true}
	case len(failed) > 0:
		return kit.Status{Err: failed[0].Err}
	}
	return kit.Status{Text: s.counted()}
}

// View implements kit.Screen.
func (s *Screen) View(width, height int) string {
	look := s.com.Look
	switch {
	case s.err != nil:
		return look.Message(width, height, kit.Span{Role: theme.Danger, Text: s.err.Error()},
			kit.Span{Role: theme.Text, Text: kit.Advice(s.err)})
	case !s.loaded:
		return look.Message(width, height, kit.Span{Role: theme.Dim, Text: "asking what runs the images …"})
	case len(s.set.Answers) == 0:
		return look.Message(width, height,
			kit.Span{Role: theme.Dim, Text: "No usage source is configured for this registry."},
			kit.Span{Role: theme.Dim, Text: "Set usage for it in the config: ECS, Kubernetes, Lambda, or a file of references."})
	}
	head := s.sources(width)
	if len(s.rows) == 0 {
		return head + "\n" + look.Message(width, max(1, height-s.headHeight()), s.nothing())
	}
	return head + "\n" + s.List.Draw(width, max(2, height-s.headHeight()))
}

// counted says how many uses are shown, and of what.
func (s *Screen) counted() string {
	if s.whole {
		return s.List.Count() + " uses of " + s.wire.Repository
	}
	name := s.wire.Image.Tag
	if name == "" {
		name = s.wire.Image.Digest.Short()
	}
	line := s.List.Count() + " uses of " + name
	if s.unread > 0 {
		line += " · " + s.unknown()
	}
	return line
}

// unknown is what keeps the uses of an image from being all.
func (s *Screen) unknown() string {
	return text.Plural(s.unread, "image that is used is", "images that are used are") + " not read"
}

func (s *Screen) rest() string {
	return "U shows the " + text.Plural(len(s.all), "use", "uses") + " of its repository."
}

// nothing never takes a source that did not answer for one that runs nothing.
func (s *Screen) nothing() kit.Span {
	switch {
	case len(s.set.Failed()) > 0:
		return kit.Span{Role: theme.Warn, Text: "No use was found, but not every source has told all."}
	case !s.whole && s.unread > 0:
		return kit.Span{Role: theme.Warn, Text: "No use was found, but " + s.unknown() + "."}
	case !s.whole:
		return kit.Span{Role: theme.Dim, Text: "Nothing that was asked runs this image. " + s.rest()}
	}
	return kit.Span{Role: theme.Dim, Text: "Nothing that was asked runs an image of this repository."}
}

// sources is a line for everyone who was asked, with how it went, and a gap.
func (s *Screen) sources(width int) string {
	look := s.com.Look
	var lines []string
	for _, a := range s.set.Answers[:s.headHeight()-1] {
		n := len(usage.Set{Answers: []usage.Answer{a}}.Uses(s.wire.Context.Host, s.wire.Repository))
		uses := text.Plural(n, "use", "uses")
		if a.Err != nil {
			lines = append(lines, look.Line(width, kit.Span{Role: theme.Danger, Text: " ! " + a.Name()},
				kit.Span{Role: theme.Warn, Text: "  incomplete, " + uses + ": " + text.Clean(a.Err.Error())}))
			continue
		}
		lines = append(lines, look.Line(width, kit.Span{Role: theme.OK, Text: " ✓ " + text.Clean(a.Name())},
			kit.Span{Role: theme.Dim, Text: "  " + uses}))
	}
	return strings.Join(append(lines, look.Line(width)), "\n")
}
