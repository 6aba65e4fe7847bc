package plan

import (
	"cmp"
	"errors"
	"slices"

	"regatta/model/fault"
	"regatta/model/ref"
)

// Move brings the manifest From, which has a digest, or a tag that is looked
// up, under the tag To.
type Move struct{ From, To ref.Reference }

// ToRetag plans to point tags at manifests that are there. Digests do not
// change. There has to be a view of every repository that a tag is set in. To
// another repository an image is copied: see ToCopy.
func ToRetag(views []View, moves []Move, o Options) (Plan, error) {
	if len(views) == 0 || len(moves) == 0 {
		return Plan{}, &RefusedError{Why: NothingSelected, Kind: fault.Invalid, Text: "nothing is selected"}
	}
	r := newRetag(views)
	p := Plan{Registry: r.registry, CreatedAt: o.At.UTC()}
	for _, m := range moves {
		s, err := r.step(m, o)
		if err != nil {
			return Plan{}, err
		}
		p.Steps = append(p.Steps, s)
	}
	p.Repository = p.common()
	if err := r.finish(&p, o); err != nil {
		return Plan{}, err
	}
	brokenRisks(&p, o)
	return p, nil
}

func newRetag(views []View) *retag {
	r := &retag{views: map[string]View{}, registry: views[0].Registry, moved: map[string]map[string]bool{}}
	for _, v := range views {
		r.views[v.Repository] = v
	}
	return r
}

// finish turns the wanted steps into those that are needed.
func (r *retag) finish(p *Plan, o Options) error {
	err := r.unite(p)
	if err == nil {
		r.settle(p, o)
	}
	return err
}

type retag struct {
	registry string
	views    map[string]View
	moved    map[string]map[string]bool // repository → tags that move
	gained   map[Place][]string         // tags that are not on it yet
	goes     map[Place]bool             // manifests that are deleted
}

// leaves notes that a tag leaves what it points to.
func (r *retag) leaves(repository, tag string) {
	if r.moved[repository] == nil {
		r.moved[repository] = map[string]bool{}
	}
	r.moved[repository][tag] = true
}

// left are the tags that a manifest has once all tags are where they are to be.
func (r *retag) left(v View, d ref.Digest) []string {
	out := slices.DeleteFunc(v.Graph.Tags(d), func(t string) bool { return r.moved[v.Repository][t] })
	for _, t := range r.gained[Place{Repository: v.Repository, Digest: d}] {
		if !slices.Contains(out, t) {
			out = append(out, t)
		}
	}
	slices.Sort(out)
	return out
}

func (r *retag) view(of ref.Reference) (View, error) {
	v, ok := r.views[of.Repository]
	if !ok || of.Host != r.registry {
		return v, &RefusedError{
			Why: OtherRegistry, Kind: fault.Invalid, Object: of.Name(), Tag: of.Tag,
			Text: of.Name() + " is not a repository of " + r.registry + " that was read",
		}
	}
	return v, nil
}

// step is the move as a step, also where nothing has to be done.
func (r *retag) step(m Move, o Options) (Step, error) {
	if m.From.Host != m.To.Host || m.From.Repository != m.To.Repository {
		return Step{}, &RefusedError{
			Why: OtherRegistry, Kind: fault.Invalid, Object: m.To.Name(), Tag: m.To.Tag,
			Text: m.From.Name() + " is another repository than " + m.To.Name() + ": copy the image",
		}
	}
	v, err := r.view(m.To)
	if err != nil {
		return Step{}, err
	}
	d, err := v.source(m.From)
	if err == nil {
		err = v.refuseBroken(m.To.Tag, d, o)
	}
	if err != nil {
		return Step{}, err
	}
	return v.point(m.To.Tag, d)
}

// point is the step that points a tag at d, whatever it points to now.
func (v View) point(tag string, d ref.Digest) (Step, error) {
	old, err := v.resolve(tag)
	switch {
	case err != nil && !isNew(err):
		return Step{}, err
	case err == nil && old != d && v.Can.Mutability.Fixed(tag):
		e := v.refuse(ImmutableTag, fault.Immutable, "the tag "+tag+" is immutable: it stays at "+old.Short())
		e.Tag, e.Digest = tag, old
		return Step{}, e
	}
	return Step{Kind: Retag, Reference: v.tag(tag), Digest: d, Expect: Expect{Tag: tag, Digest: old}}, nil
}

// Targets are the manifests that moves point tags at, as far as their tags are known.
func Targets(views []View, moves []Move) []Place {
	var out []Place
	for _, m := range moves {
		d := m.From.Digest
		for _, v := range views {
			if d == "" && v.Repository == m.From.Repository {
				d, _ = v.Graph.Resolve(m.From.Tag)
			}
		}
		if d != "" {
			out = append(out, Place{Repository: m.From.Repository, Digest: d})
		}
	}
	return out
}

// isNew tells that a tag cannot be looked up as there is none yet.
func isNew(err error) bool {
	var refused *RefusedError
	return errors.As(err, &refused) && refused.Why == UnknownTag
}

