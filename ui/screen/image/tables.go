package image

import (
	"maps"
	"slices"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"regatta/model/column"
	"regatta/model/image"
	"regatta/model/text"
	"regatta/theme"
	"regatta/ui/component/bar"
	"regatta/ui/component/table"
	"regatta/ui/kit"
)

// platformColumns show the children of an index.
func (s *Screen) platformColumns() []column.Column[image.Descriptor] {
	type of = column.Column[image.Descriptor]
	return []of{
		{Title: "PLATFORM", Width: 22, Flex: 1, Cell: func(d *image.Descriptor, _ int) column.Cell {
			return platformName(*d, d.Digest == s.picked)
		}},
		{Title: "DIGEST", Width: 12, Tone: column.Dim, Value: func(d *image.Descriptor) string { return d.Digest.Short() }},
		column.Size(of{Title: "MANIFEST", Width: 9, Rank: 1, Tone: column.Dim}, func(d *image.Descriptor) int64 {
			return d.Size
		}),
		{
			Title: "TYPE", Width: 24, Flex: 1, Rank: 2, Tone: column.Dim,
			Value: func(d *image.Descriptor) string { return image.ShortMediaType(d.MediaType) },
		},
	}
}

// child is what a row of the platforms is about.
func (s *Screen) child(row table.Row) *image.Descriptor {
	if row < 0 || int(row) >= len(s.root.Children) {
		return nil
	}
	return &s.root.Children[row]
}

func platformName(d image.Descriptor, picked bool) column.Cell {
	switch {
	case d.IsAttestation():
		of := d.Annotations["vnd.docker.reference.digest"]
		return column.Cell{Tone: column.Dim, Text: "attestation of " + text.ShortDigest(of)}
	case d.Platform == nil:
		return column.Cell{Tone: column.Dim, Text: "no platform"}
	case picked:
		return column.Cell{Tone: column.Accent, Text: d.Platform.String(), TailTone: column.Dim, Tail: " (shown)"}
	}
	return column.Cell{Tone: column.Text, Text: d.Platform.String()}
}

// step is a layer and what made it.
type step struct {
	image.Step

	n int // counted from 1
}

func (s *Screen) layerColumns() []column.Column[step] {
	type of = column.Column[step]
	return []of{
		column.Count(of{Title: "#", Width: 3, Tone: column.Dim}, func(st *step) int { return st.n }),
		column.Size(of{Title: "SIZE", Width: 8}, func(st *step) int64 { return st.Layer.Size }),
		bar.Column(of{Width: 14, Flex: 1}, func(st *step) float64 { return bar.Share(st.Layer.Size, s.largestLayer()) }),
		{Title: "MADE BY", Width: 30, Flex: 4, Cell: func(st *step, _ int) column.Cell {
			if st.Layer.IsForeign() {
				return column.Cell{Tone: column.Warn, Text: "foreign: not in this registry"}
			}
			return column.Cell{Text: instruction(st.Step)}
		}},
		{
			Title: "DIGEST", Width: 12, Rank: 1, Tone: column.Dim,
			Value: func(st *step) string { return st.Layer.Digest.Short() },
		},
	}
}

// step is what a row of the layers is about.
func (s *Screen) step(row table.Row) *step {
	steps := image.LayerSteps(s.leaf, s.config)
	if row < 0 || int(row) >= len(steps) {
		return nil
	}
	return &step{steps[row], int(row) + 1}
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
		if st := s.step(s.layers.Cursor()); st != nil {
			add(theme.Dim, string(st.Layer.Digest))
			add(theme.Text, text.ExactBytes(st.Layer.Size)+" · "+instruction(st.Step))
		}
	case tabReferrers:
		if l, ok := s.link(); ok {
			add(theme.Dim, string(l.node.Digest())+"  "+l.node.Via)
			add(theme.Text, l.node.Says())
		}
	case tabFindings:
		if f := s.found.list.Current(); f != nil {
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
