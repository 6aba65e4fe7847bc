package plan

import (
	"reflect"
)

// Same reports whether two plans leave everything in the same state at the same
// risk and push the same. They may differ in whether tags are removed on their
// own or with their manifest, in what they note, and in what they free in the
// registry: what somebody pushes elsewhere changes that, and nothing that was
// confirmed. What they free in the repository is the same.
func Same(a, b Plan) bool {
	return reflect.DeepEqual(a.planned(), b.planned()) && reflect.DeepEqual(a.pushes(), b.pushes()) &&
		reflect.DeepEqual(a.Kept, b.Kept) && reflect.DeepEqual(a.Risks, b.Risks) && reflect.DeepEqual(a.Lost, b.Lost) &&
		a.ReclaimedBytes == b.ReclaimedBytes && a.Estimated == b.Estimated
}

// planned are the effects of the plan if all of it is done.
func (p Plan) planned() effects {
	all := make([]Outcome, len(p.Steps))
	for i := range all {
		all[i] = Done
	}
	return Ran{Plan: p, Outcomes: all}.effects()
}

// pushes are the references that something is pushed to, by how.
func (p Plan) pushes() map[string]Kind {
	out := map[string]Kind{}
	for _, s := range p.Steps {
		if s.Kind == UntagByDummy || s.Kind == Put || s.Kind == CopyBlob || s.Kind == Retag {
			out[s.Reference.String()] = s.Kind
		}
	}
	return out
}
