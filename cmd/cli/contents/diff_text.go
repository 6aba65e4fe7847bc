package contents

import (
	"io"

	"regatta/cmd/app/inside"
	"regatta/cmd/cli/output"
	"regatta/model/diff"
	"regatta/model/text"
)

// writeComparison prints the comparison for people: what is the same is left out, but for
// layers.
func writeComparison(w io.Writer, c *inside.Comparison) {
	s, d := &output.Sheet{Out: w}, c.Index
	s.Field("from", c.Pair.From.Name()+"  "+text.Bytes(d.FromSize))
	s.Field("to", c.Pair.To.Name()+"  "+text.Bytes(d.ToSize))
	s.Field("to transfer", text.Bytes(d.Transfer)+" that the first does not have")
	if d.From == d.To {
		s.Line("They are the same image.")
		return
	}
	for _, name := range d.Lost {
		s.Field("platform", "- "+name)
	}
	for _, name := range d.Gained {
		s.Field("platform", "+ "+name)
	}
	for _, i := range d.Images {
		writeImageChanges(s, c, i)
	}
}

func writeImageChanges(s *output.Sheet, c *inside.Comparison, i diff.Image) {
	name := i.Platform
	if name == "" {
		name = "IMAGE"
	}
	if i.From == i.To {
		s.Section(text.Clean(name) + ": the same")
		return
	}
	s.Section(text.Clean(name))
	writeLayerChanges(s, i.Layers)
	for _, part := range []struct {
		title string
		all   []diff.Value
	}{{"settings", i.Settings}, {"environment", i.Env}, {"labels", i.Labels}} {
		writeValues(s, part.title, part.all)
	}
	writeChanged(s, "ports", i.Ports)
	writeChanged(s, "history", i.History)
	writeFiles(s, c.Files[i.Platform])
	writePackages(s, c.Packages[i.Platform])
	writeFindingChanges(s, c, i.Platform)
}

func mark(side int) string {
	return map[bool]string{true: "-", false: map[bool]string{true: "+", false: " "}[side > 0]}[side < 0]
}

func writeLayerChanges(s *output.Sheet, l diff.Layers) {
	s.Line("  layers: " + text.Count(len(l.Common)) + " kept (" + text.Bytes(l.CommonBytes) + "), " +
		text.Count(len(l.Added)) + " added (" + text.Bytes(l.AddedBytes) + "), " +
		text.Count(len(l.Removed)) + " removed (" + text.Bytes(l.RemovedBytes) + ")")
	g := output.Grid{Header: make([]string, 3)}
	for _, c := range l.Changes {
		g.Add("  "+mark(c.Side)+" "+text.Bytes(c.Size), c.Digest.Short(), c.By)
	}
	if g.Some() {
		s.Grid(&g)
	}
}

func writeValues(s *output.Sheet, title string, all []diff.Value) {
	if len(all) == 0 {
		return
	}
	s.Line("  " + title)
	for _, v := range all {
		if v.From != nil {
			s.Line("  - " + text.Clean(v.Name+"="+*v.From))
		}
		if v.To != nil {
			s.Line("  + " + text.Clean(v.Name+"="+*v.To))
		}
	}
}

func writeChanged(s *output.Sheet, title string, n diff.Names) {
	if n.Empty() {
		return
	}
	s.Line("  " + title)
	for _, name := range n.Removed {
		s.Line("  - " + text.Clean(name))
	}
	for _, name := range n.Added {
		s.Line("  + " + text.Clean(name))
	}
}

func writeFindingChanges(s *output.Sheet, c *inside.Comparison, platform string) {
	f, ok := c.Findings[platform]
	switch {
	case !ok:
		return
	case !f.Known():
		s.Line("  findings: not both images were scanned")
		return
	}
	s.Line("  findings: " + f.From.Counts.String() + " → " + f.To.Counts.String())
	g := output.Grid{Header: make([]string, 5)}
	addFindings(&g, "  - ", f.Gone)
	addFindings(&g, "  + ", f.New)
	if g.Some() {
		s.Grid(&g)
	}
}
