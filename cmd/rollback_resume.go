package cmd

import (
	"context"

	"regatta/cmd/app"
	rollbacks "regatta/cmd/app/rollback"
	"regatta/model/journal"
	"regatta/model/plan"
	"regatta/model/rollback"
)

// goneBack are the tags that a rollback was to take back, to be read back once it
// was resumed; none of another run. Of all runs a rollback alone was checked before
// it began, and of its tags those go back that were there.
func goneBack(s *app.App, r journal.Run) ([]*rollbacks.Case, error) {
	if len(r.About(journal.Checked)) == 0 || r.UndoOf != "" {
		return nil, nil
	}
	b, err := s.Open(r.Plan.Registry)
	if err != nil {
		return nil, err
	}
	var out []*rollbacks.Case
	for _, step := range r.Plan.Steps {
		if was := step.Expect.Digest; step.Kind == plan.Retag && was != "" && was != step.Digest {
			out = append(out, &rollbacks.Case{
				Backend: b, Facts: rollback.Facts{Tag: step.Reference}, Target: rollback.Candidate{Digest: step.Digest},
			})
		}
	}
	return out, nil
}

// verifyResumed reads the tags of a rollback back that was resumed, and writes down
// what it finds.
func (b *board) verifyResumed(ctx context.Context, id string, all []*rollbacks.Case, r plan.Result) {
	for _, l := range all {
		if !moved(r, l.Facts.Tag) {
			continue
		}
		checks := l.Verify(ctx)
		if ctx.Err() != nil {
			return
		}
		// That it cannot be written down is told where the next change is refused.
		_ = b.app.Journal().Remark(context.WithoutCancel(ctx), id, verifiedRemarks(l, checks)...)
		b.version.Add(1)
	}
}
