package graph

import (
	"slices"

	"regatta/model/image"
	"regatta/model/ref"
)

// hold says what keeps a manifest from going along. A tag that is taken away
// holds it as well: taking tags away deletes nothing.
func (w *wave) hold(at id) (Hold, bool) {
	n := &w.g.nodes[at]
	switch {
	case slices.ContainsFunc(n.tags, func(t string) bool { return !w.loose(t) }):
		return HasTags, true
	case len(w.holders(n.parents)) > 0:
		return HasParents, true
	case len(w.holders(n.subjects)) > 0:
		return HasSubject, true
	case n.state != known, n.blind != "":
		return NotRead, true
	}
	return MayBeParent, w.unsure
}

// loose reports whether a tag goes because it is made from the digest of a
// manifest that goes.
func (w *wave) loose(tag string) bool {
	c, ok := image.ParseCompanion(tag)
	if !ok {
		return false
	}
	subject, ok := w.g.byDigest[c.Subject]
	return ok && w.going[subject]
}

// holders are those of the manifests that stay.
func (w *wave) holders(of []id) []ref.Digest {
	var out []ref.Digest
	for _, at := range of {
		if !w.going[at] && w.g.nodes[at].state != absent {
			out = append(out, w.g.nodes[at].digest)
		}
	}
	return unique(out)
}

// takers are those of the manifests that go.
func (w *wave) takers(of []id) []ref.Digest {
	var out []ref.Digest
	for _, at := range of {
		if w.going[at] {
			out = append(out, w.g.nodes[at].digest)
		}
	}
	return unique(out)
}

// besides are the manifests that go and whose digest one of the tags is made
// from.
func (w *wave) besides(tags []string) []ref.Digest {
	var out []ref.Digest
	for _, t := range tags {
		if w.loose(t) {
			c, _ := image.ParseCompanion(t)
			out = append(out, c.Subject)
		}
	}
	return unique(out)
}

// taker names the manifest that takes another along, and how.
func (w *wave) taker(at id) (Cause, ref.Digest) {
	n := &w.g.nodes[at]
	if of := w.takers(n.parents); len(of) > 0 {
		return IsChild, of[0]
	}
	if of := w.takers(n.subjects); len(of) > 0 {
		return IsReferrer, of[0]
	}
	if of := w.besides(n.tags); len(of) > 0 {
		return IsBeside, of[0]
	}
	return Asked, ""
}

func (w *wave) fall(at id) Fall {
	n := &w.g.nodes[at]
	f := Fall{Digest: n.digest, Tags: n.sorted()}
	if !w.asked[at] {
		f.Cause, f.Of = w.taker(at)
	}
	return f
}

// stay describes a candidate that stays, where something next to it goes.
func (w *wave) stay(at id) (Stay, bool) {
	n := &w.g.nodes[at]
	_, of := w.taker(at)
	s := Stay{Digest: n.digest, Of: of}
	s.Hold, _ = w.hold(at)
	switch s.Hold {
	case HasParents:
		s.By = w.holders(n.parents)
	case HasSubject:
		s.By = w.holders(n.subjects)
	case NotRead:
		s.Reason = n.why()
	case HasTags, MayBeParent:
	}
	sure := s.Hold != NotRead && s.Hold != MayBeParent
	for _, t := range n.sorted() {
		switch {
		case sure && w.loose(t):
			s.Loose = append(s.Loose, t)
		case !w.untag[t]:
			s.Tags = append(s.Tags, t)
		}
	}
	return s, of != ""
}

// untagged are the manifests that stay and lose their last tag.
func (w *wave) untagged() []ref.Digest {
	var out []ref.Digest
	for t := range w.untag {
		at, ok := w.g.tags[t]
		if !ok || w.going[at] {
			continue
		}
		if !slices.ContainsFunc(w.g.nodes[at].tags, func(t string) bool { return !w.untag[t] }) {
			out = append(out, w.g.nodes[at].digest)
		}
	}
	return unique(out)
}

// sorted are the tags of a manifest, in order; they are the caller's.
func (n node) sorted() []string {
	if len(n.tags) == 0 {
		return nil
	}
	out := slices.Clone(n.tags)
	slices.Sort(out)
	return out
}
