package health

import (
	"slices"

	tea "charm.land/bubbletea/v2"

	"regatta/model/ref"
	"regatta/model/text"
	"regatta/ui/kit"
)

// Bindings implements kit.Screen.
func (s *Screen) Bindings() []kit.Binding {
	if !s.asked {
		begin := s.key("read", "read the manifests", s.agree, "enter")
		begin.Disabled, begin.Footer = nil, true
		return []kit.Binding{begin}
	}
	open := s.key("open", "open the image", kit.Ask(s.open), "enter", "l", "right")
	remove := s.key("delete", "delete: shows the plan", kit.Ask(s.remove), "x")
	remove.Short, remove.Disabled, remove.Dangerous = "delete", s.noDelete, true
	blobs := s.key("blobs", "ask for every config and layer, or stop", s.look, "b")
	blobs.Short, blobs.Disabled = "blobs", s.notRead
	digest := s.key("copy", "copy the digest", kit.Ask(s.copyDigest), "c")
	again := s.key("again", "read the repository again", s.reload, "r", "R", "ctrl+r")
	again.Disabled, again.Footer = nil, s.err != nil || s.changed
	open.Footer, remove.Footer, blobs.Footer = true, true, true
	return slices.Concat([]kit.Binding{open, remove, blobs, digest, again}, s.list.Bindings())
}

func (s *Screen) key(id, desc string, run func() (kit.Intent, tea.Cmd), keys ...string) kit.Binding {
	return kit.Binding{ID: "health." + id, Keys: keys, Desc: desc, Group: "Health", Run: run, Disabled: s.noFinding}
}

func (s *Screen) notRead() string {
	if s.patient == nil {
		return "the repository is not read yet"
	}
	return ""
}

func (s *Screen) noFinding() string {
	if s.list.Table.Len() == 0 || s.list.Current() == nil {
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
	return kit.Go{Screen: s.wire.Open(*s.list.Current())}
}

func (s *Screen) copyDigest() kit.Intent {
	d := s.list.Current().Digest
	return kit.Copy{What: "digest " + d.Short(), Text: string(d)}
}

// remove leads to the plan for the manifests of the marked findings, or of the
// one under the cursor.
func (s *Screen) remove() kit.Intent {
	rows := s.list.Table.Marked()
	if len(rows) == 0 {
		rows = append(rows, s.list.Table.Cursor())
	}
	var digests []ref.Digest
	last := ""
	for _, at := range rows {
		if f := s.list.At(at); f != nil && !slices.Contains(digests, f.Digest) {
			digests, last = append(digests, f.Digest), f.Digest.Short()
		}
	}
	what := last
	if len(digests) > 1 {
		what = text.Plural(len(digests), "manifest", "manifests")
	}
	return kit.Go{Screen: s.wire.Delete(digests, "delete "+what+" of "+s.wire.Repository)}
}
