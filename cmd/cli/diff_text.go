package cli

import (
	"io"

	"regatta/cmd/app/inside"
	"regatta/model/diff"
	"regatta/model/text"
)

// writeComparison prints the comparison for people: what is the same is left out, but for
// layers.
func writeComparison(w io.Writer, c *inside.Comparison) {
	s, d := &sheet{w: w}, c.Index
	s.field("from", c.Pair.From.Name()+"  "+text.Bytes(d.FromSize))
	s.field("to", c.Pair.To.Name()+"  "+text.Bytes(d.ToSize))
	s.field("to transfer", text.Bytes(d.Transfer)+" that the first does not have")
	if d.From == d.To {
		s.line("They are the same image.")
		return
	}
	for _, name := range d.Lost {
		s.field("platform", "- "+name)
	}
	for _, name := range d.Gained {
		s.field("platform", "+ "+name)
	}
	for _, i := range d.Images {
		writeImageChanges(s, c, i)
	}
}

func writeImageChanges(s *sheet, c *inside.Comparison, i diff.Image) {
	name := i.Platform
	if name == "" {
		name = "IMAGE"
	}
	if i.From == i.To {
		s.section(text.Clean(name) + ": the same")
		return
	}
	s.section(text.Clean(name))
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

func writeLayerChanges(s *sheet, l diff.Layers) {
	s.line("  layers: " + text.Count(len(l.Common)) + " kept (" + text.Bytes(l.CommonBytes) + "), " +
		text.Count(len(l.Added)) + " added (" + text.Bytes(l.AddedBytes) + "), " +
		text.Count(len(l.Removed)) + " removed (" + text.Bytes(l.RemovedBytes) + ")")
	g := grid{header: make([]string, 3)}
	for _, c := range l.Changes {
		g.add("  "+mark(c.Side)+" "+text.Bytes(c.Size), c.Digest.Short(), c.By)
	}
	if len(g.rows) > 0 {
		g.write(s.w)
	}
}

func writeValues(s *sheet, title string, all []diff.Value) {
	if len(all) == 0 {
		return
	}
	s.line("  " + title)
	for _, v := range all {
		if v.From != nil {
			s.line("  - " + text.Clean(v.Name+"="+*v.From))
		}
		if v.To != nil {
			s.line("  + " + text.Clean(v.Name+"="+*v.To))
		}
	}
}

func writeChanged(s *sheet, title string, n diff.Names) {
	if n.Empty() {
		return
	}
	s.line("  " + title)
	for _, name := range n.Removed {
		s.line("  - " + text.Clean(name))
	}
	for _, name := range n.Added {
		s.line("  + " + text.Clean(name))
	}
}

func writeFindingChanges(s *sheet, c *inside.Comparison, platform string) {
	f, ok := c.Findings[platform]
	switch {
	case !ok:
		return
	case !f.Known():
		s.line("  findings: not both images were scanned")
		return
	}
	s.line("  findings: " + f.From.Counts.String() + " → " + f.To.Counts.String())
	g := grid{header: make([]string, 5)}
	addFindings(&g, "  - ", f.Gone)
	addFindings(&g, "  + ", f.New)
	if len(g.rows) > 0 {
		g.write(s.w)
	}
}
