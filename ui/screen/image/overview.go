package image

import (
	"maps"
	"slices"
	"strings"

	"regatta/model/image"
	"regatta/model/text"
	"regatta/theme"
	"regatta/ui/component/bar"
	"regatta/ui/component/textview"
	"regatta/ui/kit"
)

const nameWidth = 14

func field(name, value string) textview.Line {
	return textview.Line{{Role: theme.Dim, Text: " " + kit.Fit(name, nameWidth)}, {Role: theme.Text, Text: value}}
}

func section(name string) textview.Line { return textview.Line{{Role: theme.Header, Text: " " + name}} }

// lines collects lines; fields without a value are left out.
type lines []textview.Line

func (l *lines) field(name, value string) {
	if value != "" {
		*l = append(*l, field(name, value))
	}
}

func (l *lines) section(name string) {
	if len(*l) > 0 {
		*l = append(*l, textview.Line{})
	}
	*l = append(*l, section(name))
}

func (s *Screen) overviewLines() []textview.Line {
	var l lines
	l.field("reference", s.name())
	l.field("digest", string(s.root.Digest))
	l.field("tags", strings.Join(s.wire.Tags, "  "))
	l.field("kind", s.root.Kind.String())
	l.field("media type", s.root.MediaType)
	l.field("artifact type", s.root.ArtifactType)
	s.replicaLines(&l)
	if s.root.Subject != nil {
		l.field("refers to", string(s.root.Subject.Digest))
	}
	switch {
	case s.root.Kind == image.KindSchema1:
		l.section("UNSUPPORTED")
		l.field("", "Docker schema 1 is no longer pulled by current tools. Push the image again, or delete it.")
	case s.leafOK && s.leaf.Kind == image.KindImage:
		s.imageLines(&l)
	case s.leafOK:
		l.field("size", size(s.leaf.Size()))
	}
	annotations(&l, "ANNOTATIONS", s.root.Annotations)
	return l
}

func size(n int64) string { return text.Bytes(n) + " (" + text.ExactBytes(n) + ")" }

func (s *Screen) imageLines(l *lines) {
	c := s.config
	if s.root.Kind == image.KindIndex {
		l.section("PLATFORM " + c.Platform.String())
		l.field("digest", string(s.leaf.Digest))
	} else {
		l.field("platform", c.Platform.String())
	}
	if !c.Created.IsZero() {
		l.field("created", text.Stamp(c.Created)+" UTC, "+text.Ago(c.Created, s.com.Now()))
	}
	l.field("size", size(s.leaf.Size())+" in "+text.Plural(len(s.leaf.Layers), "layer", "layers"))
	l.field("findings", s.scanLine())
	labels := c.Labels
	for _, known := range [][2]string{
		{"version", "version"}, {"revision", "revision"}, {"source", "source"}, {"base image", "base.name"},
	} {
		l.field(known[0], labels["org.opencontainers.image."+known[1]])
	}
	l.field("author", c.Author)
	l.section("RUNS")
	l.field("entrypoint", strings.Join(c.Entrypoint, " "))
	l.field("command", strings.Join(c.Cmd, " "))
	l.field("user", c.User)
	l.field("directory", c.WorkingDir)
	l.field("ports", strings.Join(c.Ports, "  "))
	l.section("LAYERS")
	s.layerPicture(l)
}

// layerPicture shows the layers as bars, one a line, at most a dozen.
func (s *Screen) layerPicture(l *lines) {
	const most, width = 12, 24
	steps := image.LayerSteps(s.leaf, s.config)
	largest := s.largestLayer()
	for i, st := range steps {
		if i == most {
			*l = append(*l, field("", "and "+text.Count(len(steps)-most)+" more: press 3"))
			return
		}
		*l = append(*l, textview.Line{
			{Role: theme.Dim, Text: " " + kit.FitRight(text.Bytes(st.Layer.Size), nameWidth-2) + "  "},
			{Role: theme.Bar, Text: bar.Of(width, bar.Share(st.Layer.Size, largest))},
			{Role: theme.Text, Text: "  " + st.Instruction()},
		})
	}
}

func (s *Screen) largestLayer() int64 {
	var n int64
	for _, d := range s.leaf.Layers {
		n = max(n, d.Size)
	}
	return n
}

func annotations(l *lines, title string, m map[string]string) {
	if len(m) == 0 {
		return
	}
	l.section(title)
	for _, k := range slices.Sorted(maps.Keys(m)) {
		*l = append(*l, textview.Line{{Role: theme.Dim, Text: " " + k + "  "}, {Role: theme.Text, Text: m[k]}})
	}
}

func (s *Screen) configLines() []textview.Line {
	if !s.leafOK || s.leaf.Kind != image.KindImage {
		return nil
	}
	c := s.config
	var l lines
	l.field("digest", string(s.leaf.Config.Digest))
	l.field("platform", c.Platform.String())
	l.field("os version", c.Platform.OSVersion)
	l.field("created", text.Stamp(c.Created))
	l.field("author", c.Author)
	l.field("user", c.User)
	l.field("directory", c.WorkingDir)
	l.field("entrypoint", text.Command(c.Entrypoint))
	l.field("command", text.Command(c.Cmd))
	l.field("stop signal", c.StopSignal)
	l.field("ports", strings.Join(c.Ports, "  "))
	l.field("volumes", strings.Join(c.Volumes, "  "))
	if len(c.Env) > 0 {
		l.section("ENVIRONMENT")
	}
	for _, e := range c.Env {
		name, value, _ := strings.Cut(e, "=")
		l = append(l, textview.Line{
			{Role: theme.Text, Text: " " + name}, {Role: theme.Dim, Text: "="}, {Role: theme.Text, Text: value},
		})
	}
	annotations(&l, "LABELS", c.Labels)
	return l
}

func (s *Screen) historyLines() []textview.Line {
	if !s.leafOK || s.leaf.Kind != image.KindImage {
		return nil
	}
	var l lines
	for _, st := range image.Steps(s.leaf, s.config) {
		what := kit.FitRight("—", 9)
		if st.Layer.Digest != "" {
			what = kit.FitRight(text.Bytes(st.Layer.Size), 9)
		}
		l = append(l, textview.Line{
			{Role: theme.Dim, Text: kit.FitRight(text.Age(st.Created, s.com.Now()), 6) + " "},
			{Role: theme.Accent, Text: what + "  "},
			{Role: theme.Text, Text: instruction(st)},
		})
	}
	return l
}

func instruction(st image.Step) string {
	if in := st.Instruction(); in != "" {
		return in
	}
	return "(the history does not say)"
}
