package plan

import (
	"slices"

	"regatta/model/fault"
	"regatta/model/graph"
	"regatta/model/image"
	"regatta/model/ref"
)

// archiveTerm is what an image is billed for at least once it is archived (user
// guide, archiving an image).
const archiveTerm = "90 days"

// restoreTime is how long a restore takes at most (API reference,
// UpdateImageStorageClass).
const restoreTime = "twenty minutes"

// ToArchive plans to move images to the archive, each with the children that
// nothing else lists. Listed are the images of the repository with their
// storage, as manifests do not tell it.
func ToArchive(v View, listed []image.Image, asked []ref.Digest, o Options) (Plan, error) {
	stored, err := v.stored(listed, asked)
	if err != nil {
		return Plan{}, err
	}
	return v.toArchive(stored, asked, o)
}

func (v View) toArchive(stored map[ref.Digest]image.Storage, asked []ref.Digest, o Options) (Plan, error) {
	if !v.Can.Archives {
		return Plan{}, v.refuse(NoArchive, fault.Unsupported, v.Registry+" has no archive")
	}
	p := v.plan(o)
	asked = slices.DeleteFunc(slices.Clone(asked), func(d ref.Digest) bool { return stored[d] == image.Archived })
	if len(asked) == 0 {
		p.Notes = []string{"it is archived already"}
		return p, nil
	}
	for _, d := range asked {
		if stored[d] == image.Restoring {
			return Plan{}, v.notStored(d, "is on its way back from the archive: wait until it is there")
		}
	}
	b := v.Graph.Blast(asked, nil)
	if err := v.mayArchive(b); err != nil {
		return Plan{}, err
	}
	h := removal(v.inUse(o).deleted(b))
	if err := v.permit(h, o); err != nil {
		return Plan{}, err
	}
	p.Steps = v.departs(b, stored)
	p.Risks = o.Rules.risks(effect{count: len(p.Steps), name: v.name, moves: true})
	p.Notes = []string{
		"what is archived cannot be pulled; restoring it takes up to " + restoreTime + " and is paid by the byte",
		"each is billed for " + archiveTerm + " at least from now on, also where it is deleted or restored before",
	}
	guard(&p, h, o)
	return p, nil
}

// departs are the steps that archive what falls, an index before its children:
// what is left half done has no index without them.
func (v View) departs(b graph.Blast, stored map[ref.Digest]image.Storage) []Step {
	var out []Step
	at := map[ref.Digest]int{}
	for _, cause := range []graph.Cause{graph.Asked, graph.IsChild} {
		for _, f := range b.Falls {
			if f.Cause != cause || stored[f.Digest] != image.Standard {
				continue
			}
			s := v.store(Archive, f.Digest, "asked for")
			if cause == graph.IsChild {
				s.Collateral = true
				s.Reason = "child of " + name(v.Graph, f.Of) + ", which is archived; nothing else references it"
			}
			if before, ok := at[f.Of]; ok && cause == graph.IsChild {
				s.After = []int{before}
			}
			at[f.Digest] = len(out)
			out = append(out, s)
		}
	}
	return out
}

func (v View) mayArchive(b graph.Blast) error {
	if len(b.Unknown) > 0 {
		e := v.refuse(UnknownDigest, fault.NotFound, "there is no manifest "+string(b.Unknown[0])+" in "+v.object())
		e.Digest = b.Unknown[0]
		return e
	}
	if len(b.Breaks) > 0 {
		return v.breaks(b.Breaks)
	}
	return nil
}

// ToRestore plans to bring images back from the archive. Of the view nothing but
// its names and capabilities counts: what is archived cannot be read. Children
// are those that indexes are known to list.
func ToRestore(
	v View, listed []image.Image, children map[ref.Digest][]ref.Digest, asked []ref.Digest, o Options,
) (Plan, error) {
	stored, err := v.stored(listed, asked)
	if err != nil {
		return Plan{}, err
	}
	p := v.plan(o)
	p.Steps = v.returns(stored, children, asked)
	if p.Empty() {
		p.Notes = []string{"it is not in the archive"}
		return p, nil
	}
	p.Notes = []string{"it takes up to " + restoreTime + " until they can be pulled, and is paid by the byte"}
	if slices.ContainsFunc(listed, func(i image.Image) bool {
		_, known := children[i.Digest]
		return i.Kind == image.KindIndex && !known && slices.Contains(asked, i.Digest)
	}) {
		p.Notes = append(p.Notes, "what an archived index lists cannot be read: restore its images by their digests too")
	}
	if o.Rules.ProdContext != "" {
		p.Risks = []Risk{o.Rules.context()}
	}
	return p, nil
}

