// Package supply is the screens of what accompanies an image: the packages of a
// bill of materials, and what an attestation or a signature says. It imports
// model, kit and components.
package supply

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"regatta/model/catalog"
	"regatta/model/finding"
	"regatta/model/sbom"
	"regatta/ui/component/list"
	"regatta/ui/kit"
)

// PackagesWiring connects the screen of packages.
type PackagesWiring struct {
	Context catalog.Context
	Read    func(ctx context.Context) (sbom.Document, error)
	// Findings of the image that the packages are of; nil: it is not scanned here.
	Findings func(ctx context.Context) (finding.Report, error)
}

// Packages is a table of the packages of a bill of materials.
type Packages struct {
	list.Page[item]

	com  kit.Common
	wire PackagesWiring
	lane *kit.Lane

	doc     sbom.Document
	rows    []*item
	ready   bool
	err     error
	report  finding.Report
	scanned bool
	scanErr error
}

// item is a package with the findings that are in it.
type item struct {
	sbom.Package

	found []finding.Finding
}

// NewPackages returns the screen.
func NewPackages(com kit.Common, wire PackagesWiring) *Packages {
	s := &Packages{com: com, wire: wire}
	s.lane = kit.NewLane(com.Ctx, s)
	s.Page = list.NewPage(com, s, kit.Page{Name: "packages", Context: wire.Context}, list.Config[item]{
		ID: "packages", Group: "Packages", Noun: "packages", Columns: s.columns(), Schema: fields(),
		Data: list.Slice[item]{Rows: func() []*item { return s.rows }},
	}, list.Around{Above: list.Lines(headHeight), Below: around - headHeight}, s.lane)
	return s
}

type (
	documentMsg struct {
		doc sbom.Document
		err error
	}
	scanMsg struct {
		report finding.Report
		err    error
	}
)

// Init implements kit.Screen.
func (s *Packages) Init() tea.Cmd { return s.reload() }

func (s *Packages) reload() tea.Cmd {
	s.lane.Reset()
	s.ready, s.err, s.scanned, s.scanErr = false, nil, false, nil
	wire := s.wire
	read := s.lane.Go(func(ctx context.Context) tea.Msg {
		doc, err := wire.Read(ctx)
		return documentMsg{doc, err}
	})
	if wire.Findings == nil {
		return read
	}
	return tea.Batch(read, s.lane.Go(func(ctx context.Context) tea.Msg {
		report, err := wire.Findings(ctx)
		return scanMsg{report, err}
	}))
}

// Update implements kit.Screen.
func (s *Packages) Update(msg tea.Msg) (kit.Intent, tea.Cmd) {
	if handled, intent, cmd := s.Take(msg); handled {
		return intent, cmd
	}
	switch msg := msg.(type) {
	case documentMsg:
		s.doc, s.err, s.ready = msg.doc, msg.err, msg.err == nil
		return nil, s.arrange()
	case scanMsg:
		s.report, s.scanErr, s.scanned = msg.report, msg.err, msg.err == nil
		return nil, s.arrange()
	case kit.Refresh:
		return nil, s.reload()
	}
	return nil, nil
}

// arrange puts findings beside the packages that have them.
func (s *Packages) arrange() tea.Cmd {
	if !s.ready {
		return nil
	}
	found := sbom.Affected(s.doc.Packages, s.report.Findings)
	s.rows = make([]*item, len(s.doc.Packages))
	for i, p := range s.doc.Packages {
		s.rows[i] = &item{p, found[i]}
	}
	return s.List.Changed()
}

// Bindings implements kit.Screen.
func (s *Packages) Bindings() []kit.Binding {
	out := kit.Bind("packages", "Packages", []kit.Binding{
		{
			ID: "copy", Keys: kit.Keys{"c"}, Desc: "copy the package URL, else name and version", Short: "copy",
			Footer: true, Disabled: s.nothing, Run: kit.Ask(s.copy),
		},
		{
			ID: "refresh", Keys: kit.Keys{"r", "R", "ctrl+r"}, Desc: "refresh",
			Run: func() (kit.Intent, tea.Cmd) { return nil, s.reload() },
		},
	})
	return append(out, s.List.Bindings()...)
}

func (s *Packages) nothing() string {
	if !s.ready || s.current() == nil {
		return "there is no package here"
	}
	return ""
}

func (s *Packages) copy() kit.Intent {
	p := s.current()
	name := p.PURL
	if name == "" {
		name = p.Name + " " + p.Version
	}
	return kit.Copy{What: name, Text: name}
}

func (s *Packages) current() *item { return s.List.Current() }
