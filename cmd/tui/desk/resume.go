package desk

import (
	"context"

	rollbacks "regatta/cmd/app/rollback"
	"regatta/model/plan"
)

// verifyResumed reads the tags of a rollback back that was resumed, and writes down
// what it finds.
func (b *Board) verifyResumed(ctx context.Context, id string, all []*rollbacks.Case, r plan.Result) {
	for _, l := range all {
		if !rollbacks.Moved(r, l.Facts.Tag) {
			continue
		}
		checks := l.Verify(ctx)
		if ctx.Err() != nil {
			return
		}
		// That it cannot be written down is told where the next change is refused.
		_ = b.app.Journal().Remark(context.WithoutCancel(ctx), id, rollbacks.VerifiedRemarks(l, checks)...)
		b.version.Add(1)
	}
}
