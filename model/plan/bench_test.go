package plan_test

import (
	"strconv"
	"testing"

	"regatta/model/image"
	"regatta/model/plan"
	"regatta/model/ref"
)

// large is a repository of n manifests: indexes of two platforms with a common
// base, each with a tag and a signature.
func large(b *testing.B, n int) (plan.View, plan.Selection, map[ref.Digest]plan.Manifest) {
	b.Helper()
	v, s, saved := view(nil), plan.Selection{}, map[ref.Digest]plan.Manifest{}
	for i := range n / 4 {
		name := strconv.Itoa(i)
		amd, arm := img(b, "amd"+name, "base", "a"+name), img(b, "arm"+name, "base", "b"+name)
		multi := index(b, amd, arm)
		for _, m := range []image.Manifest{amd, arm, multi, referrer(b, "sig", multi)} {
			v.Graph.Add(m)
			saved[m.Digest] = plan.Manifest{MediaType: m.MediaType, Raw: m.Raw}
		}
		v.Graph.Tag("v"+name, multi.Digest)
		s.Digests = append(s.Digests, multi.Digest)
	}
	return v, s, saved
}

func BenchmarkPlan(b *testing.B) {
	v, s, saved := large(b, 10_000)
	p, err := plan.ToDelete(v, s, options())
	if err != nil || len(p.Steps) != 10_000 {
		b.Fatal(len(p.Steps), err)
	}
	ran := plan.Ran{Plan: p, Saved: saved}
	for range p.Steps {
		ran.Outcomes = append(ran.Outcomes, plan.Done)
	}
	raw := []byte(encoded(b, p))
	var names []string
	for i := range 2_500 {
		names = append(names, "v"+strconv.Itoa(i))
	}
	for name, do := range map[string]func() error{
		"delete": func() error { _, err := plan.ToDelete(v, s, options()); return err },
		"untag":  func() error { _, err := plan.ToUntag(v, names, options()); return err },
		"check":  func() error { return plan.Check(p, v) },
		"decode": func() error { _, err := plan.Decode(raw); return err },
		"undo":   func() error { plan.Inverse(ran, nil, v.Can, options()); return nil },
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if err := do(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
