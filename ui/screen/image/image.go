// Package image is the screen of one image: what it is made of and what
// accompanies it. It imports model, kit and components.
package image

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"regatta/model/catalog"
	"regatta/model/image"
	"regatta/model/ref"
	"regatta/model/setting"
	"regatta/theme"
	"regatta/ui/component/list"
	"regatta/ui/component/table"
	"regatta/ui/component/tabs"
	"regatta/ui/component/textview"
	"regatta/ui/kit"
)

// Source is what the screen reads.
type Source interface {
	// Manifest is the manifest that a tag or digest names.
	Manifest(ctx context.Context, repository, reference string) (image.Manifest, error)
	// Config is the configuration that an image's manifest names.
	Config(ctx context.Context, repository string, m image.Manifest) (image.Config, error)
}

// Wiring connects the screen.
type Wiring struct {
	Context    catalog.Context
	Repository string
	Reference  ref.Reference // what is looked at; Digest wins over Tag
	Tags       []string      // all tags of the digest, as far as they are known
	Raw        bool          // begin with the raw manifest
	Named      bool          // opened by its name: the breadcrumb says the repository too
	Source     Source
	Scanner    Scanner                        // nil: there are no findings here
	Supply     Supply                         // what accompanies the image
	Open       func(ref.Reference) kit.Screen // another image of the repository
	Usage      func() kit.Screen              // what runs this image
	Compare    func(from, to ref.Reference) kit.Screen
	Files      func(r ref.Reference) kit.Screen // of the image of a platform
	Base       func(r ref.Reference) kit.Screen // what the image of a platform was built from
	Replicator Replicator                       // nil: the registry replicates nothing
}

// The tabs, in the order of their keys.
const (
	tabOverview = iota
	tabPlatforms
	tabLayers
	tabConfig
	tabHistory
	tabReferrers
	tabRaw
	tabFindings // where images are scanned
	tabCount
)

func (s *Screen) tabNames() []string {
	names := []string{"overview", "platforms", "layers", "config", "history", "referrers", "raw", "findings"}
	return names[:s.tabCount()]
}

// tabCount is how many there are.
func (s *Screen) tabCount() int {
	if s.wire.Scanner == nil {
		return tabFindings
	}
	return tabCount
}

// Screen implements kit.Screen.
type Screen struct {
	kit.Page

	com  kit.Common
	wire Wiring
	lane *kit.Lane

	root   image.Manifest // what the reference names
	rootOK bool
	leaf   image.Manifest // the image of the platform that is looked at
	config image.Config
	leafOK bool
	picked ref.Digest // the platform's child of an index
	chain  chain

	copies []setting.Copy

	rootErr, leafErr, copiesErr error

	tab       int
	texts     [tabCount]textview.Model
	platforms *table.Model
	layers    *table.Model
	referrers *table.Model
	found     findings

	wanted        string // what was searched for
	width, height int
}

// New returns the screen.
func New(com kit.Common, wire Wiring) *Screen {
	s := &Screen{com: com, wire: wire, Page: kit.Page{Name: wire.Reference.Short(), Context: wire.Context}}
	if wire.Named {
		s.Name = wire.Repository + " › " + s.Name
	}
	if wire.Raw {
		s.tab = tabRaw
	}
	s.lane = kit.NewLane(com.Ctx, s)
	s.platforms = table.New(s.child, s.platformColumns())
	s.layers = table.New(s.step, s.layerColumns())
	s.referrers = table.New(s.chain.row, referrerColumns())
	s.newFindings()
	return s
}

type (
	rootMsg struct {
		m   image.Manifest
		raw []textview.Line
		err error
	}
	leafMsg struct {
		of     ref.Digest // the platform that was picked
		m      image.Manifest
		config image.Config
		err    error
	}
	copiesMsg struct {
		copies []setting.Copy
		err    error
	}
)

// Init implements kit.Screen.
func (s *Screen) Init() tea.Cmd { return s.reload() }

// Close implements kit.Screen.
func (s *Screen) Close() {
	s.lane.Close()
	s.found.list.Close()
}

func (s *Screen) reload() tea.Cmd {
	s.lane.Reset()
	s.rootErr, s.leafErr, s.chain = nil, nil, chain{}
	s.rootOK, s.leafOK = false, false
	s.found.of, s.found.done = "", false
	src, repo, id := s.wire.Source, s.wire.Repository, s.wire.Reference.Identifier()
	return s.lane.Go(func(ctx context.Context) tea.Msg {
		m, err := src.Manifest(ctx, repo, id)
		return rootMsg{m: m, raw: textview.JSON(m.Raw), err: err}
	})
}

