package image

import (
	"context"
	"strings"

	tea "charm.land/bubbletea/v2"

	"regatta/model/column"
	"regatta/model/image"
	"regatta/model/ref"
	"regatta/model/supply"
	"regatta/theme"
	"regatta/ui/component/table"
	"regatta/ui/kit"
	supplyscreen "regatta/ui/screen/supply"
)

// Supply reads what accompanies an image, and opens it.
type Supply interface {
	// Supply is what refers to an image and to those of its platforms.
	Supply(ctx context.Context, root image.Manifest) (*supply.Node, error)
	// Packages is the screen of a bill of materials of the image of.
	Packages(of ref.Digest, d supply.Document) kit.Screen
	// Document is the screen of any other referrer.
	Document(n *supply.Node) kit.Screen
}

// chain is what the tab of referrers shows: read when somebody looks.
type chain struct {
	begun bool
	done  bool
	err   error
	rows  []link
}

// link is a row of the tree: a node, how deep it lies, and the image above it.
type link struct {
	node  *supply.Node
	depth int
	of    ref.Digest
}

type chainMsg struct {
	tree *supply.Node
	err  error
}

// loadSupply reads the tree once the tab is looked at.
func (s *Screen) loadSupply() tea.Cmd {
	if s.tab != tabReferrers || !s.rootOK || s.chain.begun || s.wire.Supply == nil {
		return nil
	}
	s.chain.begun = true
	read, root := s.wire.Supply.Supply, s.root
	return s.lane.Go(func(ctx context.Context) tea.Msg {
		tree, err := read(ctx, root)
		return chainMsg{tree, err}
	})
}

func (s *Screen) onSupply(msg chainMsg) {
	s.chain.done, s.chain.err, s.chain.rows = true, msg.err, nil
	if msg.err != nil {
		return
	}
	var of []ref.Digest // the images above, by depth
	msg.tree.Walk(func(n *supply.Node, depth int) {
		of = append(of[:min(depth, len(of))], n.Digest())
		if n.Kind != supply.Subject && depth > 0 {
			of[depth] = of[depth-1]
		}
		if depth > 0 { // the image itself is what the screen is about
			s.chain.rows = append(s.chain.rows, link{n, depth - 1, of[depth]})
		}
	})
	s.show()
}

func referrerColumns() []column.Column[link] {
	type of = column.Column[link]
	return []of{
		{Title: "WHAT", Width: 18, Flex: 1, Cell: func(l *link, _ int) column.Cell {
			tone := column.Strong
			if l.node.Kind == supply.Subject {
				tone = column.Dim
			}
			return column.Cell{Tone: tone, Text: strings.Repeat("  ", l.depth) + l.node.Name()}
		}},
		{Title: "SAYS", Width: 30, Flex: 5, Cell: func(l *link, _ int) column.Cell {
			return column.Cell{Tone: saying(l.node), Text: l.node.Says()}
		}},
		column.Size(of{Title: "SIZE", Width: 8, Rank: 2}, (*link).bytes),
		{
			Title: "DIGEST", Width: 12, Rank: 1, Tone: column.Dim,
			Value: func(l *link) string { return l.node.Digest().Short() },
		},
	}
}

// row is what a row of the tree is about.
func (c *chain) row(row table.Row) *link {
	if row < 0 || int(row) >= len(c.rows) {
		return nil
	}
	return &c.rows[row]
}

// saying is the tone of what a node says: that of the worst verdict.
func saying(n *supply.Node) column.Tone {
	tone := column.Text
	if n.Err != nil {
		return column.Danger
	}
	for _, c := range n.Signatures {
		if r := supplyscreen.Verdict(c.Verdict); tone != column.Danger {
			tone = r
		}
	}
	return tone
}

func (l link) bytes() int64 {
	if l.node.Kind == supply.Subject {
		return l.node.Descriptor.Size
	}
	var sum int64
	for _, d := range l.node.Documents {
		sum += d.Layer.Size
	}
	return sum
}

func (s *Screen) link() (link, bool) {
	if l := s.chain.row(s.referrers.Cursor()); l != nil && s.tab == tabReferrers {
		return *l, true
	}
	return link{}, false
}

// openLink opens what the row of the tree is: packages, a document, an image.
func (s *Screen) openLink(l link) kit.Intent {
	if l.node.Kind == supply.Subject {
		return kit.Go{Screen: s.wire.Open(ref.Reference{
			Host: s.wire.Reference.Host, Repository: s.wire.Repository, Digest: l.node.Digest(),
		})}
	}
	for _, d := range l.node.Documents {
		if d.Kind == supply.SBOM {
			of := l.of
			if of == s.root.Digest && s.leafOK {
				of = s.leaf.Digest // an index is not scanned
			}
			return kit.Go{Screen: s.wire.Supply.Packages(of, d)}
		}
	}
	return kit.Go{Screen: s.wire.Supply.Document(l.node)}
}

func (s *Screen) emptyReferrers() kit.Span {
	switch {
	case s.chain.err != nil:
		return kit.Span{Role: theme.Danger, Text: s.chain.err.Error()}
	case !s.chain.done:
		return kit.Span{Role: theme.Dim, Text: "reading what refers to the image …"}
	case len(s.chain.rows) == 0:
		return kit.Span{Role: theme.Dim, Text: "Nothing refers to this image: no signature, no SBOM, no attestation."}
	}
	return kit.Span{}
}
