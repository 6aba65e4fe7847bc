package cli

import (
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"regatta/model/image"
	"regatta/model/text"
)

// writer prints the inspection for people.
func (in inspected) writer(now time.Time) func(io.Writer) {
	return func(w io.Writer) {
		s := &sheet{w: w}
		in.writeHead(s, now)
		s.pairs("ANNOTATIONS", in.Root.Annotations)
		in.writePlatforms(s)
		in.writeImage(s)
		in.writeLayers(s, now)
		in.writeReferrers(s)
		in.writeFindings(s)
	}
}

func (in inspected) writeHead(s *sheet, now time.Time) {
	s.field("reference", in.Ref.String())
	s.field("digest", string(in.Root.Digest))
	s.field("kind", in.Root.Kind.String())
	s.field("media type", in.Root.MediaType)
	s.field("artifact type", in.Root.ArtifactType)
	if in.Root.Subject != nil {
		s.field("refers to", string(in.Root.Subject.Digest))
	}
	if w := in.Whole; w != nil && w.Size >= 0 {
		s.field("size", text.Bytes(w.Size)+" ("+text.ExactBytes(w.Size)+")")
	}
	if w := in.Whole; w != nil && !w.Created.IsZero() {
		s.field("created", text.Stamp(w.Created)+" UTC, "+text.Ago(w.Created, now))
	}
	switch in.Root.Kind {
	case image.KindSchema1:
		s.line("Docker schema 1 is no longer pulled by current tools: push the image again, or delete it.")
	case image.KindUnknown:
		s.line("This is no manifest that regatta knows; nothing more can be said of it.")
	case image.KindImage, image.KindIndex, image.KindArtifact:
	}
}

func (s *sheet) pairs(title string, m map[string]string) {
	if len(m) == 0 {
		return
	}
	s.section(title)
	for _, k := range slices.Sorted(maps.Keys(m)) {
		s.line("  " + text.Clean(k) + "=" + text.Clean(m[k]))
	}
}

// rows prints a table as a section.
func (s *sheet) rows(title string, g grid) {
	if len(g.rows) == 0 {
		return
	}
	s.section(title)
	for i := range g.rows {
		g.rows[i][0] = "  " + g.rows[i][0]
	}
	g.write(s.w)
}

func (in inspected) writePlatforms(s *sheet) {
	g := grid{header: make([]string, 3)}
	for _, d := range in.Root.Children {
		name := "no platform"
		switch {
		case d.IsAttestation():
			name = "attestation of " + text.ShortDigest(d.Annotations["vnd.docker.reference.digest"])
		case d.Platform != nil:
			name = d.Platform.String()
		}
		g.add(name, in.sizeOf(d), string(d.Digest))
	}
	s.rows("PLATFORMS", g)
}

// sizeOf is the size of the image that a child of the index names.
func (in inspected) sizeOf(d image.Descriptor) string {
	if in.Whole != nil {
		for _, p := range in.Whole.Platforms {
			if p.Digest == d.Digest {
				return text.Bytes(p.Size)
			}
		}
	}
	return "·"
}

func (in inspected) writeImage(s *sheet) {
	c := in.Config
	if c == nil {
		return
	}
	title := "CONFIG"
	if in.Root.Kind == image.KindIndex {
		title += " of " + text.Clean(c.Platform.String())
	}
	s.section(title)
	s.field("digest", string(in.Leaf.Config.Digest))
	s.field("platform", c.Platform.String())
	s.field("os version", c.Platform.OSVersion)
	s.field("author", c.Author)
	s.field("user", c.User)
	s.field("directory", c.WorkingDir)
	s.field("entrypoint", text.Command(c.Entrypoint))
	s.field("command", text.Command(c.Cmd))
	s.field("stop signal", c.StopSignal)
	s.field("ports", strings.Join(c.Ports, ", "))
	s.field("volumes", strings.Join(c.Volumes, ", "))
	if len(c.Env) > 0 {
		s.section("ENVIRONMENT")
	}
	for _, e := range c.Env {
		s.line("  " + text.Clean(e))
	}
	s.pairs("LABELS", c.Labels)
}

func (in inspected) writeLayers(s *sheet, now time.Time) {
	layers, history := grid{header: make([]string, 3)}, grid{header: make([]string, 3)}
	for _, st := range in.Steps() {
		size := "—"
		if st.Layer.Digest != "" || st.Layer.MediaType != "" {
			size = text.Bytes(st.Layer.Size)
			layers.add(size, st.Layer.Digest.Short(), madeBy(st))
		}
		if st.History != (image.History{}) {
			history.add(text.Age(st.Created, now), size, madeBy(st))
		}
	}
	s.rows("LAYERS", layers)
	s.rows("HISTORY", history)
}

func madeBy(st image.Step) string {
	if st.Layer.IsForeign() {
		return "foreign: not in this registry"
	}
	if in := st.Instruction(); in != "" {
		return in
	}
	return "(the history does not say)"
}

func (in inspected) writeReferrers(s *sheet) {
	g := grid{header: make([]string, 3)}
	for _, d := range in.Referrers {
		kind := d.ArtifactType
		if kind == "" {
			kind = d.MediaType
		}
		g.add(image.ShortMediaType(kind), text.Bytes(d.Size), string(d.Digest))
	}
	s.rows("REFERRERS", g)
}
