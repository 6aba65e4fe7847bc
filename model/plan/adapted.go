package plan

import "slices"

// Adapted is a plan that was made before it was known what the registry deletes: tags that
// go alone are removed by a dummy where it removes none alone. What nothing can be done
// about stays as it is: see Check.
func Adapted(p Plan, views ...View) Plan {
	deleted := map[Place]bool{}
	for _, s := range p.Steps {
		if s.Kind == Delete {
			deleted[Place{Repository: s.Reference.Repository, Digest: s.Digest}] = true
		}
	}
	steps := slices.Clone(p.Steps)
	for _, v := range views {
		if v.Registry != p.Registry || v.Can.TagDelete != No {
			continue
		}
		for i, s := range steps {
			at := Place{Repository: s.Reference.Repository, Digest: s.Digest}
			if s.Kind != Untag || at.Repository != v.Repository || deleted[at] {
				continue
			}
			if kind, err := v.untagKind(s.Reference.Tag, false); err == nil {
				steps[i].Kind = kind
			}
		}
	}
	p.Steps = steps
	return p
}