// source is the digest that a move points its tag at.
func (v View) source(from ref.Reference) (ref.Digest, error) {
	if from.Digest == "" {
		return v.resolve(from.Tag)
	}
	if v.Graph.Complete() && !v.Graph.Has(from.Digest) {
		e := v.refuse(UnknownDigest, fault.NotFound, "there is no manifest "+string(from.Digest)+" in "+v.object())
		e.Digest = from.Digest
		return "", e
	}
	if _, err := ref.ParseDigest(string(from.Digest)); err != nil {
		return "", &RefusedError{Why: UnknownDigest, Kind: fault.Invalid, Object: from.Name(), Text: err.Error()}
	}
	return from.Digest, nil
}

// unite sorts the steps and drops those that are there twice.
func (r *retag) unite(p *Plan) error {
	slices.SortStableFunc(p.Steps, func(a, b Step) int {
		return cmp.Or(cmp.Compare(a.Reference.String(), b.Reference.String()), cmp.Compare(a.Digest, b.Digest))
	})
	p.Steps = slices.CompactFunc(p.Steps, func(a, b Step) bool {
		return a.Reference == b.Reference && a.Digest == b.Digest
	})
	for i, s := range p.Steps[min(1, len(p.Steps)):] {
		if s.Reference == p.Steps[i].Reference {
			return &RefusedError{
				Why: Contradiction, Kind: fault.Invalid, Object: s.Reference.Name(), Tag: s.Reference.Tag,
				Text: s.Reference.Tag + " cannot point to " + p.Steps[i].Digest.Short() + " and to " + s.Digest.Short(),
			}
		}
	}
	return nil
}

// common is the repository of all steps, empty where there are several.
func (p Plan) common() string {
	repository := ""
	for i, s := range p.Steps {
		if i > 0 && s.Reference.Repository != repository {
			return ""
		}
		repository = s.Reference.Repository
	}
	return repository
}

// settle takes out the steps that change nothing and says what becomes of the
// digests that lose a tag.
func (r *retag) settle(p *Plan, o Options) {
	var all []Step
	for _, s := range p.Steps {
		if s.Expect.Digest == s.Digest {
			p.Kept = append(p.Kept, Kept{
				Digest: s.Digest, Tags: r.views[s.Reference.Repository].Graph.Tags(s.Digest),
				Reason: s.Reference.Tag + pointsThere,
			})
			continue
		}
		all = append(all, s)
		if s.Expect.Digest == "" {
			continue // it leaves nothing
		}
		r.leaves(s.Reference.Repository, s.Reference.Tag)
	}
	e := effect{count: len(all), name: func(d ref.Digest) string { return d.Short() }, moves: true}
	seen := map[ref.Reference]bool{}
	for i := range all {
		r.explain(p, &all[i], &e, seen)
	}
	p.Steps = all
	p.Risks = o.Rules.risks(e)
	if slices.ContainsFunc(all, func(s Step) bool { return s.Expect.Digest != "" }) {
		p.Risks = append(p.Risks, harm{all: r.users(all, o), hit: &users{}}.risks(o)...)
	}
}

// users are those of images that tags move off.
func (r *retag) users(all []Step, o Options) *users {
	out := &users{}
	running := map[string]inUse{}
	for _, s := range all {
		v := r.views[s.Reference.Repository]
		if s.Expect.Digest == "" {
			continue
		}
		if _, ok := running[v.Repository]; !ok {
			running[v.Repository] = v.inUse(o)
		}
		out.add(s.Expect.Digest, running[v.Repository].of(s.Expect.Digest)...)
	}
	return out
}

// held names a digest with the tags that it has before the plan.
func (r *retag) held(p *Plan, v View, d ref.Digest) string {
	tags := slices.DeleteFunc(v.Graph.Tags(d), func(tag string) bool {
		return slices.ContainsFunc(p.Steps, func(s Step) bool {
			return s.Reference == v.tag(tag) && s.Digest == d && s.Expect.Digest == ""
		})
	})
	if len(tags) == 0 {
		return d.Short()
	}
	return d.Short() + " (" + list(tags) + plural(v.Graph.TagsKnown(), "", "; it may have more tags") + ")"
}

// How the reasons of retags begin, or read.
const (
	movesFrom = "moves from "
	isNewTag  = "the tag is new"
)

// explain gives a step its reason, and the digest that loses its tag a place
// among the kept ones, once.
func (r *retag) explain(p *Plan, s *Step, e *effect, seen map[ref.Reference]bool) {
	v, old := r.views[s.Reference.Repository], s.Expect.Digest
	e.tags = append(e.tags, s.Reference.Tag)
	if old == "" {
		s.Reason = isNewTag
		return
	}
	left := r.left(v, old)
	s.Reason = movesFrom + r.held(p, v, old)
	if r.goes[Place{Repository: v.Repository, Digest: old}] {
		return // what becomes of it is said already
	}
	if len(left) == 0 {
		s.Reason += plural(v.Graph.TagsKnown(), ", which becomes untagged", ", which may become untagged")
		e.unsure = e.unsure || !v.Graph.TagsKnown()
		e.bare = append(e.bare, old)
	}
	if !seen[v.digest(old)] {
		seen[v.digest(old)] = true
		p.Kept = append(p.Kept, Kept{Digest: old, Tags: left, Reason: v.afterUntag(old, left)})
	}
}
