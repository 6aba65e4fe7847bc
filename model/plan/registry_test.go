package plan_test

import (
	"errors"
	"fmt"
	"maps"
	"slices"

	"regatta/model/graph"
	"regatta/model/image"
	"regatta/model/plan"
	"regatta/model/ref"
)

// registry is one repository as a strict registry would hold it. It shares
// nothing with the planner: it deletes no child of an index, takes no index
// without its children and no image without its blobs.
type registry struct {
	can       plan.Capabilities
	manifests map[ref.Digest]image.Manifest
	tags      map[string]ref.Digest
	blobs     map[ref.Digest]int64 // those that were ever pushed
}

func newRegistry(can plan.Capabilities) *registry {
	return &registry{
		can: can, manifests: map[ref.Digest]image.Manifest{}, tags: map[string]ref.Digest{},
		blobs: map[ref.Digest]int64{},
	}
}

func (r *registry) clone() *registry {
	return &registry{
		can: r.can, manifests: maps.Clone(r.manifests), tags: maps.Clone(r.tags), blobs: maps.Clone(r.blobs),
	}
}

func (r *registry) push(m image.Manifest, tags ...string) {
	r.manifests[m.Digest] = m
	for _, d := range append(slices.Clone(m.Layers), m.Config) {
		if d.Digest != "" {
			r.blobs[d.Digest] = d.Size
		}
	}
	for _, t := range tags {
		r.tags[t] = m.Digest
	}
}

// stored is the bytes that are left after garbage collection.
func (r *registry) stored() int64 {
	var n int64
	used := map[ref.Digest]bool{}
	for _, m := range r.manifests {
		n += int64(len(m.Raw))
		for _, d := range append(slices.Clone(m.Layers), m.Config) {
			used[d.Digest] = true
		}
	}
	for d := range used {
		n += r.blobs[d]
	}
	return n
}

// view reads the repository, in the order that shuffle gives.
func (r *registry) view(shuffle func([]ref.Digest) []ref.Digest) plan.View {
	g := graph.New()
	digests := slices.Sorted(maps.Keys(r.manifests))
	for _, d := range shuffle(digests) {
		g.Add(r.manifests[d])
	}
	for t, d := range r.tags {
		g.Tag(t, d)
	}
	for _, m := range r.manifests {
		for _, c := range m.Children {
			if _, ok := r.manifests[c.Digest]; !ok {
				g.Absent(c.Digest)
			}
		}
	}
	return plan.View{Registry: "registry.example", Repository: "shop/api", Graph: g, Can: r.can}
}

func inOrder(d []ref.Digest) []ref.Digest { return d }

// run carries a plan out, failing the step that has number fail.
func (r *registry) run(p plan.Plan, fail int) (plan.Ran, error) {
	ran := plan.Ran{Plan: p, Outcomes: make([]plan.Outcome, len(p.Steps)), Saved: map[ref.Digest]plan.Manifest{}}
	for i, s := range p.Steps {
		if m, ok := r.manifests[s.Loses()]; ok {
			ran.Saved[m.Digest] = plan.Manifest{MediaType: m.MediaType, Raw: m.Raw}
		}
		waits := slices.ContainsFunc(s.After, func(at int) bool { return !ran.Outcomes[at].Succeeded() })
		switch {
		case i == fail:
			ran.Outcomes[i] = plan.Failed
		case waits:
			ran.Outcomes[i] = plan.Skipped
		default:
			o, err := r.do(s)
			if err != nil {
				return ran, fmt.Errorf("step %d, %s %s: %w", i, s.Kind, s.Reference, err)
			}
			ran.Outcomes[i] = o
		}
	}
	return ran, nil
}

func (r *registry) do(s plan.Step) (plan.Outcome, error) {
	if s.Kind == plan.Put {
		return r.put(s)
	}
	if s.Kind == plan.Retag && r.tags[s.Reference.Tag] == s.Digest {
		return plan.Unchanged, nil
	}
	for _, e := range s.Expects() {
		_, there := r.manifests[e.Digest]
		if e.Tag != "" && r.tags[e.Tag] != e.Digest || e.Tag == "" && !there {
			return "", fmt.Errorf("drift: %s is at %s, want %s", e.Tag, r.tags[e.Tag], e.Digest)
		}
	}
	switch s.Kind {
	case plan.Retag:
		if _, ok := r.manifests[s.Digest]; !ok {
			return "", errors.New("manifest unknown")
		}
		r.tags[s.Reference.Tag] = s.Digest
	case plan.Untag:
		return plan.Done, r.untag(s.Reference.Tag)
	case plan.UntagByDummy:
		if r.can.ManifestDelete != plan.Yes {
			return "", errors.New("the dummy stays")
		}
		delete(r.tags, s.Reference.Tag)
	case plan.Delete:
		return plan.Done, r.delete(s)
	case plan.CopyBlob:
		r.blobs[s.Digest] = s.Size
	case plan.Put, plan.Pull, plan.LifecyclePolicy, plan.Archive, plan.Restore, plan.Deploy:
	}
	return plan.Done, nil
}

func (r *registry) put(s plan.Step) (plan.Outcome, error) {
	m, err := image.ParseManifest(s.Manifest.MediaType, s.Manifest.Raw)
	if err != nil || m.Digest != s.Digest {
		return "", fmt.Errorf("manifest invalid: %w", err)
	}
	if _, ok := r.manifests[s.Digest]; ok {
		return plan.Unchanged, nil
	}
	for _, c := range m.Children {
		if _, ok := r.manifests[c.Digest]; !ok {
			return "", fmt.Errorf("child %s is not there", c.Digest)
		}
	}
	for _, d := range append(slices.Clone(m.Layers), m.Config) {
		if _, ok := r.blobs[d.Digest]; !ok && d.Digest != "" {
			return "", fmt.Errorf("blob %s is not there", d.Digest)
		}
	}
	r.manifests[m.Digest] = m
	return plan.Done, nil
}

func (r *registry) untag(tag string) error {
	if r.can.TagDelete != plan.Yes {
		return errors.New("unsupported")
	}
	d := r.tags[tag]
	delete(r.tags, tag)
	if r.can.LastTagDeletes && len(r.tagsOf(d)) == 0 {
		delete(r.manifests, d)
	}
	return nil
}

func (r *registry) tagsOf(d ref.Digest) []string {
	var out []string
	for t, at := range r.tags {
		if at == d {
			out = append(out, t)
		}
	}
	return slices.Sorted(slices.Values(out))
}

func (r *registry) delete(s plan.Step) error {
	if r.can.ManifestDelete != plan.Yes {
		return errors.New("unsupported")
	}
	for _, m := range r.manifests {
		if slices.ContainsFunc(m.Children, func(c image.Descriptor) bool { return c.Digest == s.Digest }) {
			return fmt.Errorf("referenced by the index %s", m.Digest)
		}
	}
	going := r.tagsOf(s.Digest)
	if r.can.TaggedDelete == plan.No && len(going) > 0 {
		return errors.New("it still has tags")
	}
	for _, t := range going {
		if !slices.Contains(s.Tags, t) {
			return fmt.Errorf("the tag %s goes along and is not named", t)
		}
		delete(r.tags, t)
	}
	delete(r.manifests, s.Digest)
	return nil
}
