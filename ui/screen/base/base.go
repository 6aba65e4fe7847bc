// Package base is the screen of what an image was built from. It imports model,
// kit and components.
package base

import (
	"context"
	"strings"

	tea "charm.land/bubbletea/v2"

	"regatta/model/base"
	"regatta/model/catalog"
	"regatta/model/text"
	"regatta/theme"
	"regatta/ui/component/list"
	"regatta/ui/component/textview"
	"regatta/ui/kit"
)

// Wiring connects the screen.
type Wiring struct {
	Context catalog.Context
	Find    func(ctx context.Context, progress func(total, done int)) (base.Found, error)
	Open    func(c base.Candidate) kit.Screen
}

// Screen implements kit.Screen.
type Screen struct {
	kit.Page

	com   kit.Common
	wire  Wiring
	lane  *kit.Lane
	found base.Found
	ready bool
	err   error
	meter *kit.Meter
	view  textview.Model
}

// New returns the screen.
func New(com kit.Common, wire Wiring) *Screen {
	s := &Screen{Page: kit.Page{Name: "base", Context: wire.Context}, com: com, wire: wire}
	s.lane = kit.NewLane(com.Ctx, s)
	return s
}

type foundMsg struct {
	found base.Found
	err   error
}

// Init implements kit.Screen.
func (s *Screen) Init() tea.Cmd {
	s.lane.Reset()
	s.ready, s.err, s.meter = false, nil, &kit.Meter{}
	find, m := s.wire.Find, s.meter
	return tea.Batch(s.lane.Tick(), s.lane.Go(func(ctx context.Context) tea.Msg {
		found, err := find(ctx, m.Add)
		return foundMsg{found, err}
	}))
}

// Close implements kit.Screen.
func (s *Screen) Close() { s.lane.Close() }

// Update implements kit.Screen.
func (s *Screen) Update(msg tea.Msg) (kit.Intent, tea.Cmd) {
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		s.view.SetSize(msg.Width, msg.Height)
	case foundMsg:
		s.meter, s.found, s.err, s.ready = nil, msg.found, msg.err, msg.err == nil
		if s.ready {
			s.view.SetLines(s.lines())
		}
	case kit.Tick:
		if s.meter != nil {
			return nil, s.lane.Tick()
		}
	case tea.MouseWheelMsg:
		s.view.Scroll(list.WheelLines(msg))
	}
	return nil, nil
}

// Bindings implements kit.Screen.
func (s *Screen) Bindings() []kit.Binding {
	out := kit.Bind("base", "Base image", []kit.Binding{
		{
			ID: "open", Keys: kit.Keys{"enter", "l", "right"}, Desc: "open the base image", Short: "open",
			Footer: true, Disabled: s.notReady,
			Run: kit.Ask(func() kit.Intent {
				return kit.Go{Screen: s.wire.Open(s.found.Candidate)}
			}),
		},
		{
			ID: "now", Keys: kit.Keys{"o"}, Desc: "open what the base's tag points to now", Short: "open newest",
			Footer: true, Disabled: s.notReady,
			Run: kit.Ask(func() kit.Intent {
				if s.found.Now == nil {
					return kit.Toast{Level: kit.Warning, Text: s.found.State()}
				}
				return kit.Go{Screen: s.wire.Open(*s.found.Now)}
			}),
		},
		{
			ID: "refresh", Keys: kit.Keys{"r", "R", "ctrl+r"}, Desc: "look again",
			Run: func() (kit.Intent, tea.Cmd) { return nil, s.Init() },
		},
	})
	return append(out, s.view.Bindings("base", "Base image")...)
}

func (s *Screen) notReady() string {
	if !s.ready {
		return "the base is not known"
	}
	return ""
}

// View implements kit.Screen.
func (s *Screen) View(width, height int) string {
	look := s.com.Look
	switch {
	case s.err != nil:
		return look.Message(width, height, kit.Span{Role: theme.Danger, Text: s.err.Error()},
			kit.Span{Role: theme.Text, Text: kit.Advice(s.err)})
	case !s.ready:
		return look.Message(width, height,
			kit.Span{Role: theme.Dim, Text: strings.TrimSpace("looking among base images … " + s.meter.String())})
	}
	return s.view.View(look)
}

// Status implements kit.Reporter.
func (s *Screen) Status() kit.Status {
	if s.err != nil {
		return kit.Status{Err: s.err}
	}
	return kit.Status{Text: "base image", Busy: !s.ready}
}

const nameWidth = 14

func field(name string, role theme.Role, value string) textview.Line {
	return textview.Line{{Role: theme.Dim, Text: " " + kit.Fit(name, nameWidth)}, {Role: role, Text: value}}
}

func (s *Screen) lines() []textview.Line {
	f := s.found
	role := theme.Warn
	if f.Current() {
		role = theme.OK
	}
	out := []textview.Line{
		field("built from", theme.Strong, f.Name()), field("digest", theme.Text, string(f.Digest)),
		field("known by", theme.Text, f.KnownBy()), field("created", theme.Text, s.when(f.Candidate)),
		field("now", role, f.State()),
	}
	if f.Unread > 0 {
		out = append(out, field("not read", theme.Warn, f.NotRead()))
	}
	if len(f.Later) > 0 {
		out = append(out, textview.Line{}, textview.Line{{Role: theme.Header, Text: " LATER IMAGES"}})
	}
	for _, c := range f.Later {
		out = append(out, textview.Line{
			{Role: theme.Dim, Text: " " + kit.Fit(text.Age(c.Created, s.com.Now()), 6)},
			{Role: theme.Text, Text: kit.Fit(c.Name(), 40)},
			{Role: theme.Dim, Text: c.Digest.Short()},
		})
	}
	return out
}

func (s *Screen) when(c base.Candidate) string {
	if c.Created.IsZero() {
		return "unknown"
	}
	return text.Stamp(c.Created) + " UTC, " + text.Ago(c.Created, s.com.Now())
}
