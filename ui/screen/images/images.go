// Package images is the screen that lists a repository's images, one row a
// digest. It imports model, kit and components.
package images

import (
	"context"
	"sync/atomic"

	tea "charm.land/bubbletea/v2"

	"regatta/model/catalog"
	"regatta/model/image"
	"regatta/model/plan"
	"regatta/model/ref"
	"regatta/model/usage"
	"regatta/theme"
	"regatta/ui/component/list"
	"regatta/ui/kit"
)

// Source is what the screen reads.
type Source interface {
	// Known is what the store remembers, without asking the registry.
	Known(ctx context.Context, repository string) ([]image.Image, error)
	// Images is a page of the listing.
	Images(ctx context.Context, repository, cursor string) (image.Page, error)
	// Describe reads what an image of the listing is.
	Describe(ctx context.Context, repository string, img image.Image, fresh bool) (image.Image, error)
}

// Referrers lists what names an image as its subject. What cosign keeps under
// tags is in the listing already.
type Referrers interface {
	Subjects(ctx context.Context, repository string, d ref.Digest) ([]image.Descriptor, error)
}

// Wiring connects the screen.
type Wiring struct {
	Context      catalog.Context
	Repository   string
	Capabilities func() image.Capabilities
	Source       Source
	Referrers    Referrers
	Open         func(img image.Image, raw bool) kit.Screen
	Change       *Changes // nil: nothing can be changed here
	Lifecycle    func() kit.Screen
	Cleanup      func() kit.Screen
	Health       func() kit.Screen
	Compare      func(from, to ref.Reference) kit.Screen
	Storage      func() kit.Screen
	Files        func(r ref.Reference) kit.Screen
	Usage        func() kit.Screen // nil: nobody can be asked what runs
	Access       func() kit.Screen // nil: nobody says who may
	// Uses asks what runs images of the registry; nil: there is nobody to ask.
	Uses func(ctx context.Context) (usage.Set, error)
}

// Changes lead to plans, which are shown before anything happens.
type Changes struct {
	Delete func(digests []ref.Digest, title string) kit.Screen
	Untag  func(tags []string, title string) kit.Screen
	Retag  func(from ref.Digest, tags []string, title string) kit.Screen
	Copy   func(moves []plan.Move, title string) kit.Screen
	Pull   func(what []ref.Reference, to, title string) kit.Screen
	// KeepPrefix begins the tags that keep what a rollback has left; "": there are none.
	KeepPrefix string
	// Rollback leads to what tags can go back to, together.
	Rollback func(tags []string) kit.Screen

	// Archive and Restore are nil where the registry has no archive.
	Archive, Restore func(digests []ref.Digest, title string) kit.Screen
}

const (
	mostInFlight = 12 // details under way at a time
	mostBadges   = 4  // of them, questions about referrers
)

// Screen implements kit.Screen.
type Screen struct {
	list.Page[image.Image]

	com  kit.Common
	wire Wiring
	lane *kit.Lane
	set  *catalog.Images

	loading bool
	fresh   bool // bypass what the store knows
	listed  bool // a listing has ended: what is shown is whole
	err     error
	omitted int // names in the list that are not valid

	inFlight map[string]bool // tags whose details are under way
	asked    map[ref.Digest]bool
	asking   int
	scan     int // the first place of the view that prefetching has not looked at
	largest  int64

	uses    atomic.Pointer[usage.Names] // the list reads it too
	usesErr error                       // why not all of them are known

	everything bool   // untagged images and companions too
	perTag     bool   // a row a tag, not a row a digest
	wanted     string // the tag to put the cursor on when it is listed
	preview    bool
}

// New returns the screen.
func New(com kit.Common, wire Wiring) *Screen {
	s := &Screen{
		com: com, wire: wire, set: catalog.NewImages(),
		inFlight: map[string]bool{}, asked: map[ref.Digest]bool{}, preview: com.Preview != "off",
	}
	s.lane = kit.NewLane(com.Ctx, s)
	schema := catalog.ImageFields()
	schema.Is["used"] = func(i *image.Image) bool { used, _ := s.inUse(i); return used }
	s.Page = list.NewPage(com, s, kit.Page{Name: wire.Repository, Context: wire.Context}, list.Config[image.Image]{
		ID: "images", Group: "Images", Noun: "images", Data: data{s}, Columns: s.columns(), Schema: schema, Marks: true,
	}, list.Around{Open: func() kit.Intent { return s.open(false) }}, s.lane)
	return s
}

type (
	knownMsg struct {
		images []image.Image
		err    error
	}
	pageMsg struct {
		page image.Page
		err  error
	}
	detailMsg struct {
		tag string
		img image.Image
		err error
	}
	referrersMsg struct {
		digest ref.Digest
		found  []image.Descriptor
		err    error
	}
)

// Init implements kit.Screen.
func (s *Screen) Init() tea.Cmd {
	s.begin()
	known := s.lane.Go(func(ctx context.Context) tea.Msg {
		images, err := s.wire.Source.Known(ctx, s.wire.Repository)
		return knownMsg{images: images, err: err}
	})
	return tea.Batch(known, s.fetch(""), s.askUses())
}

