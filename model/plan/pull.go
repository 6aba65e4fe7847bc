package plan

import (
	"slices"

	"regatta/model/fault"
	"regatta/model/ref"
	"regatta/model/text"
)

// Catch is an image to write to a place on this machine: What names it by its
// digest, with the tag it was found under if there is one. Size is what has to
// be read for it, in bytes.
type Catch struct {
	What ref.Reference
	Kind string // "image", "index"
	Size int64
	// Outside are layers that the registry does not have: they are not written.
	Outside []ref.Digest
	// Absent are manifests that an index lists and the registry does not have.
	Absent []ref.Digest
}

// ToPull plans to write images of one registry to local. The registry does not
// change.
func ToPull(catches []Catch, local string, o Options) (Plan, error) {
	if len(catches) == 0 {
		return Plan{}, &RefusedError{Why: NothingSelected, Kind: fault.Invalid, Text: "nothing is selected"}
	}
	p := Plan{Registry: catches[0].What.Host, Local: local, CreatedAt: o.At.UTC()}
	for _, c := range catches {
		p.Steps = append(p.Steps, Step{
			Kind: Pull, Reference: c.What, Digest: c.What.Digest, Size: c.Size, Reason: c.reason(),
		})
	}
	p.Repository = p.common()
	p.Notes = append(p.Notes, outsideNotes(catches)...)
	return p, nil
}

// outsideNotes name the layers and manifests that nobody can write, as they are not in
// the registry.
func outsideNotes(catches []Catch) []string {
	var out []string
	for _, c := range catches {
		if n := len(c.Outside); n > 0 {
			out = append(out, c.without(c.Outside)+plural(n == 1, "this layer", "these layers")+", only the address")
		}
		if n := len(c.Absent); n > 0 {
			out = append(out, c.without(c.Absent)+plural(n == 1, "this manifest", "these manifests")+", which the index lists")
		}
	}
	return out
}

func (c Catch) without(what []ref.Digest) string {
	names := make([]string, len(what))
	for i, d := range what {
		names[i] = d.Short()
	}
	return c.What.Digest.Short() + " is written without " + list(names) + ": the registry does not have "
}

func (c Catch) reason() string {
	if c.Size == 0 {
		return "the " + c.Kind + ", of which all blobs are there"
	}
	return "the " + c.Kind + ", " + text.Bytes(c.Size) + " to read"
}

// Archived is p with the images that it deletes written to local first: no
// step of an image begins before it is kept whole. Children of an index that
// goes are kept with it.
func Archived(p Plan, catches []Catch, local string) Plan {
	if len(catches) == 0 {
		return p
	}
	at := make(map[ref.Digest]int, len(catches))
	steps := make([]Step, 0, len(catches)+len(p.Steps))
	for i, c := range catches {
		at[c.What.Digest] = i
		steps = append(steps, Step{
			Kind: Pull, Reference: c.What, Digest: c.What.Digest, Size: c.Size,
			Reason: p.keeps(c), Collateral: true,
		})
	}
	for _, s := range p.Steps {
		s.After = slices.Clone(s.After)
		for i := range s.After {
			s.After[i] += len(catches)
		}
		if i, ok := at[s.Digest]; ok {
			s.After = append(s.After, i)
		}
		steps = append(steps, settled(s))
	}
	p.Steps, p.Local = steps, local
	p.Notes = append(slices.Clone(p.Notes), outsideNotes(catches)...)
	if i := slices.Index(p.Notes, whileKept); i >= 0 {
		p.Notes[i] = "undo puts the images back from " + local + " where the registry has not kept their layers"
	}
	return p
}

// keeps is why an image is written first. One that is not whole cannot be: then nothing
// of it is deleted.
func (p Plan) keeps(c Catch) string {
	if slices.ContainsFunc(p.Lost, func(l Lost) bool { return l.Digest == c.What.Digest }) {
		return "tries to keep " + c.reason() + ", which is not whole: what cannot be kept is not deleted"
	}
	return "keeps " + c.reason() + ", so that undo has it"
}

// Whole are the images that p deletes, as they are kept whole: not the children
// of an index that goes, which are kept with it.
func (v View) Whole(p Plan) []ref.Reference {
	goes := map[ref.Digest]bool{}
	for _, d := range p.Removes() {
		goes[d] = true
	}
	var out []ref.Reference
	for _, d := range p.Removes() {
		if slices.ContainsFunc(v.Graph.Parents(d), func(parent ref.Digest) bool { return goes[parent] }) {
			continue
		}
		r := v.digest(d)
		if tags := v.Graph.Tags(d); len(tags) > 0 {
			r.Tag = tags[0]
		}
		out = append(out, r)
	}
	return out
}