// Update implements kit.Screen.
func (s *Screen) Update(msg tea.Msg) (kit.Intent, tea.Cmd) {
	if handled, cmd := s.found.list.Handle(msg); handled {
		return nil, cmd
	}
	var cmd tea.Cmd
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		s.width, s.height = msg.Width, msg.Height
		s.resize()
	case rootMsg:
		cmd = s.onRoot(msg)
	case leafMsg:
		cmd = s.onLeaf(msg)
	case findingsMsg:
		cmd = s.onFindings(msg)
	case copiesMsg:
		s.copies, s.copiesErr = msg.copies, msg.err
		s.show()
	case list.Saved:
		return msg.Toast(), nil
	case chainMsg:
		s.onSupply(msg)
	case tea.MouseMsg:
		return s.mouse(msg)
	}
	return nil, cmd
}

func (s *Screen) onRoot(msg rootMsg) tea.Cmd {
	s.root, s.rootErr, s.rootOK = msg.m, msg.err, msg.err == nil
	if msg.err != nil {
		s.show() // no row stays that the manifest does not tell of
		return nil
	}
	s.texts[tabRaw].SetLines(msg.raw)
	s.show()
	return tea.Batch(s.loadLeaf(), s.loadSupply(), s.loadCopies())
}

// onLeaf takes the image of a platform, unless another one is looked at by now.
func (s *Screen) onLeaf(msg leafMsg) tea.Cmd {
	if msg.of != s.picked {
		return nil
	}
	s.leaf, s.config, s.leafErr, s.leafOK = msg.m, msg.config, msg.err, msg.err == nil
	s.show()
	return s.loadFindings()
}

// loadLeaf reads the image of the chosen platform, or the manifest's own.
func (s *Screen) loadLeaf() tea.Cmd {
	src, repo, root := s.wire.Source, s.wire.Repository, s.root
	id := ""
	switch root.Kind {
	case image.KindIndex:
		if s.picked == "" {
			s.picked = image.DefaultChild(root)
		}
		if id = string(s.picked); id == "" {
			return nil
		}
	case image.KindSchema1, image.KindUnknown:
		return nil
	case image.KindImage, image.KindArtifact:
	}
	s.leafOK, s.leafErr = false, nil
	of := s.picked
	return s.lane.Go(func(ctx context.Context) tea.Msg {
		m, err := root, error(nil)
		if id != "" {
			m, err = src.Manifest(ctx, repo, id)
		}
		if err != nil || m.Kind != image.KindImage {
			return leafMsg{of: of, m: m, err: err}
		}
		c, err := src.Config(ctx, repo, m)
		return leafMsg{of: of, m: m, config: c, err: err}
	})
}

// show works out the tabs from what is loaded.
func (s *Screen) show() {
	same := func(r table.Row) table.Row { return r }
	s.texts[tabOverview].SetLines(s.overviewLines())
	s.texts[tabConfig].SetLines(s.configLines())
	s.texts[tabHistory].SetLines(s.historyLines())
	s.platforms.SetView(rows(len(s.root.Children)), same)
	s.layers.SetView(rows(len(s.leaf.Layers)), same)
	s.referrers.SetView(rows(len(s.chain.rows)), same)
}

func rows(n int) []table.Row {
	out := make([]table.Row, n)
	for i := range out {
		out[i] = table.Row(i)
	}
	return out
}

// tableOf is the table of the tab, nil if it is text.
func (s *Screen) tableOf(tab int) *table.Model {
	switch tab {
	case tabPlatforms:
		return s.platforms
	case tabLayers:
		return s.layers
	case tabReferrers:
		return s.referrers
	case tabFindings:
		return s.found.list.Table
	}
	return nil
}

const detailHeight = 4 // lines under a table for what its row says in full

func (s *Screen) resize() {
	body := max(0, s.height-2)
	for i := range s.texts {
		s.texts[i].SetSize(s.width, body)
		if t := s.tableOf(i); t != nil {
			t.SetSize(s.width, max(0, body-detailHeight-s.above(i)))
		}
	}
}

// View implements kit.Screen.
func (s *Screen) View(width, height int) string {
	return s.tabLine().Draw(s.com.Look, width) + "\n" + kit.Block(nil, width, 1) + "\n" + s.body(width, height-2)
}

func (s *Screen) tabLine() tabs.Line { return tabs.Line{Names: s.tabNames(), At: s.tab} }

// above is how many lines there are above the table of a tab.
func (s *Screen) above(tab int) int {
	if tab == tabFindings {
		return s.findingsHead()
	}
	return 0
}

func (s *Screen) body(width, height int) string {
	look := s.com.Look
	switch {
	case s.rootErr != nil:
		return look.Message(width, height, kit.Span{Role: theme.Danger, Text: s.rootErr.Error()},
			kit.Span{Role: theme.Text, Text: kit.Advice(s.rootErr)})
	case !s.rootOK:
		return look.Message(width, height, kit.Span{Role: theme.Dim, Text: "reading the manifest …"})
	}
	if note := s.emptyTab(); note.Text != "" {
		return look.Message(width, height, note)
	}
	if s.tab == tabFindings {
		return s.drawFindings(width, height) + "\n" + s.detail(width)
	}
	if t := s.tableOf(s.tab); t != nil {
		return t.Draw(look) + "\n" + s.detail(width)
	}
	return s.texts[s.tab].View(look)
}
