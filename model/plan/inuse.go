package plan

import (
	"slices"

	"regatta/model/graph"
	"regatta/model/ref"
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

// untagged is the harm to users of images that lose a tag. Hit are those of them that
// would get nothing any more: they name the tag, or it is the image's last one.
func (i inUse) untagged(tags []string, targets, bare []ref.Digest) harm {
	all, hit, may := &users{}, &users{}, false
	for n, t := range tags {
		d := targets[n]
		may = may || Step{Kind: Untag, Reference: i.view.tag(t)}.mayHit()
		all.add(d, i.of(d)...)
		for _, u := range i.Tag(t) {
			all.add(d, u.String())
			hit.add(d, u.String())
		}
		if _, last := slices.BinarySearch(bare, d); last {
			hit.add(d, i.of(d)...)
		}
	}
	return harm{all: all, hit: hit, may: may}
}

func (u *users) list() string { return list(u.names) }

// harm is what an undo does to who runs images. Nothing is known of how its
// manifests belong together, but it takes away index and children by name.
func (u *undoing) harm(o Options) harm {
	h := harm{all: &users{}, hit: &users{}}
	own := u.ran.ownTags()
	for _, s := range u.plan.Steps {
		at := inUse{Matches: usage.Match(o.Uses.Uses(u.plan.Registry, s.Reference.Repository), &usage.Links{})}
		switch s.Kind {
		case Delete, Archive:
			h.hit.add(s.Digest, at.of(s.Digest)...)
			h.may = true
			for _, t := range s.Tags {
				at.takesTag(h.hit, s.Digest, t)
			}
		case Untag, UntagByDummy:
			at.takesTag(h.hit, s.Expect.Digest, s.Reference.Tag)
			h.all.add(s.Expect.Digest, at.of(s.Expect.Digest)...)
			h.may = h.may || s.mayHit() && !own[s.Reference]
		case Retag:
			h.all.add(s.Expect.Digest, at.of(s.Expect.Digest)...)
			at.takesTag(h.all, s.Expect.Digest, s.Reference.Tag)
		case Put, CopyBlob, Pull, LifecyclePolicy, Restore, Deploy:
		}
	}
	h.all.add(h.hit.first, h.hit.names...)
	return h
}

// ownTags are the tags that the run has set for its own ends, as marks and to keep
// what it left behind: nobody deploys from them.
func (r Ran) ownTags() map[ref.Reference]bool {
	out := map[ref.Reference]bool{}
	for _, s := range r.Plan.Steps {
		if s.Kind == Retag && s.Unchecked && s.Expect.Digest == "" {
			out[s.Reference] = true
		}
	}
	return out
}
