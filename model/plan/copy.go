package plan

import (
	"cmp"

	"regatta/model/fault"
	"regatta/model/image"
	"regatta/model/ref"
	"regatta/model/text"
)

// Tree is an image, or anything else that has a manifest, with all manifests
// that it leads to, as its source has them.
type Tree struct {
	From      ref.Reference    // HOST/REPOSITORY; zero where the source is a place on this machine
	To        ref.Reference    // HOST/REPOSITORY, with the tag that it gets, if any
	Manifests []image.Manifest // the root first
	Beside    string           // what it is to another tree: "signature of 0123456789ab"; empty where it was asked for
}

// Root is the manifest that the tree is about.
func (t *Tree) Root() ref.Digest { return t.Manifests[0].Digest }

// Places are the manifests and blobs that the tree needs where it goes to.
func (t *Tree) Places() []Ask {
	var out []Ask
	for _, m := range t.Manifests {
		out = append(out, Ask{Place: t.place(m.Digest)})
		for _, d := range m.Blobs() {
			out = append(out, Ask{Place: t.place(d.Digest), Blob: true, Size: d.Size})
		}
	}
	return out
}

func (t *Tree) place(d ref.Digest) Place { return Place{Repository: t.To.Repository, Digest: d} }

// ToCopy plans to bring trees to one registry, byte for byte: blobs that are
// not there yet, then manifests, children before their index, then tags. There
// has to be a view of every repository that a tag is set in, and seen has to
// name what is there of Tree.Places. Local is where trees without a source
// come from.
func ToCopy(views []View, trees []Tree, seen Presence, local string, o Options) (Plan, error) {
	if len(trees) == 0 || len(views) == 0 {
		return Plan{}, &RefusedError{Why: NothingSelected, Kind: fault.Invalid, Text: "nothing is selected"}
	}
	c := &copying{
		plan: Plan{Registry: trees[0].To.Host, Local: local, CreatedAt: o.At.UTC()},
		seen: seen, at: map[Place]int{}, needs: map[Place][]int{}, absent: map[Place]bool{}, holes: map[Place]string{},
		repairs: map[int]bool{}, kept: map[Place]bool{}, outside: map[ref.Digest]bool{}, source: o.Source,
	}
	for i := range trees {
		if err := c.tree(&trees[i]); err != nil {
			return Plan{}, err
		}
	}
	if err := c.refuseLacks(); err != nil {
		return Plan{}, err
	}
	if err := c.tags(views, trees, o); err != nil {
		return Plan{}, err
	}
	c.plan.Repository = commonTarget(trees)
	c.note()
	return c.plan, nil
}

func commonTarget(trees []Tree) string {
	for _, t := range trees {
		if t.To.Repository != trees[0].To.Repository {
			return ""
		}
	}
	return trees[0].To.Repository
}

type copying struct {
	plan    Plan
	seen    Presence
	at      map[Place]int       // the step that brings it
	needs   map[Place][]int     // the steps that what is there already waits for
	absent  map[Place]bool      // children that the source does not have
	holes   map[Place]string    // what the roots lack, by the source
	outside map[ref.Digest]bool // layers that no registry has
	kept    map[Place]bool      // blobs that need not be brought
	source  Source
	lacks   []lack       // what cannot be brought
	repairs map[int]bool // the steps that complete what is there already
}

func (c *copying) tree(t *Tree) error {
	byDigest := make(map[ref.Digest]image.Manifest, len(t.Manifests))
	for _, m := range t.Manifests {
		byDigest[m.Digest] = m
		if m.Kind == image.KindSchema1 {
			return &RefusedError{
				Why: Schema1, Kind: fault.Unsupported, Object: t.From.Name(), Digest: m.Digest,
				Text: m.Digest.Short() + " is a manifest of schema 1, which registries no longer take",
			}
		}
	}
	root := image.Descriptor{Digest: t.Root()}
	c.manifest(t, byDigest, root)
	return nil
}

// manifest plans to put one, after all that it refers to. One that is there stays,
// but what of its content is missing is brought. It returns the steps that whoever
// refers to it waits for.
func (c *copying) manifest(t *Tree, byDigest map[ref.Digest]image.Manifest, d image.Descriptor) []int {
	at := t.place(d.Digest)
	if i, ok := c.at[at]; ok {
		return []int{i}
	}
	m, ok := byDigest[d.Digest]
	if !ok {
		if c.seen[at] || c.needs[at] != nil {
			return c.needs[at]
		}
		c.absent[at] = t.Beside == "" // a list of referrers names what others have
		if c.absent[at] && c.holes[t.place(t.Root())] == "" {
			c.holes[t.place(t.Root())] = "the source does not have " + d.Digest.Short() + ", which it lists"
		}
		return nil
	}
	delete(byDigest, d.Digest) // made-up digests that form a circle end here
	var after []int
	for _, child := range m.Children {
		after = append(after, c.manifest(t, byDigest, child)...)
	}
	for _, blob := range m.Blobs() {
		what := "layer"
		if blob.Digest == m.Config.Digest {
			what = "config"
		}
		after = append(after, c.blob(t, blob, what)...)
	}
	c.leave(m)
	if c.seen[at] {
		c.repair(after)
		c.needs[at] = after
		return after
	}
	c.at[at] = len(c.plan.Steps)
	c.plan.Steps = append(c.plan.Steps, settled(Step{
		Kind: Put, Reference: t.digest(d.Digest), Digest: d.Digest, Manifest: &Manifest{MediaType: m.MediaType, Raw: m.Raw},
		Reason: t.reason(m, d), Collateral: t.Beside != "", After: after,
	}))
	return []int{c.at[at]}
}

