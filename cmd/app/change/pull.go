package change

import (
	"context"
	"runtime"

	"regatta/cmd/app"
	"regatta/model/image"
	"regatta/model/plan"
	"regatta/model/ref"
	"regatta/model/text"
	"regatta/registry/local"
	"regatta/registry/survey"
)

// Pull plans to write images to a place as users name it. Of an index it takes the
// platform that is given, and all where none is and the place holds them.
func (p Planner) Pull(
	ctx context.Context, what []ref.Reference, to string, platform *image.Platform,
) (plan.Plan, error) {
	name, err := local.Parse(to)
	if err != nil {
		return plan.Plan{}, err
	}
	single := local.OneImage(name)
	if single && len(what) > 1 {
		return plan.Plan{}, app.Mistakef("%q holds one image; pull several into a directory", text.Clean(to))
	}
	if single && platform == nil {
		platform = &image.Platform{OS: "linux", Architecture: runtime.GOARCH}
	}
	place, err := p.App.Place(name)
	if err != nil {
		return plan.Plan{}, err
	}
	b, err := p.App.Open(what[0].Host)
	if err != nil {
		return plan.Plan{}, err
	}
	catches, err := survey.Catches(ctx, b, what, place, platform)
	if err != nil {
		return plan.Plan{}, err
	}
	made, err := plan.ToPull(catches, name, p.App.Options(what[0].Host))
	if err != nil {
		return plan.Plan{}, err
	}
	over, err := place.Replaces()
	return made.Replacing(over), err
}

// Landing is a plan of before that writes to a place, with what it would write over there
// now.
func (p Planner) Landing(was plan.Plan) (plan.Plan, error) {
	if was.Local == "" || !was.Has(plan.Pull) {
		return was, nil
	}
	place, err := p.App.Place(was.Local)
	if err != nil {
		return was, err
	}
	over, err := place.Replaces()
	return was.Landed().Replacing(over), err
}
