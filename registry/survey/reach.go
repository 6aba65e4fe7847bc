package survey

import (
	"context"

	"regatta/model/fault"
	"regatta/model/image"
	"regatta/model/ref"
	"regatta/model/text"
)

const (
	// mostLevels is how deep indexes and what describes what are followed. The deepest
	// known are four: an index, an image, its SBOM, and the signature of that.
	mostLevels = 16
	// mostReached is how much is read in all that indexes list and that describes
	// something, beside reachedEach of every tag: platforms, their attestations, and
	// signatures of all of these.
	mostReached = 20_000
	reachedEach = 100
)

// reach bounds what leads to what: a registry can go on with it for ever.
type reach struct {
	level int // of what is being read, from 1
	first int // manifests that tags, the list or whoever asks led to
	found int // manifests that these led to
}

func (c *reach) most() int { return mostReached + reachedEach*c.first }

// full is why no more is followed, empty where it is.
func (c *reach) full() string {
	switch {
	case c.level >= mostLevels:
		return "it is " + text.Plural(mostLevels, "level", "levels") + " deep, which is all that is followed"
	case c.found >= c.most():
		return "indexes and referrers lead to more than " + text.Count(c.most()) +
			" manifests, which is all that is read of this repository"
	}
	return ""
}

// children wants what an index lists.
func (r *reader) children(m image.Manifest) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, child := range m.Children {
		if reason := r.follow(child.Digest); reason != "" {
			r.graph.Missing(child.Digest, reason)
		}
	}
}

// follow wants what another manifest leads to, or says why not; the caller holds the
// lock.
func (r *reader) follow(d ref.Digest) string {
	if d == "" || r.seen[d] {
		return ""
	}
	if reason := r.reach.full(); reason != "" {
		return reason
	}
	r.seen[d] = true
	r.next = append(r.next, d)
	r.reach.found++
	return ""
}

// describers looks for what describes a manifest, and wants it read.
func (r *reader) describers(ctx context.Context, d ref.Digest) error {
	refs, err := r.describer.Subjects(ctx, r.repo, d)
	r.mu.Lock()
	defer r.mu.Unlock()
	switch {
	case err == nil:
	case general(ctx, err):
		return err
	case fault.Is(err, fault.NotFound): // it went meanwhile
		return nil
	default:
		r.graph.Undescribed(d, err.Error(), fault.Is(err, fault.TooLarge))
		return nil
	}
	for _, one := range refs {
		if reason := r.follow(one.Digest); reason != "" {
			r.graph.Undescribed(d, reason, true)
			return nil
		}
		r.graph.Referrer(d, one)
	}
	return nil
}