// leave notes the layers that are in no registry.
func (c *copying) leave(m image.Manifest) {
	for _, d := range m.Layers {
		if d.IsForeign() {
			c.outside[d.Digest] = true
		}
	}
}

// repair notes that steps, and those that they wait for, complete what is there.
func (c *copying) repair(steps []int) {
	for _, i := range steps {
		if !c.repairs[i] {
			c.repairs[i] = true
			c.repair(c.plan.Steps[i].After)
		}
	}
}

func (t *Tree) digest(d ref.Digest) ref.Reference {
	return ref.Reference{Host: t.To.Host, Repository: t.To.Repository, Digest: d}
}

// reason says what a manifest is, in the words of the index that lists it as d.
func (t *Tree) reason(m image.Manifest, d image.Descriptor) string {
	switch {
	case m.Digest == t.Root():
		return cmp.Or(t.Beside, m.Kind.String())
	case d.IsAttestation():
		return "attestation"
	case d.Platform != nil && d.Platform.Known():
		return m.Kind.String() + " for " + d.Platform.String()
	}
	return m.Kind.String() + " that it lists"
}

func (c *copying) blob(t *Tree, d image.Descriptor, what string) []int {
	at := t.place(d.Digest)
	if i, ok := c.at[at]; ok {
		return []int{i}
	}
	if c.seen[at] {
		c.kept[at] = true
		return nil
	}
	if c.source.Lacks[t.origin(d.Digest)] && t.From.Host != "" {
		c.lacks = append(c.lacks, lack{t, what, d})
	}
	s := Step{
		Kind: CopyBlob, Reference: t.digest(d.Digest), Digest: d.Digest, Size: d.Size,
		Reason: what + ", " + image.ShortMediaType(d.MediaType), Collateral: t.Beside != "",
	}
	if t.From.Host != "" {
		s.From = ref.Reference{Host: t.From.Host, Repository: t.From.Repository, Digest: d.Digest}
	}
	c.at[at] = len(c.plan.Steps)
	c.plan.Steps = append(c.plan.Steps, s)
	return []int{c.at[at]}
}

// tags plans to point tags at the roots once these are there.
func (c *copying) tags(views []View, trees []Tree, o Options) error {
	r := newRetag(views)
	var tags Plan
	roots := map[ref.Reference]Place{}
	for i := range trees {
		t := &trees[i]
		if t.To.Tag == "" {
			continue
		}
		v, err := r.view(t.To)
		if err != nil {
			return err
		}
		s, err := v.point(t.To.Tag, t.Root())
		if err != nil {
			return err
		}
		s.Collateral = t.Beside != ""
		roots[s.Reference] = t.place(t.Root())
		tags.Steps = append(tags.Steps, s)
	}
	if err := r.finish(&tags, o); err != nil {
		return err
	}
	for _, s := range tags.Steps {
		s.After = c.needs[roots[s.Reference]]
		if i, ok := c.at[roots[s.Reference]]; ok {
			s.After = []int{i}
		}
		s = settled(s)
		c.plan.Steps = append(c.plan.Steps, s)
	}
	c.plan.Kept, c.plan.Risks = tags.Kept, tags.Risks
	return c.sparse(roots, o)
}

// sparse refuses to point tags at an index whose source lacks some of what it lists,
// unless that was asked for.
func (c *copying) sparse(roots map[ref.Reference]Place, o Options) error {
	for _, s := range c.plan.Steps {
		if root, ok := roots[s.Reference]; ok && c.holes[root] != "" {
			if o.Broken == nil {
				o.Broken = Broken{}
			}
			o.Broken[root] = c.holes[root]
			v := View{Registry: s.Reference.Host, Repository: s.Reference.Repository}
			if err := v.refuseBroken(s.Reference.Tag, s.Digest, o); err != nil {
				return err
			}
		}
	}
	brokenRisks(&c.plan, o)
	return nil
}

func toTransfer(bytes int64) string { return atMost + text.Bytes(bytes) + transfer }

const (
	atMost   = "at most "
	transfer = " to transfer"

	completes    = " what is there already, and not whole"
	thereAlready = " there already"
	failsCopy    = "; what is not there fails the copy"
	notInSource  = " not in the source: the index is copied as it is"
)

// note says what the steps do not.
func (c *copying) note() {
	add := func(n int, one, many, rest string) {
		if n > 0 {
			c.plan.Notes = append(c.plan.Notes, text.Plural(n, one, many)+rest)
		}
	}
	if sum := c.plan.Transfer(); sum > 0 {
		c.plan.Notes = append(c.plan.Notes, toTransfer(sum))
	}
	add(len(c.repairs), "step completes", "steps complete", completes)
	add(len(c.kept), "blob is", "blobs are", thereAlready)
	add(len(c.outside), "layer is", "layers are", " foreign: the content is not in a registry, and stays where it is")
	add(c.source.Unasked, "config or layer", "configs and layers", " of the source "+
		plural(c.source.Unasked == 1, "was", "were")+" not looked at: "+c.source.Why+failsCopy)
	absent := 0
	for _, counts := range c.absent {
		if counts {
			absent++
		}
	}
	add(absent, "listed manifest is", "listed manifests are", notInSource)
}
