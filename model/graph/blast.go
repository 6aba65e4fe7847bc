package graph

import (
	"cmp"
	"slices"

	"regatta/model/ref"
)

// Cause says why a manifest goes.
type Cause uint8

// The causes, in the order in which they are named where several hold.
const (
	Asked      Cause = iota // it was asked for
	IsChild                 // its index goes and nothing else references it
	IsReferrer              // its subject goes
	IsBeside                // its tag is made from the digest of one that goes
)

// Hold says why a manifest stays though something that it belongs to goes.
type Hold uint8

// The holds, in the order in which they are named where several hold.
const (
	HasTags     Hold = iota // it has tags of its own
	HasParents              // an index that stays lists it
	HasSubject              // it describes a manifest that stays
	NotRead                 // it could not be read
	MayBeParent             // something that could not be read may reference it
)

// Fall is a manifest that goes, with all its tags. Of is the manifest that
// takes it along.
type Fall struct {
	Digest ref.Digest
	Tags   []string
	Cause  Cause
	Of     ref.Digest
}

// Stay is a manifest that stays beside Of, which goes. Tags are those that it
// keeps, Loose those that go as they are made from the digest of one that goes.
type Stay struct {
	Digest ref.Digest
	Of     ref.Digest
	Hold   Hold
	By     []ref.Digest // the indexes or subjects that hold it
	Reason string       // why it could not be read
	Tags   []string
	Loose  []string
}

// Break is an index that would lose a child.
type Break struct{ Child, Parent ref.Digest }

// Blast is what follows from removing manifests and tags. All lists are sorted
// by digest, whatever the order of the question.
type Blast struct {
	Falls    []Fall
	Stays    []Stay
	Breaks   []Break
	Untagged []ref.Digest // manifests that stay and lose their last tag
	Unknown  []ref.Digest // asked for and not there
	Bytes    int64        // that come back
	Exact    bool         // Bytes is no estimate
	// Countless are what hangs on that which goes, and has more that describes it than
	// is read: who knows what else goes, or is orphaned.
	Countless []Gap
}

// Blast finds what else goes with the manifests, each with all its tags, and
// what becomes of those that tags are taken from. A manifest goes along where
// nothing that stays needs it: children without other parents and tags,
// referrers, signatures and fallback tags. While something that may be an
// index is unread, nothing goes along.
func (g *Graph) Blast(digests []ref.Digest, tags []string) Blast {
	w := &wave{
		g: g, asked: make([]bool, len(g.nodes)), going: make([]bool, len(g.nodes)), untag: map[string]bool{},
	}
	out := Blast{Exact: g.Complete()}
	for _, d := range digests {
		if !g.Has(d) {
			out.Unknown = append(out.Unknown, d)
			continue
		}
		if at := g.byDigest[d]; !w.asked[at] {
			w.asked[at], w.going[at] = true, true
			w.first = append(w.first, at)
		}
	}
	for _, t := range tags {
		w.untag[t] = true
	}
	w.unsure = len(w.first) > 0 && g.unknownParents()
	w.spread()
	w.settle()
	w.report(&out)
	out.Unknown = unique(out.Unknown)
	return out
}

func unique(d []ref.Digest) []ref.Digest {
	slices.Sort(d)
	return slices.Compact(d)
}

// wave computes a Blast: what goes is the largest set of which nothing is
// needed by the rest, which is one and the same however it is found.
type wave struct {
	g          *Graph
	asked      []bool // by id, as is going
	going      []bool
	first      []id // what was asked for
	candidates []id // reached from that
	untag      map[string]bool
	unsure     bool
}

// spread collects everything that may go along.
func (w *wave) spread() {
	queue := slices.Clone(w.first)
	for len(queue) > 0 {
		at := queue[len(queue)-1]
		queue = queue[:len(queue)-1]
		for next := range w.g.attached(at) {
			if !w.going[next] && w.g.nodes[next].state != absent {
				w.going[next] = true
				w.candidates = append(w.candidates, next)
				queue = append(queue, next)
			}
		}
	}
}

// attached are a manifest's children, referrers and what its companion tags
// point to.
func (g *Graph) attached(at id) func(yield func(id) bool) {
	return func(yield func(id) bool) {
		n := &g.nodes[at]
		for _, next := range n.children {
			if !yield(next) {
				return
			}
		}
		for _, next := range n.referrers {
			if !yield(next) {
				return
			}
		}
		for _, t := range n.companions {
			if !yield(g.tags[t]) {
				return
			}
		}
	}
}

// settle takes out of the set what something outside it needs, until nothing is
// left to take out.
func (w *wave) settle() {
	queue := slices.Clone(w.candidates)
	for len(queue) > 0 {
		at := queue[len(queue)-1]
		queue = queue[:len(queue)-1]
		if !w.going[at] || w.asked[at] {
			continue
		}
		if _, held := w.hold(at); held {
			w.going[at] = false
			queue = slices.AppendSeq(queue, w.g.attached(at))
		}
	}
}

func (w *wave) report(out *Blast) {
	out.Falls = make([]Fall, 0, len(w.first)+len(w.candidates))
	for _, at := range w.first {
		out.Falls = append(out.Falls, w.fall(at))
		for _, p := range w.holders(w.g.nodes[at].parents) {
			out.Breaks = append(out.Breaks, Break{Child: w.g.nodes[at].digest, Parent: p})
		}
	}
	for _, at := range w.candidates {
		if w.going[at] {
			out.Falls = append(out.Falls, w.fall(at))
		} else if s, ok := w.stay(at); ok {
			out.Stays = append(out.Stays, s)
		}
	}
	out.Untagged = w.untagged()
	out.Countless = w.countless()
	slices.SortFunc(out.Falls, func(a, b Fall) int { return cmp.Compare(a.Digest, b.Digest) })
	slices.SortFunc(out.Stays, func(a, b Stay) int { return cmp.Compare(a.Digest, b.Digest) })
	slices.SortFunc(out.Breaks, func(a, b Break) int {
		return cmp.Or(cmp.Compare(a.Child, b.Child), cmp.Compare(a.Parent, b.Parent))
	})
	w.g.free(w.goers(), func(_ int, f Freed) { out.Bytes += f.Size })
}

// goers are the manifests that go; in which order makes no difference to the
// sum of their bytes.
func (w *wave) goers() []id {
	out := slices.Clone(w.first)
	for _, at := range w.candidates {
		if w.going[at] {
			out = append(out, at)
		}
	}
	return out
}