// reload lists again. With fresh, digests are asked for whatever the store
// knows of the tags.
func (s *Screen) reload(fresh bool) tea.Cmd {
	s.fresh = fresh
	s.begin()
	return tea.Batch(s.fetch(""), s.askUses())
}

func (s *Screen) begin() {
	s.lane.Reset()
	clear(s.inFlight)
	clear(s.asked)
	s.asking, s.scan = 0, 0
	s.loading, s.err, s.omitted = true, nil, 0
	s.set.Begin()
}

func (s *Screen) fetch(cursor string) tea.Cmd {
	return s.lane.Go(func(ctx context.Context) tea.Msg {
		p, err := s.wire.Source.Images(ctx, s.wire.Repository, cursor)
		return pageMsg{page: p, err: err}
	})
}

// Update implements kit.Screen.
func (s *Screen) Update(msg tea.Msg) (kit.Intent, tea.Cmd) {
	if handled, intent, cmd := s.Take(msg); handled {
		s.scan = 0
		s.selectWanted()
		return intent, tea.Batch(cmd, s.enrich())
	}
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		s.Width, s.Height = msg.Width, msg.Height
		s.resize()
		return nil, s.enrich()
	case knownMsg:
		return s.onKnown(msg)
	case pageMsg:
		return nil, s.onPage(msg)
	case detailMsg, referrersMsg, usesMsg:
		return nil, s.onMore(msg)
	case rollbackMsg:
		return kit.Go{Screen: s.wire.Change.Rollback([]string{msg.tag})}, nil
	case kit.Refresh:
		return nil, s.reload(false)
	}
	return nil, nil
}

// onMore takes what is read of images besides the listing.
func (s *Screen) onMore(msg tea.Msg) tea.Cmd {
	switch msg := msg.(type) {
	case detailMsg:
		return s.onDetail(msg)
	case usesMsg:
		return s.onUses(msg)
	case referrersMsg:
		return s.onReferrers(msg)
	}
	return nil
}

// onKnown shows what the store remembers until the listing says otherwise.
func (s *Screen) onKnown(msg knownMsg) (kit.Intent, tea.Cmd) {
	if s.listed || !s.loading {
		return nil, nil
	}
	s.set.Recall(msg.images)
	for _, img := range msg.images {
		s.largest = max(s.largest, img.Size)
	}
	if msg.err != nil {
		return kit.Toast{Err: msg.err}, nil
	}
	return nil, s.List.Changed()
}

func (s *Screen) onPage(msg pageMsg) tea.Cmd {
	s.loading = msg.err == nil && msg.page.Next != ""
	s.set.Append(msg.page.Images) // a list that is cut has rows beside its error
	s.omitted += msg.page.Omitted
	if s.err = msg.err; msg.err != nil {
		return s.List.Changed()
	}
	if msg.page.Next != "" {
		return tea.Batch(s.List.Changed(), s.fetch(msg.page.Next))
	}
	s.set.Finish()
	s.listed = true
	s.err = image.Omitted(s.omitted)
	return s.List.Changed()
}

func (s *Screen) onDetail(msg detailMsg) tea.Cmd {
	delete(s.inFlight, msg.tag)
	if msg.err != nil {
		s.set.Fail(msg.tag, msg.err)
	} else {
		s.set.Attach(msg.tag, msg.img)
		s.largest = max(s.largest, msg.img.Size)
	}
	return tea.Batch(s.List.Changed(), s.enrich())
}

func (s *Screen) onReferrers(msg referrersMsg) tea.Cmd {
	s.asking--
	if msg.err == nil {
		signatures, sboms := countReferrers(msg.found)
		s.set.Describe(msg.digest, func(i *image.Image) {
			i.Signatures, i.SBOMs = max(i.Signatures, signatures), max(i.SBOMs, sboms)
		})
	}
	return s.enrich()
}

// current is the image under the cursor, nil if there is none.
func (s *Screen) current() *image.Image { return s.set.At(s.set.Live(s.List.Table.Cursor())) }

// View implements kit.Screen.
func (s *Screen) View(width, height int) string {
	if s.List.Total() == 0 {
		return s.empty(width, height)
	}
	pane := kit.PaneWidth(s.Width, s.preview)
	body := s.List.Draw(width-pane, height)
	if pane > 0 {
		return s.com.Look.Beside(body, s.pane(pane-1, height))
	}
	return body
}

func (s *Screen) empty(width, height int) string {
	look := s.com.Look
	switch {
	case s.loading:
		return look.Message(width, height, kit.Span{Role: theme.Dim, Text: "listing images …"})
	case s.err != nil:
		return look.Message(width, height, kit.Span{Role: theme.Danger, Text: s.err.Error()},
			kit.Span{Role: theme.Text, Text: kit.Advice(s.err)})
	case s.set.Len() > 0:
		return look.Message(width, height, kit.Span{Role: theme.Text, Text: "No tagged images here."},
			kit.Span{Role: theme.Dim, Text: "Press U to see untagged ones and companions."})
	}
	return look.Message(width, height, kit.Span{Role: theme.Text, Text: "This repository has no tags."},
		kit.Span{Role: theme.Dim, Text: "Push an image, then press r."})
}
