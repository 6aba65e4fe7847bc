package plan

import (
	"cmp"
	"slices"

	"regatta/model/ref"
)

// Ran is a plan that was carried out, as far as it came. Saved are the raw
// manifests from its journal.
type Ran struct {
	Plan     Plan
	Outcomes []Outcome // one a step; what is not there is Pending
	Saved    map[ref.Digest]Manifest
	// Archive are the blobs that the plan's Local still has, by their size in
	// bytes.
	Archive map[ref.Digest]int64
	// Sources have blobs that the repositories of the run lack.
	Sources Sources
	// Unknown is what nobody could find out of what was asked for.
	Unknown map[Ask]bool
	// Along are tags that went with what the run deleted, without being in its plan:
	// HOST/REPOSITORY:TAG@DIGEST.
	Along []ref.Reference
	// Tags are those that manifests have now, of which the run has set a new one,
	// where a registry deletes an image with its last tag. Nil: nobody has looked.
	Tags map[Place][]string
}

// Place is content in a repository.
type Place struct {
	Repository string
	Digest     ref.Digest
}

// tagAt is a tag in a repository.
type tagAt struct{ repository, tag string }

// move is what a run did to a tag; an empty digest is no tag.
type move struct{ before, after ref.Digest }

// effects are what a run did, each tag and manifest once: how it was before
// the first step and how the last step left it.
type effects struct {
	moves    map[tagAt]move
	removed  map[Place]bool
	added    map[Place]bool
	policies map[string]move // lifecycle policies, by repository
	archived map[Place]bool  // what is in the archive now, or was brought out of it
	deploys  map[string]deployed
}

func (r Ran) effects() effects {
	e := effects{
		moves: map[tagAt]move{}, removed: map[Place]bool{}, added: map[Place]bool{}, policies: map[string]move{},
		archived: map[Place]bool{}, deploys: map[string]deployed{},
	}
	for i, s := range r.Plan.Steps {
		if i >= len(r.Outcomes) {
			break
		}
		if o := r.Outcomes[i]; o == Done || o == Running {
			e.note(s, o)
		}
	}
	for _, at := range r.Along {
		e.moves[tagAt{repository: at.Repository, tag: at.Tag}] = move{before: at.Digest}
	}
	for at, m := range e.moves {
		if m.before == m.after {
			delete(e.moves, at)
		}
	}
	return e
}

// note records a step. One that is in doubt counts where undoing it harms
// nothing if it did not happen: a put that is in doubt does not, as what it
// pushed may have been there before.
func (e effects) note(s Step, o Outcome) {
	at := Place{Repository: s.Reference.Repository, Digest: s.Digest}
	switch s.Kind {
	case Retag:
		e.moved(s, s.Reference.Tag, s.Expect.Digest, s.Digest)
	case Untag, UntagByDummy:
		e.moved(s, s.Reference.Tag, s.Digest, "")
	case Delete:
		for _, t := range s.Tags {
			e.moved(s, t, s.Digest, "")
		}
		e.flip(at, e.added, e.removed)
	case Put:
		if o == Done {
			e.flip(at, e.removed, e.added)
		}
	case LifecyclePolicy:
		e.policy(s)
	case Archive, Restore:
		e.store(at, s.Kind == Archive)
	case Deploy:
		e.deploy(s)
	case CopyBlob, Pull: // what nothing refers to is no effect
	}
}

// Changed reports whether the run did something that can be undone.
func (r Ran) Changed() bool {
	e := r.effects()
	return len(e.moves)+len(e.removed)+len(e.added)+len(e.policies)+len(e.archived)+len(e.deploys) > 0
}

func (e effects) moved(s Step, tag string, before, after ref.Digest) {
	at := tagAt{repository: s.Reference.Repository, tag: tag}
	if m, ok := e.moves[at]; ok {
		before = m.before
	}
	e.moves[at] = move{before: before, after: after}
}

func (e effects) policy(s Step) {
	m := move{before: s.Expect.Digest}
	if was, ok := e.policies[s.Reference.Repository]; ok {
		m.before = was.before
	}
	if len(s.Manifest.Raw) > 0 {
		m.after = s.Digest
	}
	e.policies[s.Reference.Repository] = m
}

// flip puts at into one set, or only takes it out of the other.
func (e effects) flip(at Place, out, in map[Place]bool) {
	if out[at] {
		delete(out, at)
		return
	}
	in[at] = true
}

func comparePlaces(a, b Place) int {
	return cmp.Or(cmp.Compare(a.Repository, b.Repository), cmp.Compare(a.Digest, b.Digest))
}

func compareTags(a, b tagAt) int {
	return cmp.Or(cmp.Compare(a.repository, b.repository), cmp.Compare(a.tag, b.tag))
}

func sortedPlaces(m map[Place]bool) []Place {
	out := make([]Place, 0, len(m))
	for at := range m {
		out = append(out, at)
	}
	slices.SortFunc(out, comparePlaces)
	return out
}

// sortedMoves are the tags that a run changed, sorted.
func (e effects) sortedMoves() []tagAt {
	out := make([]tagAt, 0, len(e.moves))
	for at := range e.moves {
		out = append(out, at)
	}
	slices.SortFunc(out, compareTags)
	return out
}

// tagsBefore are the tags that the run changed, by what they pointed to.
func (e effects) tagsBefore() map[Place][]string {
	out := map[Place][]string{}
	for _, t := range e.sortedMoves() {
		if d := e.moves[t].before; d != "" {
			at := Place{Repository: t.repository, Digest: d}
			out[at] = append(out[at], t.tag)
		}
	}
	return out
}
