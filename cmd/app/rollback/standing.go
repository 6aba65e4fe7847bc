package rollback

import (
	"context"

	"regatta/model/journal"
	"regatta/model/rollback"
)

// standing is a rollback as it is meant to be now: its tags as it put them or, since
// it was reverted, as that did.
type standing struct {
	state

	run     journal.Run // the rollback, with the deployments that were started after it
	revert  journal.Run // the run that reverts it; without an ID there is none
	waiting bool        // a run has not ended
	started bool        // deployments of what the tags point to now were
}

// stand reads how a rollback stands, whoever reverts it and from where.
func (t *Following) stand(ctx context.Context) (standing, error) {
	out := standing{state: t.state()}
	r, err := t.app.Journal().Run(ctx, out.state.run)
	if err != nil {
		return out, err
	}
	out.run, out.waiting = r, !r.State.Ended()
	if id := rollback.RevertedBy(r); id != "" {
		if out.revert, err = t.app.Journal().Run(ctx, id); err != nil {
			return out, err
		}
		t.reverted(id)
		out.waiting = out.waiting || !out.revert.State.Ended()
		out.started = out.revert.State.Ended() && len(out.revert.Plan.Deploys()) > 0
		for i, l := range out.all {
			out.all[i] = sinceRevert(l, out.revert)
		}
	}
	for _, id := range out.deploys {
		one, err := t.app.Journal().Run(ctx, id)
		if err != nil {
			return out, err
		}
		out.waiting = out.waiting || !one.State.Ended()
		if !one.Started.Before(out.revert.Started) {
			out.started = one.State.Ended()
		}
		out.run = out.run.With(one)
	}
	return out, nil
}

// sinceRevert is the tag as a revert has left it: with the former image to be found there,
// if it was put back.
func sinceRevert(l *Case, revert journal.Run) *Case {
	d, ok := rollback.PutBack(l.Facts.Tag, revert)
	if !ok {
		return l
	}
	back := *l
	back.Target, back.Manifests = rollback.Candidate{Digest: d, Tags: l.Facts.Names(d)}, nil
	if d == l.Facts.Current {
		back.Manifests = l.Left
	}
	return &back
}

// reverted begins to watch anew once there is another run that reverts.
func (t *Following) reverted(by string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.undo == by {
		return
	}
	t.undo, t.began, t.asked, t.told, t.since = by, t.app.Now(), t.app.Now(), nil, nil
	for _, p := range t.pods {
		p.due = true
	}
}

// notable is the run that what is found now belongs to.
func (t *Following) notable() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.undo != "" {
		return t.undo
	}
	return t.run
}

// lapses are the tags, each as it is to be now.
func (t *Following) lapses(ctx context.Context) ([]*Case, error) {
	now, err := t.stand(ctx)
	return now.all, err
}
