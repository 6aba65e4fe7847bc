package survey_test

import (
	"testing"

	"regatta/model/journal"
	"regatta/model/plan"
	"regatta/model/ref"
	"regatta/registry/sandbox"
	"regatta/registry/survey"
)

// A tag does not go back to an index of which an image has lost a layer since, though its
// manifest is there.
func TestUndoLooksIntoTheChildrenOfAnIndex(t *testing.T) {
	t.Parallel()
	for _, cut := range []bool{false, true} {
		reg, c := newClient(t)
		multi := reg.PushIndex(repo, reg.PushImage(repo, sandbox.Image{Layers: []string{"amd"}}))
		reg.Tag(repo, "v1", multi, sandbox.Epoch())
		reg.Tag(repo, "v2", reg.PushImage(repo, sandbox.Image{Layers: []string{"two"}}), sandbox.Epoch())
		v, err := survey.View(t.Context(), c, repo, survey.Options{})
		must(t, err)
		at := func(tag string) ref.Reference { return ref.Reference{Host: v.Registry, Repository: repo, Tag: tag} }
		p, err := plan.ToRetag([]plan.View{v}, []plan.Move{{From: at("v2"), To: at("v1")}}, plan.Options{})
		must(t, err)
		s := &stockroom{Client: c}
		if cut {
			s.gone = []ref.Digest{ref.DigestOf([]byte("amd"))}
		}
		u, err := s.undo(t.Context(), journal.Run{
			Plan: p, Steps: []journal.Step{{Outcome: plan.Done, Saved: []ref.Digest{ref.Digest(multi)}}},
		}, nil)
		must(t, err)
		if u.Plan.Loses() != cut || len(u.Plan.Steps) == 0 != cut {
			t.Errorf("a layer is gone: %v, %d steps, lost %+v", cut, len(u.Plan.Steps), u.Plan.Lost)
		}
	}
}
