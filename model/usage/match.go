package usage

import (
	"slices"

	"regatta/model/ref"
)

// Kin is how the manifests of a repository belong together. *graph.Graph is one.
type Kin interface {
	Resolve(tag string) (ref.Digest, bool)
	Parents(d ref.Digest) []ref.Digest
	Children(d ref.Digest) []ref.Digest
}

// Hit is a use of an image.
type Hit struct {
	Use

	// Digest is the manifest that is used: another than the image's own where that
	// is its index, or a part of it.
	Digest ref.Digest
	// Tag says that the image is used because its tag is: whatever starts next
	// gets it, and what Running counts may run another.
	Tag bool
}

// Count is how many run this very image.
func (h Hit) Count() int {
	if h.Tag && h.Image.Digest != "" {
		return 0
	}
	return h.Running
}

// String is Use.String, with the number of those that run this very image.
func (h Hit) String() string {
	h.Running = h.Count()
	return h.Use.String()
}

// Matches are the uses of a repository by image.
type Matches struct {
	hits map[ref.Digest][]Hit
	tags map[string][]Hit
	uses []Use
	kin  Kin
}

// Match finds the images that are used: those that a use names by tag or digest,
// their indexes and their parts alike, as a runtime may report the digest of
// either (Amazon ECS, Container.imageDigest).
func Match(uses []Use, kin Kin) Matches {
	m := Matches{hits: map[ref.Digest][]Hit{}, tags: map[string][]Hit{}, uses: uses, kin: kin}
	for _, u := range uses {
		if u.Image.Tag != "" {
			now, _ := kin.Resolve(u.Image.Tag)
			h := Hit{Use: u, Digest: now, Tag: now == "" || now != u.Image.Digest}
			m.tags[u.Image.Tag] = append(m.tags[u.Image.Tag], h)
		}
		for _, h := range m.targets(u) {
			for _, d := range family(kin, h.Digest) {
				m.hits[d] = append(m.hits[d], h)
			}
		}
	}
	return m
}

// targets are the manifests that a use names.
func (m Matches) targets(u Use) []Hit {
	var out []Hit
	if u.Image.Digest != "" {
		out = append(out, Hit{Use: u, Digest: u.Image.Digest})
	}
	if d, ok := m.kin.Resolve(u.Image.Tag); ok && d != u.Image.Digest {
		out = append(out, Hit{Use: u, Digest: d, Tag: true})
	}
	return out
}

// family is a manifest with everything above it and everything below it.
func family(kin Kin, d ref.Digest) []ref.Digest {
	seen := map[ref.Digest]bool{d: true}
	out := []ref.Digest{d}
	for _, next := range []func(ref.Digest) []ref.Digest{kin.Parents, kin.Children} {
		for queue := []ref.Digest{d}; len(queue) > 0; queue = queue[1:] {
			for _, one := range next(queue[0]) {
				if !seen[one] {
					seen[one] = true
					out = append(out, one)
					queue = append(queue, one)
				}
			}
		}
	}
	return out
}

// Of are the uses of an image, those first that run it. A use that leads to it
// in two ways is there once.
func (m Matches) Of(d ref.Digest) []Hit {
	var out []Hit
	for _, h := range m.hits[d] {
		same := func(o Hit) bool { return o.Use == h.Use }
		if i := slices.IndexFunc(out, same); i < 0 {
			out = append(out, h)
		} else if !h.Tag {
			out[i] = h
		}
	}
	return out
}

// Tag are the uses that name a tag: they get whatever it points to.
func (m Matches) Tag(tag string) []Hit { return m.tags[tag] }

// Missing are the uses of images that are not there: nothing that they name is
// among those that has knows.
func (m Matches) Missing(has func(ref.Digest) bool) []Use {
	var out []Use
	for _, u := range m.uses {
		if !slices.ContainsFunc(m.targets(u), func(h Hit) bool { return has(h.Digest) }) {
			out = append(out, u)
		}
	}
	return out
}

// Part reports whether an index lists the manifest.
func (m Matches) Part(d ref.Digest) bool { return len(m.kin.Parents(d)) > 0 }

// All are all uses of the repository.
func (m Matches) All() []Use { return m.uses }
