package rollback

import (
	"cmp"
	"context"

	"regatta/model/journal"
	"regatta/model/ref"
	"regatta/model/rollback"
)

// Look says how it stands. With again it looks as if for the first time: at what it would
// not look at yet, or any more.
func (t *Following) Look(ctx context.Context, again bool) (rollback.Sight, error) {
	if again {
		t.again()
	}
	now, err := t.stand(ctx)
	if err != nil {
		return rollback.Sight{}, err
	}
	out := rollback.Sight{Run: now.run, Watching: now.waiting, Soon: now.waiting, Deployed: now.started}
	ended := now.run.State.Ended()
	reverting := now.revert.ID != "" && !now.revert.State.Ended()
	for _, l := range now.all {
		v := rollback.Verified{Tag: l.Facts.Tag, Digest: l.Target.Digest}
		if ended && !reverting && Moved(now.run.Result(), l.Facts.Tag) {
			v.Checks = t.verified(ctx, l)
		}
		out.Tags = append(out.Tags, v)
		if now.revert.ID == "" {
			out.Next = cmp.Or(out.Next, NextName(l))
		}
	}
	if ended && ctx.Err() == nil {
		t.lookAround(ctx, now.state, &out)
	}
	return out, ctx.Err()
}

// readBack is a tag that was read back after a run.
type readBack struct {
	run string
	tag ref.Reference
}

// verified is a tag as it was read back once: after the rollback, and after that was
// reverted.
func (t *Following) verified(ctx context.Context, l *Case) []rollback.Check {
	at := readBack{t.notable(), l.Facts.Tag}
	t.mu.Lock()
	known, ok := t.checks[at]
	t.mu.Unlock()
	if ok {
		return known
	}
	checks := l.Verify(ctx)
	if ctx.Err() != nil {
		return nil
	}
	t.write(ctx, VerifiedRemarks(l, checks)...)
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.checks == nil {
		t.checks = map[readBack][]rollback.Check{}
	}
	t.checks[at] = checks
	return checks
}

// write adds to the record; that it cannot is told where the next change is
// refused.
func (t *Following) write(ctx context.Context, remarks ...journal.Remark) {
	_ = t.app.Journal().Remark(context.WithoutCancel(ctx), t.notable(), remarks...)
}
