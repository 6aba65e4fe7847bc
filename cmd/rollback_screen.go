package cmd

import (
	"context"

	"regatta/model/catalog"
	"regatta/model/fault"
	"regatta/model/plan"
	"regatta/model/ref"
	model "regatta/model/rollback"
	"regatta/registry"
	"regatta/ui/kit"
	"regatta/ui/screen/review"
	"regatta/ui/screen/rollback"
)

// rollbackOf leads from a tag of a repository to what it can go back to.
func (w *wiring) rollbackOf(c catalog.Context, b registry.Backend, repository string) func(tag string) kit.Screen {
	return func(tag string) kit.Screen {
		return w.rollbackScreen(c, b, ref.Reference{Host: c.Host, Repository: repository, Tag: tag})
	}
}

func (w *wiring) rollbackScreen(c catalog.Context, b registry.Backend, r ref.Reference) kit.Screen {
	return rollback.New(w.com, rollback.Wiring{
		Context: c, Tag: r,
		Load: func(ctx context.Context) (rollback.Loaded, error) {
			l, uses, err := w.lapsed(ctx, r, keepPrefix)
			if err != nil {
				return rollback.Loaded{}, err
			}
			return rollback.Loaded{
				Current: l.facts.Current, History: l.history, Candidates: l.candidates, Notes: notAsked(uses),
			}, nil
		},
		Open: func(one model.Candidate) kit.Screen {
			at := ref.Reference{Host: r.Host, Repository: r.Repository, Digest: one.Digest}
			return w.imageScreen(c, b, at, one.Tags, false)
		},
		Plan: func(one model.Candidate, from ref.Digest) kit.Screen {
			return w.planScreen(review.Wiring{
				Context: c, Title: "roll back " + r.Tag + " of " + r.Repository + " to " + nameOf(one), Verb: "Roll back",
				Want: r.Tag, Start: w.board,
				Plan: func(ctx context.Context) (plan.Plan, error) { return w.backPlan(ctx, r, one, from) },
			})
		},
	})
}

func nameOf(one model.Candidate) string {
	if len(one.Tags) > 0 {
		return one.Tags[0]
	}
	return one.Digest.Short()
}

// backPlan checks what the tag is to go back to, and plans it. What the checks
// found is part of the plan.
func (w *wiring) backPlan(
	ctx context.Context, r ref.Reference, to model.Candidate, from ref.Digest,
) (plan.Plan, error) {
	l, uses, err := w.lapsed(ctx, r, keepPrefix)
	if err != nil {
		return plan.Plan{}, err
	}
	l.target, l.shown = to, from
	if err := w.preflight(ctx, l, uses, keepPrefix); err != nil {
		return plan.Plan{}, err
	}
	for _, c := range model.Blocked(l.checks) {
		return plan.Plan{}, &fault.Error{
			Op: "roll back", Object: r.String(), Kind: fault.Invalid, Detail: c.Name + ": " + c.Text,
		}
	}
	p, err := w.rollbackPlan(ctx, []*lapse{l}, keepPrefix)
	for _, c := range l.checks {
		if c.Level == model.Warn {
			p.Risks = append(p.Risks, plan.Risk{Kind: plan.Preflight, Reason: c.Name + ": " + c.Text})
		} else {
			p.Notes = append(p.Notes, "checked, "+c.Name+": "+c.Text)
		}
	}
	return p, err
}
