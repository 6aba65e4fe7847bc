package plan

import (
	"cmp"

	"regatta/model/image"
	"regatta/model/ref"
)

// memory has the manifests that undo puts back: what a journal has kept, or,
// before the run, what a repository's graph knows that it will keep.
type memory interface {
	// recall is a manifest, or why it cannot be put back.
	recall(d ref.Digest) (m image.Manifest, obstacle string)
}

const (
	notKept  = "the bytes of its manifest are not known, so that it cannot be put back"
	isSchema = "registries no longer take manifests of schema 1, so that it cannot be put back"
)

// recorded is the memory of a run: its journal, and what its plan's own steps push.
type recorded struct {
	saved, carried map[ref.Digest]Manifest
	archive        map[ref.Digest]int64
}

func recordOf(r Ran) recorded {
	out := recorded{saved: r.Saved, carried: map[ref.Digest]Manifest{}, archive: r.Archive}
	for _, s := range r.Plan.Steps {
		if s.Manifest != nil {
			out.carried[s.Digest] = *s.Manifest
		}
	}
	return out
}

// raw is what was kept of a digest, whatever it is.
func (r recorded) raw(d ref.Digest) (Manifest, bool) {
	saved, ok := r.saved[d]
	if !ok {
		saved, ok = r.carried[d]
	}
	return saved, ok
}

// recall implements memory.
func (r recorded) recall(d ref.Digest) (image.Manifest, string) {
	saved, ok := r.raw(d)
	if !ok {
		return image.Manifest{}, "its manifest was not saved"
	}
	m, err := image.ParseManifest(saved.MediaType, saved.Raw)
	m.Digest = d // which may be of another algorithm than the parser's
	m.MediaType = cmp.Or(saved.MediaType, m.MediaType)
	for i, l := range m.Layers {
		_, kept := r.archive[l.Digest] // then the registry had it, wherever else it may be
		m.Layers[i].Served = kept
	}
	switch {
	case err != nil || m.Verify(d) != nil:
		return m, "its saved manifest is damaged"
	case m.Kind == image.KindSchema1:
		return m, isSchema
	}
	return m, ""
}
