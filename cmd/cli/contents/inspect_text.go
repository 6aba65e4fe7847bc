package contents

import (
	"io"
	"strings"
	"time"

	"regatta/cmd/cli/output"
	"regatta/model/image"
	"regatta/model/text"
)

// writer prints the inspection for people.
func (in Inspected) writer(now time.Time) func(io.Writer) {
	return func(w io.Writer) {
		s := &output.Sheet{Out: w}
		in.writeHead(s, now)
		s.Pairs("ANNOTATIONS", in.Root.Annotations)
		in.writePlatforms(s)
		in.writeImage(s)
		in.writeLayers(s, now)
		in.writeReferrers(s)
		in.writeFindings(s)
	}
}

func (in Inspected) writeHead(s *output.Sheet, now time.Time) {
	s.Field("reference", in.Ref.String())
	s.Field("digest", string(in.Root.Digest))
	s.Field("kind", in.Root.Kind.String())
	s.Field("media type", in.Root.MediaType)
	s.Field("artifact type", in.Root.ArtifactType)
	if in.Root.Subject != nil {
		s.Field("refers to", string(in.Root.Subject.Digest))
	}
	if w := in.Whole; w != nil && w.Size >= 0 {
		s.Field("size", text.Bytes(w.Size)+" ("+text.ExactBytes(w.Size)+")")
	}
	if w := in.Whole; w != nil && !w.Created.IsZero() {
		s.Field("created", text.Stamp(w.Created)+" UTC, "+text.Ago(w.Created, now))
	}
	switch in.Root.Kind {
	case image.KindSchema1:
		s.Line("Docker schema 1 is no longer pulled by current tools: push the image again, or delete it.")
	case image.KindUnknown:
		s.Line("This is no manifest that regatta knows; nothing more can be said of it.")
	case image.KindImage, image.KindIndex, image.KindArtifact:
	}
}

func (in Inspected) writePlatforms(s *output.Sheet) {
	g := output.Grid{Header: make([]string, 3)}
	for _, d := range in.Root.Children {
		name := "no platform"
		switch {
		case d.IsAttestation():
			name = "attestation of " + text.ShortDigest(d.Annotations["vnd.docker.reference.digest"])
		case d.Platform != nil:
			name = d.Platform.String()
		}
		g.Add(name, in.sizeOf(d), string(d.Digest))
	}
	s.Rows("PLATFORMS", g)
}

// sizeOf is the size of the image that a child of the index names.
func (in Inspected) sizeOf(d image.Descriptor) string {
	if in.Whole != nil {
		for _, p := range in.Whole.Platforms {
			if p.Digest == d.Digest {
				return text.Bytes(p.Size)
			}
		}
	}
	return "·"
}

func (in Inspected) writeImage(s *output.Sheet) {
	c := in.Config
	if c == nil {
		return
	}
	title := "CONFIG"
	if in.Root.Kind == image.KindIndex {
		title += " of " + text.Clean(c.Platform.String())
	}
	s.Section(title)
	s.Field("digest", string(in.Leaf.Config.Digest))
	s.Field("platform", c.Platform.String())
	s.Field("os version", c.Platform.OSVersion)
	s.Field("author", c.Author)
	s.Field("user", c.User)
	s.Field("directory", c.WorkingDir)
	s.Field("entrypoint", text.Command(c.Entrypoint))
	s.Field("command", text.Command(c.Cmd))
	s.Field("stop signal", c.StopSignal)
	s.Field("ports", strings.Join(c.Ports, ", "))
	s.Field("volumes", strings.Join(c.Volumes, ", "))
	if len(c.Env) > 0 {
		s.Section("ENVIRONMENT")
	}
	for _, e := range c.Env {
		s.Line("  " + text.Clean(e))
	}
	s.Pairs("LABELS", c.Labels)
}

func (in Inspected) writeLayers(s *output.Sheet, now time.Time) {
	layers, history := output.Grid{Header: make([]string, 3)}, output.Grid{Header: make([]string, 3)}
	for _, st := range in.Steps() {
		size := "—"
		if st.Layer.Digest != "" || st.Layer.MediaType != "" {
			size = text.Bytes(st.Layer.Size)
			layers.Add(size, st.Layer.Digest.Short(), madeBy(st))
		}
		if st.History != (image.History{}) {
			history.Add(text.Age(st.Created, now), size, madeBy(st))
		}
	}
	s.Rows("LAYERS", layers)
	s.Rows("HISTORY", history)
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

func (in Inspected) writeReferrers(s *output.Sheet) {
	g := output.Grid{Header: make([]string, 3)}
	for _, d := range in.Referrers {
		kind := d.ArtifactType
		if kind == "" {
			kind = d.MediaType
		}
		g.Add(image.ShortMediaType(kind), text.Bytes(d.Size), string(d.Digest))
	}
	s.Rows("REFERRERS", g)
}