// returns are the steps that bring images back, children first.
func (v View) returns(
	stored map[ref.Digest]image.Storage, children map[ref.Digest][]ref.Digest, asked []ref.Digest,
) []Step {
	var out []Step
	seen := map[ref.Digest]bool{}
	add := func(d ref.Digest, reason string, collateral bool) {
		if at, there := stored[d]; there && at != image.Standard && !seen[d] {
			seen[d] = true
			s := v.store(Restore, d, reason)
			s.Collateral = collateral
			out = append(out, s)
		}
	}
	for _, d := range asked {
		for _, child := range children[d] {
			if !slices.Contains(asked, child) {
				add(child, "child of "+d.Short()+", which comes back", true)
			}
		}
		add(d, "asked for", false)
	}
	return out
}

// stored is where the images are, if the registry has an archive and all that is
// asked for is there.
func (v View) stored(listed []image.Image, asked []ref.Digest) (map[ref.Digest]image.Storage, error) {
	if !v.Can.Archives {
		return nil, v.refuse(NoArchive, fault.Unsupported, v.Registry+" has no archive")
	}
	if len(asked) == 0 {
		return nil, v.refuse(NothingSelected, fault.Invalid, "nothing is selected")
	}
	out := make(map[ref.Digest]image.Storage, len(listed))
	for _, i := range listed {
		out[i.Digest] = i.Storage
	}
	for _, d := range asked {
		if _, ok := out[d]; !ok {
			e := v.refuse(UnknownDigest, fault.NotFound, "there is no manifest "+string(d)+" in "+v.object())
			e.Digest = d
			return nil, e
		}
	}
	return out, nil
}

func (v View) notStored(d ref.Digest, why string) error {
	e := v.refuse(Contradiction, fault.Invalid, v.name(d)+" "+why)
	e.Digest = d
	return e
}

func (v View) store(k Kind, d ref.Digest, reason string) Step {
	return Step{Kind: k, Reference: v.digest(d), Digest: d, Expect: Expect{Digest: d}, Reason: reason}
}

// storages puts back into the archive what the run brought out of it, and the
// other way round.
func (u *undoing) storages() {
	for _, at := range sortedPlaces(u.did.archived) {
		back := u.did.archived[at]
		if u.did.removed[at] {
			continue
		}
		kind, reason := Archive, "puts it back into the archive"
		if back {
			kind, reason = Restore, "brings it back from the archive, which takes up to "+restoreTime
		}
		u.plan.Steps = append(u.plan.Steps, u.view(at.Repository).store(kind, at.Digest, reason))
	}
}

// store notes where an image is after a step. What a step puts back to where it
// was before the run is no effect.
func (e effects) store(at Place, archived bool) {
	if was, ok := e.archived[at]; ok && was != archived {
		delete(e.archived, at)
		return
	}
	e.archived[at] = archived
}

// Stores reports whether the step moves an image between classes of storage.
func (s Step) Stores() bool { return s.Kind == Archive || s.Kind == Restore }

// Named are the digests that references mean among the images that are listed.
func Named(refs []ref.Reference, listed []image.Image) ([]ref.Digest, error) {
	byTag := map[string]ref.Digest{}
	for _, i := range listed {
		for _, t := range i.Tags {
			byTag[t] = i.Digest
		}
	}
	var out []ref.Digest
	for _, r := range refs {
		d := r.Digest
		if r.Tag != "" && (d == "" || byTag[r.Tag] != d) {
			now, ok := byTag[r.Tag]
			if !ok || d != "" {
				return nil, &RefusedError{
					Why: UnknownTag, Kind: fault.NotFound, Object: r.Name(), Tag: r.Tag,
					Text: "there is no tag " + r.Tag + plural(d == "", "", " on "+d.Short()) + " in " + r.Name(),
				}
			}
			d = now
		}
		if !slices.Contains(out, d) {
			out = append(out, d)
		}
	}
	return out, nil
}
