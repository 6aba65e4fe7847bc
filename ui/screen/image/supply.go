package image

import (
	"context"
	"strings"

	tea "charm.land/bubbletea/v2"

	"regatta/model/image"
	"regatta/model/ref"
	"regatta/model/supply"
	"regatta/model/text"
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

func referrerColumns() []table.Column {
	return []table.Column{
		{Title: "WHAT", Width: 18, Flex: 1},
		{Title: "SAYS", Width: 30, Flex: 5},
		{Title: "SIZE", Width: 8, Right: true, Rank: 2},
		{Title: "DIGEST", Width: 12, Rank: 1},
	}
}

type referrerCells struct{ s *Screen }

// Value implements table.Source; the tables of an image are not saved.
func (referrerCells) Value(table.Row, int) string { return "" }

func (c referrerCells) Cell(row table.Row, column, _ int) table.Cell {
	l := c.s.chain.rows[row]
	switch column {
	case 0:
		role := theme.Strong
		if l.node.Kind == supply.Subject {
			role = theme.Dim
		}
		return table.Cell{Role: role, Text: strings.Repeat("  ", l.depth) + l.node.Name()}
	case 1:
		return table.Cell{Role: saying(l.node), Text: l.node.Says()}
	case 2:
		return table.Cell{Role: theme.Text, Text: text.Bytes(l.bytes())}
	}
	return table.Cell{Role: theme.Dim, Text: l.node.Digest().Short()}
}

// saying is the role of what a node says: that of the worst verdict.
func saying(n *supply.Node) theme.Role {
	role := theme.Text
	if n.Err != nil {
		return theme.Danger
	}
	for _, c := range n.Signatures {
		if r := supplyscreen.Verdict(c.Verdict); role != theme.Danger {
			role = r
		}
	}
	return role
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
	i := int(s.referrers.Cursor())
	if s.tab != tabReferrers || i < 0 || i >= len(s.chain.rows) {
		return link{}, false
	}
	return s.chain.rows[i], true
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
