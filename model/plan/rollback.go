package plan

import (
	"fmt"

	"regatta/model/fault"
	"regatta/model/ref"
)

// Back is a tag that goes back to a manifest that is there. Under the tag Keep,
// if it is not empty, the image that is left behind stays; with a number where
// that tag keeps another one.
type Back struct {
	Tag  ref.Reference // HOST/REPOSITORY:TAG
	To   ref.Digest
	Keep string
}

// ToRollback plans to point tags back at former images. What each leaves behind
// gets its keep tag first; the tag itself only moves once that is done. There has
// to be a view of every repository, whose graphs then have the keep tags too.
func ToRollback(views []View, backs []Back, o Options) (Plan, error) {
	if len(views) == 0 || len(backs) == 0 {
		return Plan{}, &RefusedError{Why: NothingSelected, Kind: fault.Invalid, Text: "nothing is selected"}
	}
	r := newRetag(views)
	p := Plan{Registry: r.registry, CreatedAt: o.At.UTC()}
	keeps := map[ref.Reference]ref.Reference{} // tag → the tag that keeps what it leaves
	for _, b := range backs {
		steps, err := r.back(b)
		if err != nil {
			return Plan{}, err
		}
		if len(steps) > 1 {
			keeps[b.Tag] = steps[0].Reference
		}
		p.Steps = append(p.Steps, steps...)
	}
	p.Repository = p.common()
	r.settle(&p, o)
	at := map[ref.Reference]int{}
	for i, s := range p.Steps {
		at[s.Reference] = i
	}
	for i, s := range p.Steps {
		if before, ok := at[keeps[s.Reference]]; ok {
			p.Steps[i].After = []int{before}
		}
	}
	return p, nil
}

// back are the steps of one tag: the one that keeps, if there is something to
// keep, and the one that goes back.
func (r *retag) back(b Back) ([]Step, error) {
	v, err := r.view(b.Tag)
	if err != nil {
		return nil, err
	}
	now, err := v.resolve(b.Tag.Tag)
	if err != nil {
		return nil, err
	}
	to, err := v.point(b.Tag.Tag, b.To)
	if err != nil || b.Keep == "" || now == b.To {
		return []Step{to}, err
	}
	name := v.free(b.Keep, now)
	keep, err := v.point(name, now)
	v.Graph.Tag(name, now) // so that what is left behind does not count as untagged
	keep.Unchecked = true  // it keeps what there is, whole or not
	return []Step{keep, to}, err
}

// free is the tag, or, where it keeps another image already, the first with a
// number that does not: two rollbacks may want the same one.
func (v View) free(tag string, keeps ref.Digest) string {
	name := tag
	for n := 2; ; n++ {
		if there, ok := v.Graph.Resolve(name); !ok || there == keeps {
			return name
		}
		name = fmt.Sprintf("%s-%d", tag, n)
	}
}
