package image

import (
	"maps"
	"slices"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"regatta/model/image"
	"regatta/model/text"
	"regatta/theme"
	"regatta/ui/component/bar"
	"regatta/ui/component/table"
	"regatta/ui/kit"
)

func platformColumns() []table.Column {
	return []table.Column{
		{Title: "PLATFORM", Width: 22, Flex: 1},
		{Title: "DIGEST", Width: 12},
		{Title: "MANIFEST", Width: 9, Right: true, Rank: 1},
		{Title: "TYPE", Width: 24, Flex: 1, Rank: 2},
	}
}

type platformCells struct{ s *Screen }

// Value implements table.Source; the tables of an image are not saved.
func (platformCells) Value(table.Row, int) string { return "" }

func (c platformCells) Cell(row table.Row, column, _ int) table.Cell {
	d := c.s.root.Children[row]
	switch column {
	case 0:
		return platformName(d, d.Digest == c.s.picked)
	case 1:
		return table.Cell{Role: theme.Dim, Text: d.Digest.Short()}
	case 2:
		return table.Cell{Role: theme.Dim, Text: text.Bytes(d.Size)}
	}
	return table.Cell{Role: theme.Dim, Text: image.ShortMediaType(d.MediaType)}
}

func platformName(d image.Descriptor, picked bool) table.Cell {
	switch {
	case d.IsAttestation():
		of := d.Annotations["vnd.docker.reference.digest"]
		return table.Cell{Role: theme.Dim, Text: "attestation of " + text.ShortDigest(of)}
	case d.Platform == nil:
		return table.Cell{Role: theme.Dim, Text: "no platform"}
	case picked:
		return table.Cell{Role: theme.Accent, Text: d.Platform.String(), TailRole: theme.Dim, Tail: " (shown)"}
	}
	return table.Cell{Role: theme.Text, Text: d.Platform.String()}
}

func layerColumns() []table.Column {
	return []table.Column{
		{Title: "#", Width: 3, Right: true},
		{Title: "SIZE", Width: 8, Right: true},
		{Title: "", Width: 14, Flex: 1},
		{Title: "MADE BY", Width: 30, Flex: 4},
		{Title: "DIGEST", Width: 12, Rank: 1},
	}
}

type layerCells struct{ s *Screen }

// Value implements table.Source; the tables of an image are not saved.
func (layerCells) Value(table.Row, int) string { return "" }

func (c layerCells) Cell(row table.Row, column, width int) table.Cell {
	steps := image.LayerSteps(c.s.leaf, c.s.config)
	if int(row) >= len(steps) {
		return table.Cell{}
	}
	st := steps[row]
	switch column {
	case 0:
		return table.Cell{Role: theme.Dim, Text: text.Count(int(row) + 1)}
	case 1:
		return table.Cell{Role: theme.Text, Text: text.Bytes(st.Layer.Size)}
	case 2:
		return table.Cell{Role: theme.Bar, Text: bar.Of(width, bar.Share(st.Layer.Size, c.s.largestLayer()))}
	case 3:
		if st.Layer.IsForeign() {
			return table.Cell{Role: theme.Warn, Text: "foreign: not in this registry"}
		}
		return table.Cell{Role: theme.Text, Text: instruction(st)}
	}
	return table.Cell{Role: theme.Dim, Text: st.Layer.Digest.Short()}
}

func pairs(m map[string]string) string {
	var out []string
	for _, k := range slices.Sorted(maps.Keys(m)) {
		out = append(out, k[strings.LastIndexByte(k, '.')+1:]+"="+m[k])
	}
	return strings.Join(out, " ")
}

// detail is what the row under the cursor says in full.
func (s *Screen) detail(width int) string {
	var l []string
	add := func(role theme.Role, text string) {
		for piece := range strings.SplitSeq(ansi.Wrap(text, width-2, "/:,"), "\n") {
			l = append(l, s.com.Look.Line(width, kit.Span{Text: " "}, kit.Span{Role: role, Text: piece}))
		}
	}
	switch s.tab {
	case tabLayers:
		if steps := image.LayerSteps(s.leaf, s.config); int(s.layers.Cursor()) < len(steps) {
			st := steps[s.layers.Cursor()]
			add(theme.Dim, string(st.Layer.Digest))
			add(theme.Text, text.ExactBytes(st.Layer.Size)+" · "+instruction(st))
		}
	case tabReferrers:
		if l, ok := s.link(); ok {
			add(theme.Dim, string(l.node.Digest())+"  "+l.node.Via)
			add(theme.Text, l.node.Says())
		}
	case tabFindings:
		if f := (findingCells{s}).at(s.found.list.Table.Cursor()); f != nil {
			add(theme.Text, f.Description)
			add(theme.Dim, f.URI)
		}
	default:
		if d, ok := s.target(); ok {
			add(theme.Dim, string(d.Digest))
			add(theme.Text, text.ExactBytes(d.Size)+"  "+pairs(d.Annotations))
		}
	}
	rule := s.com.Look.Line(width, kit.Span{Role: theme.Border, Text: strings.Repeat("─", width)})
	return kit.Block(append([]string{rule}, l[:min(len(l), detailHeight-1)]...), width, detailHeight)
}

// emptyTab is what to say where the tab has nothing to show.
func (s *Screen) emptyTab() kit.Span {
	dim := func(t string) kit.Span { return kit.Span{Role: theme.Dim, Text: t} }
	switch s.tab {
	case tabPlatforms:
		if len(s.root.Children) == 0 {
			if s.root.Kind == image.KindArtifact {
				return dim("This is an artifact: it has no platforms.")
			}
			return dim("This is not an index: it is the image of one platform.")
		}
	case tabReferrers:
		return s.emptyReferrers()
	case tabFindings:
		return s.emptyFindings()
	case tabLayers, tabConfig, tabHistory:
		return s.emptyLeaf()
	}
	return kit.Span{}
}

func (s *Screen) emptyLeaf() kit.Span {
	switch {
	case s.leafErr != nil:
		return kit.Span{Role: theme.Danger, Text: s.leafErr.Error()}
	case s.root.Kind == image.KindSchema1:
		return kit.Span{Role: theme.Warn, Text: "Docker schema 1 is not supported."}
	case !s.leafOK && s.waiting():
		return kit.Span{Role: theme.Dim, Text: "reading the image …"}
	case !s.leafOK:
		return kit.Span{Role: theme.Dim, Text: "There is no image here."}
	case s.tab == tabLayers && len(s.leaf.Layers) == 0:
		return kit.Span{Role: theme.Dim, Text: "There are no layers."}
	case s.tab != tabLayers && s.leaf.Kind != image.KindImage:
		return kit.Span{Role: theme.Dim, Text: "This is an artifact, not an image: it has no config to show."}
	}
	return kit.Span{}
}
