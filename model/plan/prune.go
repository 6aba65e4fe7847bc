package plan

import (
	"maps"
	"slices"

	"regatta/model/image"
	"regatta/model/ref"
)

// Pruning is what to do to the images of a repository: delete some, mark some
// by a tag that says when they go or archive them until then, take such marks
// away, and say of all others why they stay.
type Pruning struct {
	Deletes []ref.Digest
	Marks   map[string]ref.Digest // tags to set
	Unmarks []string
	// Archives go to the archive before they are deleted another time; Stored is
	// where all images are.
	Archives []ref.Digest
	Stored   map[ref.Digest]image.Storage
	Reasons  map[ref.Digest]string // of what is deleted, marked or archived
	Kept     []Kept                // their tags are found in the view
}

// ToPrune plans to do that. Deletes are as ToDelete plans them. Where there is
// nothing to do the plan has no steps, and says what it keeps.
func ToPrune(v View, what Pruning, o Options) (Plan, error) {
	p := v.plan(o)
	if len(what.Marks) > 0 {
		marked, err := v.marking(what, o)
		if err != nil {
			return Plan{}, err
		}
		join(&p, marked)
	}
	if len(what.Archives) > 0 {
		archived, err := v.archiving(what, o)
		if err != nil {
			return Plan{}, err
		}
		join(&p, archived)
	}
	if len(what.Unmarks) > 0 {
		unmarked, err := ToUntag(v, what.Unmarks, o)
		if err != nil {
			return Plan{}, err
		}
		for i := range unmarked.Steps {
			unmarked.Steps[i].Reason = "no rule asks for the image any more; it stays"
		}
		unmarked.Kept = nil
		join(&p, unmarked)
	}
	if len(what.Deletes) > 0 {
		deleted, err := ToDelete(v, Selection{Digests: what.Deletes, Reasons: what.Reasons}, o)
		if err != nil {
			return Plan{}, err
		}
		join(&p, deleted)
	}
	v.keepAll(&p, what.Kept)
	return p, nil
}

func (v View) marking(what Pruning, o Options) (Plan, error) {
	var moves []Move
	for _, tag := range slices.Sorted(maps.Keys(what.Marks)) {
		moves = append(moves, Move{From: v.digest(what.Marks[tag]), To: v.tag(tag)})
	}
	p, err := ToRetag([]View{v}, moves, o)
	for i := range p.Steps {
		p.Steps[i].Reason = what.Reasons[p.Steps[i].Digest]
		p.Steps[i].Unchecked = true // a mark is put on what is there, whole or not
	}
	p.Kept = nil
	return p, err
}

func (v View) archiving(what Pruning, o Options) (Plan, error) {
	p, err := v.toArchive(what.Stored, what.Archives, o)
	for i, s := range p.Steps {
		if why, ok := what.Reasons[s.Digest]; ok {
			p.Steps[i].Reason = why
		}
	}
	return p, err
}

// join appends to p the steps of q, and what it says.
func join(p *Plan, q Plan) {
	at := len(p.Steps)
	for _, s := range q.Steps {
		s.After = slices.Clone(s.After)
		for i := range s.After {
			s.After[i] += at
		}
		p.Steps = append(p.Steps, settled(s))
	}
	p.Kept = append(p.Kept, q.Kept...)
	p.ReclaimedBytes += q.ReclaimedBytes
	p.Estimated = p.Estimated || q.Estimated
	p.Lost = append(p.Lost, q.Lost...)
	for _, r := range q.Risks {
		if !slices.Contains(p.Risks, r) {
			p.Risks = append(p.Risks, r)
		}
	}
	for _, n := range q.Notes {
		if !slices.Contains(p.Notes, n) {
			p.Notes = append(p.Notes, n)
		}
	}
}

// keepAll names everything that stays, with the tags that it has afterwards.
func (v View) keepAll(p *Plan, all []Kept) {
	tags := make(map[ref.Digest][]string, len(p.Steps))
	for _, s := range p.Steps {
		switch s.Kind {
		case Retag:
			tags[s.Digest] = append(v.after(tags, s.Digest), s.Reference.Tag)
		case Untag, UntagByDummy:
			tags[s.Digest] = slices.DeleteFunc(v.after(tags, s.Digest), func(t string) bool { return t == s.Reference.Tag })
		case Delete, Put, CopyBlob, Pull, LifecyclePolicy, Archive, Restore, Deploy:
		}
	}
	p.Kept = make([]Kept, len(all))
	for i, k := range all {
		k.Tags = slices.Sorted(slices.Values(v.after(tags, k.Digest)))
		p.Kept[i] = k
	}
}

func (v View) after(tags map[ref.Digest][]string, d ref.Digest) []string {
	if have, ok := tags[d]; ok {
		return have
	}
	return v.Graph.Tags(d)
}
