// Package files is the screens of what is in an image: the files of all layers
// together and of each, what is wasted, and the beginning of a file. It
// imports model, kit, components and overlays.
package files

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"regatta/model/catalog"
	"regatta/model/file"
	"regatta/model/ref"
	"regatta/ui/component/table"
	"regatta/ui/kit"
)

// Wiring connects the screens. Progress is told in KB, of what is to be read and
// of what was.
type Wiring struct {
	Context catalog.Context
	Name    string // of the image, with its platform
	Load    func(ctx context.Context, progress func(total, done int)) (Loaded, error)
	Head    func(ctx context.Context, n *file.Node) ([]byte, error) // as much of a file as is worth a look
	Save    func(ctx context.Context, n *file.Node, dir string, progress func(total, done int)) (Report, error)
}

// Loaded is the files of an image. What lies in a layer that could not be read, or
// below it, is unknown.
type Loaded struct {
	Image  file.Image
	Layers []Layer
}

// Layer is a layer of the image, as far as it is about the image's files.
type Layer struct {
	Digest ref.Digest
	Size   int64  // as stored
	By     string // the step that made it
	Err    error  // why it could not be read
}

// Report is what was saved.
type Report struct {
	Path  string // where it is now
	Files int
	Bytes int64
	Left  []string // what was left out, with the reason
}

// mode is what the table shows.
type mode uint8

const (
	inTree mode = iota
	inFound
	inWaste
)

// Screen implements kit.Screen.
type Screen struct {
	kit.Page

	com   kit.Common
	wire  Wiring
	lane  *kit.Lane
	saver *kit.Lane // its own: reading again does not stop it

	loaded  Loaded
	counts  []counts // of the layers
	ready   bool
	stopped bool
	err     error
	meter   *kit.Meter

	mode   mode
	layer  int     // that is looked at, counted from 1; 0 for all together
	trees  []*tree // by layer; nil: nobody looked yet
	tree   *table.Model
	waste  *table.Model
	bySize bool
	glob   string
	found  []*file.Node

	saving *kit.Meter
	saved  string // what is being saved

	ticking bool

	width, height int
}

// New returns the screen.
func New(com kit.Common, wire Wiring) *Screen {
	s := &Screen{Page: kit.Page{Name: "files", Context: wire.Context}, com: com, wire: wire}
	s.lane, s.saver = kit.NewLane(com.Ctx, s), kit.NewLane(com.Ctx, s)
	s.tree = table.New(s.node, s.treeColumns())
	s.waste = table.New(s.wasteAt, s.wasteColumns())
	s.showOrder()
	return s
}

type (
	loadedMsg struct {
		loaded Loaded
		counts []counts
		err    error
	}
	foundMsg struct {
		glob  string
		layer int
		nodes []*file.Node
	}
	savedMsg struct {
		report Report
		err    error
	}
)

// Init implements kit.Screen.
func (s *Screen) Init() tea.Cmd { return s.reload() }

func (s *Screen) reload() tea.Cmd {
	s.lane.Reset()
	s.ticking = false // what the lane dropped
	s.ready, s.stopped, s.err, s.meter = false, false, nil, &kit.Meter{}
	load, m := s.wire.Load, s.meter
	return tea.Batch(s.tick(), s.lane.Go(func(ctx context.Context) tea.Msg {
		l, err := load(ctx, m.Add)
		return loadedMsg{l, countAll(l.Image.Layers), err}
	}))
}

// tick draws anew what a meter says, as long as there is one.
func (s *Screen) tick() tea.Cmd {
	if s.ticking {
		return nil
	}
	s.ticking = true
	return s.lane.Tick()
}

// Close implements kit.Screen.
func (s *Screen) Close() {
	s.lane.Close()
	s.saver.Close()
}

// Update implements kit.Screen.
func (s *Screen) Update(msg tea.Msg) (kit.Intent, tea.Cmd) {
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		s.width, s.height = msg.Width, msg.Height
		s.resize()
	case loadedMsg:
		s.onLoaded(msg)
	case foundMsg:
		s.onFound(msg)
	case savedMsg:
		return s.onSaved(msg), nil
	case kit.Tick:
		s.ticking = false
		if s.meter != nil || s.saving != nil {
			return nil, s.tick()
		}
	case tea.MouseMsg:
		return s.mouse(kit.Below(msg, s.headHeight()))
	}
	return nil, nil
}

func (s *Screen) onLoaded(msg loadedMsg) {
	s.meter, s.err, s.ready = nil, msg.err, msg.err == nil
	if msg.err != nil {
		return
	}
	s.loaded, s.counts = msg.loaded, msg.counts
	s.trees = make([]*tree, len(s.loaded.Image.Layers)+1)
	s.mode, s.found = inTree, nil
	s.layer = min(s.layer, len(s.trees)-1)
	s.tree.Forget()
	s.waste.Forget()
	s.waste.SetView(rows(len(s.loaded.Image.Waste)), same)
	s.resize()
	s.show()
}

// Unwind implements kit.Unwinder.
func (s *Screen) Unwind() (bool, tea.Cmd) {
	switch {
	case s.saving != nil:
		s.saver.Reset()
		s.saving = nil
	case s.meter != nil:
		s.lane.Reset()
		s.ticking = false
		s.meter, s.stopped = nil, true
	case s.mode != inTree:
		s.toTree(s.layer, s.current())
	default:
		return false, nil
	}
	return true, nil
}
