package plan

import (
	"iter"

	"regatta/model/fault"
	"regatta/model/image"
	"regatta/model/ref"
	"regatta/model/text"
)

// Source is what is known of the registry that images are copied from, at its places.
// The zero value says that nobody has looked.
type Source struct {
	Lacks   map[Place]bool // configs and layers that it does not have
	Unasked int            // how many were not looked at
	Why     string
}

// Brings are the configs and layers of the tree that the target does not have, by
// where the source has them.
func (t *Tree) Brings(seen Presence) iter.Seq2[Place, image.Descriptor] {
	return func(yield func(Place, image.Descriptor) bool) {
		if t.From.Host == "" {
			return
		}
		for _, m := range t.Manifests {
			for _, d := range m.Blobs() {
				if !seen[t.place(d.Digest)] && !yield(t.origin(d.Digest), d) {
					return
				}
			}
		}
	}
}

// origin is where the source has content of the tree.
func (t *Tree) origin(d ref.Digest) Place { return Place{Repository: t.From.Repository, Digest: d} }

// lack is a blob that neither the source nor the target has.
type lack struct {
	tree *Tree
	what string
	blob image.Descriptor
}

// refuseLacks refuses to copy what neither side has all of.
func (c *copying) refuseLacks() error {
	if len(c.lacks) == 0 {
		return nil
	}
	first := c.lacks[0]
	root, more, hint := first.tree.Root(), "", ""
	if n := len(c.lacks) - 1; n > 0 {
		more = ", and " + text.Plural(n, "other", "others") + " that it needs"
	}
	if first.tree.Beside != "" {
		hint = "; without referrers the image can be copied"
	}
	e := &RefusedError{
		Why: SourceLacks, Kind: fault.Incomplete, Object: first.tree.From.Name(), Digest: root,
		By: []ref.Digest{first.blob.Digest},
		Text: root.Short() + " is not whole: " + first.tree.From.Name() + " does not have its " + first.what + " " +
			first.blob.Digest.Short() + " (" + text.Bytes(first.blob.Size) + ")" + more + hint,
	}
	return e
}
