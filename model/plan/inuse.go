package plan

import (
	"slices"

	"regatta/model/graph"
	"regatta/model/ref"
	"regatta/model/text"
	"regatta/model/usage"
)

// inUse is what runs the images of a repository, as far as it is known.
type inUse struct {
	usage.Matches

	view View
}

func (v View) inUse(o Options) inUse {
	return inUse{usage.Match(o.Uses.Uses(v.Registry, v.Repository), v.Graph), v}
}

// users are what a change would hit, each once, by name.
type users struct {
	names []string
	first ref.Digest // the image that the first of them uses
}

func (u *users) add(d ref.Digest, names ...string) {
	for _, n := range names {
		if len(u.names) == 0 {
			u.first = d
		}
		if !slices.Contains(u.names, n) {
			u.names = append(u.names, n)
		}
	}
}

// of are the names of what uses an image.
func (i inUse) of(d ref.Digest) []string {
	hits := i.Of(d)
	out := make([]string, len(hits))
	for n, h := range hits {
		out[n] = h.String()
	}
	return out
}

// deleted are the users of what a delete removes.
func (i inUse) deleted(b graph.Blast) *users {
	out := &users{}
	for _, f := range b.Falls {
		out.add(f.Digest, i.of(f.Digest)...)
	}
	return out
}

// untagged are the users of images that lose a tag. Hit are those of them that
// would get nothing any more: they name the tag, or it is the image's last one.
func (i inUse) untagged(tags []string, targets, bare []ref.Digest) (all, hit *users) {
	all, hit = &users{}, &users{}
	for n, t := range tags {
		d := targets[n]
		all.add(d, i.of(d)...)
		for _, u := range i.Tag(t) {
			all.add(d, u.String())
			hit.add(d, u.String())
		}
		if _, last := slices.BinarySearch(bare, d); last {
			hit.add(d, i.of(d)...)
		}
	}
	return all, hit
}

// refuse says who stands in the way of a change that was not asked for in spite
// of them.
func (i inUse) refuse(u *users, o Options) error {
	if len(u.names) == 0 || o.InUse {
		return nil
	}
	return i.view.refuseUse(u)
}

func (u *users) list() string { return list(u.names) }

// risks are the reasons to be careful that come from who runs the images: who
// would be hit, and which sources did not tell. A plan that moves tags takes
// nothing away from those who are not known.
func (u *users) risks(o Options, moves bool) []Risk {
	var out []Risk
	if len(u.names) > 0 {
		out = append(out, Risk{Kind: InUseRisk, Typed: true, Reason: "in use: " + u.list()})
	}
	if failed := o.Uses.Incomplete(); len(failed) > 0 {
		out = append(out, Risk{
			Kind: Incomplete, Typed: !moves, Reason: "the protection of what is in use is incomplete, as " +
				text.Plural(len(failed), "source", "sources") + " did not tell all: " + list(failed),
		})
	}
	return out
}

// users are the risks of an undo. Nothing is known of how its manifests belong
// together, but it takes away index and children by name.
func (u *undoing) users(o Options) []Risk {
	if len(u.plan.Steps) == 0 {
		return nil
	}
	var hit users
	moves := true
	for _, s := range u.plan.Steps {
		at := inUse{Matches: usage.Match(o.Uses.Uses(u.plan.Registry, s.Reference.Repository), &usage.Links{})}
		switch s.Kind {
		case Delete, Archive:
			moves = false
			hit.add(s.Digest, at.of(s.Digest)...)
		case Untag, UntagByDummy, Retag:
			hit.add(s.Expect.Digest, at.of(s.Expect.Digest)...)
			for _, h := range at.Tag(s.Reference.Tag) {
				hit.add(s.Expect.Digest, h.String())
			}
		case Put, CopyBlob, Pull, LifecyclePolicy, Restore, Deploy:
		}
	}
	return hit.risks(o, moves)
}
