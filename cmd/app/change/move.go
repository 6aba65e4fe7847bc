package change

import (
	"context"

	"regatta/model/plan"
	"regatta/model/ref"
	"regatta/registry/local"
	"regatta/registry/survey"
)

// Retag plans to point tags at images of the same registry; where a tag is of another
// repository than its image, to copy that there.
func (p Planner) Retag(ctx context.Context, moves []plan.Move, o Asked) (plan.Plan, error) {
	for _, m := range moves {
		if m.From.Repository != m.To.Repository {
			return p.Copy(ctx, moves, false, o)
		}
	}
	v, err := p.View(ctx, moves[0].From, survey.Options{Digests: sources(moves)})
	if err != nil {
		return plan.Plan{}, err
	}
	with, err := p.App.Planning(ctx, moves[0].From.Host, o.InUse)
	if err != nil {
		return plan.Plan{}, err
	}
	with.NotWhole = o.NotWhole
	b, err := p.App.Open(moves[0].From.Host)
	if err != nil {
		return plan.Plan{}, err
	}
	tell, end := p.asking()
	defer end()
	return survey.Retag(ctx, b, []plan.View{v}, moves, with, tell)
}

// sources are the images of moves that are named by their digests.
func sources(moves []plan.Move) []ref.Digest {
	var out []ref.Digest
	for _, m := range moves {
		if m.From.Digest != "" {
			out = append(out, m.From.Digest)
		}
	}
	return out
}

// Copy reads what is to be copied and what is there of it. All of it comes from one
// registry, and goes to one.
func (p Planner) Copy(ctx context.Context, moves []plan.Move, referrers bool, o Asked) (plan.Plan, error) {
	from, err := p.App.Open(moves[0].From.Host)
	if err != nil {
		return plan.Plan{}, err
	}
	host := moves[0].To.Host
	to, err := p.App.Open(host)
	if err != nil {
		return plan.Plan{}, err
	}
	trees, err := survey.Trees(ctx, from, moves, referrers)
	if err != nil {
		return plan.Plan{}, err
	}
	with, err := p.App.Arriving(ctx, host)
	if err != nil {
		return plan.Plan{}, err
	}
	with.NotWhole = o.NotWhole
	tell, end := p.asking()
	defer end()
	made, err := survey.Copy(ctx, from, to, trees, "", with, tell)
	if err == nil && !referrers {
		made.Notes = append(made.Notes, "signatures and other referrers stay behind; --referrers takes them along")
	}
	return made, err
}

// Push plans to push an image from a place on this machine, as users name it; image says
// which, where there are several.
func (p Planner) Push(ctx context.Context, place, image string, to ref.Reference) (plan.Plan, error) {
	name, err := local.Parse(place)
	if err != nil {
		return plan.Plan{}, err
	}
	at, err := p.App.Place(name)
	if err != nil {
		return plan.Plan{}, err
	}
	manifests, err := at.Manifests(ctx, image)
	if err != nil {
		return plan.Plan{}, err
	}
	b, err := p.App.Open(to.Host)
	if err != nil {
		return plan.Plan{}, err
	}
	with, err := p.App.Arriving(ctx, to.Host)
	if err != nil {
		return plan.Plan{}, err
	}
	tell, end := p.asking()
	defer end()
	made, err := survey.Copy(ctx, nil, b, []plan.Tree{{To: to, Manifests: manifests}}, name, with, tell)
	if err != nil {
		return made, err
	}
	return made, survey.Sound(ctx, at, made)
}
