package journal

import (
	"slices"

	"regatta/model/plan"
	"regatta/model/ref"
)

// WithDeployments is the run followed by those of all, the newest first, that came
// after it and deployed what it had set its tags to, before another run has set
// them: they have no other reason.
func (r Run) WithDeployments(all []Run) Run {
	set := r.setTags()
	at := slices.IndexFunc(all, func(one Run) bool { return one.ID == r.ID })
	for _, next := range slices.Backward(all[:max(0, at)]) {
		if next.deploys(set) {
			r = r.With(next)
		}
		for tag := range next.setTags() {
			delete(set, tag)
		}
	}
	return r
}

// setTags are the tags that the run has set, and what to; those that it has removed
// are there too.
func (r Run) setTags() map[ref.Reference]ref.Digest {
	out := map[ref.Reference]ref.Digest{}
	for i, s := range r.Plan.Steps {
		tags := s.Kind == plan.Retag || s.Kind == plan.Untag || s.Kind == plan.UntagByDummy
		if tags && i < len(r.Steps) && r.Steps[i].Outcome.Succeeded() {
			out[s.Reference] = s.Digest
		}
	}
	return out
}

// deploys reports whether the run does nothing but deploy what tags were set to.
func (r Run) deploys(set map[ref.Reference]ref.Digest) bool {
	for _, s := range r.Plan.Steps {
		if d, ok := set[s.Reference]; s.Kind != plan.Deploy || !ok || d != s.Digest {
			return false
		}
	}
	return len(r.Plan.Steps) > 0 && r.UndoOf == ""
}

// DeployedOver reports whether the run did nothing but start deployments, and each of its
// services was deployed anew by an undo since: newer are the runs after it. There is
// nothing left of it to undo.
func (r Run) DeployedOver(newer []Run) bool {
	over := map[string]bool{}
	for _, n := range newer {
		if n.UndoOf == "" {
			continue
		}
		for _, s := range n.Plan.Deploys() {
			over[s.Service()] = true
		}
	}
	for _, s := range r.Plan.Steps {
		if s.Kind != plan.Deploy || !over[s.Service()] {
			return false
		}
	}
	return len(r.Plan.Steps) > 0
}
