package rollback

import (
	"regatta/cmd/app"
	"regatta/model/journal"
	"regatta/model/plan"
	"regatta/model/rollback"
)

// GoneBack are the tags that a rollback was to take back, to be read back once it
// was resumed; none of another run. Of all runs a rollback alone was checked before
// it began, and of its tags those go back that were there.
func GoneBack(s *app.App, r journal.Run) ([]*Case, error) {
	if len(r.About(journal.Checked)) == 0 || r.UndoOf != "" {
		return nil, nil
	}
	b, err := s.Open(r.Plan.Registry)
	if err != nil {
		return nil, err
	}
	var out []*Case
	for _, step := range r.Plan.Steps {
		if was := step.Expect.Digest; step.Kind == plan.Retag && was != "" && was != step.Digest {
			out = append(out, &Case{
				Backend: b, Facts: rollback.Facts{Tag: step.Reference}, Target: rollback.Candidate{Digest: step.Digest},
			})
		}
	}
	return out, nil
}
