package change

import (
	"context"
	"time"

	"regatta/model/cleanup"
	"regatta/model/plan"
	"regatta/model/ref"
	"regatta/registry/local"
	"regatta/registry/survey"
)

// Delete plans to remove images, and what only they need. Archive, if it is given, is
// the OCI image layout that keeps them first.
func (p Planner) Delete(ctx context.Context, what Named, archive string, o Asked) (plan.Plan, error) {
	v, err := p.View(ctx, what.In, survey.Options{Digests: what.Digests, Referrers: true})
	if err != nil {
		return plan.Plan{}, err
	}
	with, err := p.App.Planning(ctx, what.In.Host, o.InUse)
	if err != nil {
		return plan.Plan{}, err
	}
	with.SlowList = o.SlowList
	b, err := p.App.Open(what.In.Host)
	if err != nil {
		return plan.Plan{}, err
	}
	tell, end := p.asking()
	defer end()
	selected := plan.Selection{Digests: what.Digests, Tags: what.Tags, WithTags: what.WithTags}
	made, err := survey.Delete(ctx, b, v, selected, with, tell)
	if err != nil {
		return made, err
	}
	return p.archivedFirst(ctx, v, made, archive)
}

// asking counts how often repositories are asked what they hold.
func (p Planner) asking() (Progress, func()) { return p.begin("check", "blobs") }

// Untag plans to remove tags and nothing else.
func (p Planner) Untag(ctx context.Context, in ref.Reference, tags []string, o Asked) (plan.Plan, error) {
	v, err := p.View(ctx, in, survey.Options{})
	if err != nil {
		return plan.Plan{}, err
	}
	with, err := p.App.Planning(ctx, in.Host, o.InUse)
	if err != nil {
		return plan.Plan{}, err
	}
	b, err := p.App.Open(in.Host)
	if err != nil {
		return plan.Plan{}, err
	}
	tell, end := p.asking()
	defer end()
	return survey.Untag(ctx, b, v, tags, with, tell)
}

// archivedFirst is a plan that keeps what it deletes in the layout dir first, if one
// is given.
func (p Planner) archivedFirst(ctx context.Context, v plan.View, made plan.Plan, dir string) (plan.Plan, error) {
	if dir == "" || made.Empty() {
		return made, nil
	}
	name, err := local.Parse("oci:" + dir)
	if err != nil {
		return made, err
	}
	place, err := p.App.Place(name)
	if err != nil {
		return made, err
	}
	b, err := p.App.Open(v.Registry)
	if err != nil {
		return made, err
	}
	catches, err := survey.Catches(ctx, b, v.Whole(made), place, nil)
	if err != nil {
		return made, err
	}
	return plan.Archived(made, catches, name), nil
}

// Pruning is a repository, as it was read, and the rules that it is pruned by.
type Pruning struct {
	View    plan.View
	Stock   *cleanup.Stock
	Rules   cleanup.Rules
	Archive string // the layout that keeps first what goes; "" is none
}

// Prune is what rules ask for, and the plan to do it. What somebody runs stays.
func (p Planner) Prune(ctx context.Context, in Pruning, at time.Time, o Asked) (*cleanup.Selection, plan.Plan, error) {
	with, err := p.App.Planning(ctx, in.View.Registry, o.InUse)
	if err != nil {
		return nil, plan.Plan{}, err
	}
	b, err := p.App.Open(in.View.Registry)
	if err != nil {
		return nil, plan.Plan{}, err
	}
	with.SlowList = o.SlowList
	with.Rules.Protected = append(with.Rules.Protected, in.Rules.Protected...)
	in.Rules.InUse = cleanup.Running(with.Uses.Uses(in.View.Registry, in.View.Repository))
	found := in.Stock.Evaluate(in.Rules, at)
	tell, end := p.asking()
	defer end()
	made, err := survey.Prune(ctx, b, in.View, found.Pruning(), with, tell)
	if err != nil {
		return found, made, err
	}
	made, err = p.archivedFirst(ctx, in.View, made, in.Archive)
	return found, made, err
}
