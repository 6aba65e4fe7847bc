// Package compare is the screen of how one image differs from another. It
// imports model, kit and components.
package compare

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"regatta/model/catalog"
	"regatta/model/diff"
	"regatta/model/ref"
	"regatta/ui/component/list"
	"regatta/ui/component/tabs"
	"regatta/ui/component/textview"
	"regatta/ui/kit"
)

// Wiring connects the screen.
type Wiring struct {
	Context  catalog.Context
	From, To ref.Reference
	Read     func(ctx context.Context) (diff.Index, error)
	Open     func(r ref.Reference) kit.Screen // an image of either side
	Swap     func() kit.Screen                // the same, the other way round

	// Findings of two images of a platform; nil: there are no scans.
	Findings func(ctx context.Context, i diff.Image) (diff.Findings, error)
	// Files of two images of a platform, which takes reading their layers.
	Files func(ctx context.Context, i diff.Image) (diff.Files, error)
	// Packages of two images of a platform, by their SBOMs.
	Packages func(ctx context.Context, i diff.Image) (diff.Packages, error)
}

// Screen implements kit.Screen.
type Screen struct {
	kit.Page

	com  kit.Common
	wire Wiring
	lane *kit.Lane

	index diff.Index
	ready bool
	err   error

	tabs     []tab
	tab      int
	platform int // of index.Images
	parts    map[place]part
	view     textview.Model
	wanted   string // what was searched for

	width, height int
}

// place is one tab of one platform.
type place struct {
	tab      string
	platform string
}

// part is what a tab shows of a platform that is read when somebody looks.
type part struct {
	lines []textview.Line
	err   error
	done  bool
}

// New returns the screen.
func New(com kit.Common, wire Wiring) *Screen {
	s := &Screen{Page: kit.Page{Name: "compare", Context: wire.Context}, com: com, wire: wire, tabs: tabsOf(wire)}
	s.lane = kit.NewLane(com.Ctx, s)
	return s
}

type (
	indexMsg struct {
		index diff.Index
		err   error
	}
	partMsg struct {
		of   place
		part part
	}
)

// Init implements kit.Screen.
func (s *Screen) Init() tea.Cmd { return s.reload() }

func (s *Screen) reload() tea.Cmd {
	s.lane.Reset()
	s.ready, s.err, s.parts = false, nil, map[place]part{}
	read := s.wire.Read
	return s.lane.Go(func(ctx context.Context) tea.Msg {
		index, err := read(ctx)
		return indexMsg{index, err}
	})
}

// Close implements kit.Screen.
func (s *Screen) Close() { s.lane.Close() }

// Update implements kit.Screen.
func (s *Screen) Update(msg tea.Msg) (kit.Intent, tea.Cmd) {
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		s.width, s.height = msg.Width, msg.Height
		s.view.SetSize(msg.Width, max(0, msg.Height-above))
	case indexMsg:
		s.index, s.err, s.ready = msg.index, msg.err, msg.err == nil
		s.platform = min(s.platform, max(0, len(s.index.Images)-1))
		return nil, s.show()
	case partMsg:
		s.parts[msg.of] = msg.part
		return nil, s.show()
	case kit.Refresh:
		return nil, s.reload()
	case tea.MouseWheelMsg:
		s.view.Scroll(list.WheelLines(msg))
	case tea.MouseClickMsg:
		if page, hit := s.tabLine().Hit(msg.X, s.width); hit && msg.Y == headHeight {
			return nil, s.turnTo(page)
		}
	}
	return nil, nil
}

// image is how the images of the platform that is looked at differ; ok is false
// where the sides have no platform in common.
func (s *Screen) image() (i diff.Image, ok bool) {
	if s.platform >= len(s.index.Images) {
		return i, false
	}
	return s.index.Images[s.platform], true
}

// show puts the tab into the view, and reads what it is about if nobody has.
func (s *Screen) show() tea.Cmd {
	if !s.ready {
		return nil
	}
	t := s.tabs[s.tab]
	if t.lines != nil {
		s.view.SetLines(t.lines(s))
		return nil
	}
	i, ok := s.image()
	if !ok || i.From == i.To {
		s.view.SetLines(same(ok))
		return nil
	}
	of := place{t.name, i.Platform}
	if found, begun := s.parts[of]; begun {
		s.view.SetLines(found.lines)
		return nil
	}
	s.parts[of] = part{}
	s.view.SetLines(nil)
	read := t.read
	return s.lane.Go(func(ctx context.Context) tea.Msg {
		lines, err := read(ctx, i)
		return partMsg{of, part{lines, err, true}}
	})
}

// current is the part that is looked at, of a tab that is read by itself.
func (s *Screen) current() (part, bool) {
	i, ok := s.image()
	if !ok || s.tabs[s.tab].lines != nil {
		return part{}, false
	}
	p, ok := s.parts[place{s.tabs[s.tab].name, i.Platform}]
	return p, ok
}

func (s *Screen) tabLine() tabs.Line {
	names := make([]string, len(s.tabs))
	for i, t := range s.tabs {
		names[i] = t.name
	}
	return tabs.Line{Names: names, At: s.tab}
}
