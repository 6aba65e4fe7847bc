package health

import (
	"slices"

	"regatta/model/ref"
	"regatta/model/text"
	"regatta/ui/kit"
)

// Bindings implements kit.Screen.
func (s *Screen) Bindings() []kit.Binding {
	if !s.consent.Given {
		return s.consent.Bindings("health", "Health", "manifests", s.Init)
	}
	own := kit.Bind("health", "Health", []kit.Binding{
		{
			ID: "open", Keys: kit.Keys{"enter", "l", "right"}, Desc: "open the image", Footer: true, Disabled: s.noFinding,
			Run: kit.Ask(s.open),
		},
		{
			ID: "delete", Keys: kit.Keys{"x"}, Desc: "delete: shows the plan", Short: "delete", Footer: true, Dangerous: true,
			Disabled: s.noDelete, Run: kit.Ask(s.remove),
		},
		{
			ID: "blobs", Keys: kit.Keys{"b"}, Desc: "ask for every config and layer, or stop", Short: "blobs", Footer: true,
			Disabled: s.notRead, Run: s.look,
		},
		{ID: "copy", Keys: kit.Keys{"c"}, Desc: "copy the digest", Disabled: s.noFinding, Run: kit.Ask(s.copyDigest)},
		{
			ID: "again", Keys: kit.Keys{"r", "R", "ctrl+r"}, Desc: "read the repository again",
			Footer: s.err != nil || s.changed, Run: s.reload,
		},
	})
	return slices.Concat(own, s.List.Bindings())
}

func (s *Screen) notRead() string {
	if s.patient == nil {
		return "the repository is not read yet"
	}
	return ""
}

func (s *Screen) noFinding() string {
	if s.List.Table.Len() == 0 || s.List.Current() == nil {
		return "there is no finding here"
	}
	return s.notRead()
}

func (s *Screen) noDelete() string {
	switch {
	case s.wire.Delete == nil:
		return "nothing can be removed here"
	case s.wire.Context.ReadOnly:
		return "this context is read-only"
	}
	return s.noFinding()
}

func (s *Screen) open() kit.Intent {
	return kit.Go{Screen: s.wire.Open(*s.List.Current())}
}

func (s *Screen) copyDigest() kit.Intent {
	d := s.List.Current().Digest
	return kit.Copy{What: "digest " + d.Short(), Text: string(d)}
}

// remove leads to the plan for the manifests of the marked findings, or of the
// one under the cursor.
func (s *Screen) remove() kit.Intent {
	rows := s.List.Table.Marked()
	if len(rows) == 0 {
		rows = append(rows, s.List.Table.Cursor())
	}
	var digests []ref.Digest
	last := ""
	for _, at := range rows {
		if f := s.List.At(at); f != nil && !slices.Contains(digests, f.Digest) {
			digests, last = append(digests, f.Digest), f.Digest.Short()
		}
	}
	what := last
	if len(digests) > 1 {
		what = text.Plural(len(digests), "manifest", "manifests")
	}
	return kit.Go{Screen: s.wire.Delete(digests, "delete "+what+" of "+s.wire.Repository)}
}
