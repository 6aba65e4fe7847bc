package desk

import (
	"context"
	"path/filepath"

	"regatta/cmd/app"
	"regatta/cmd/app/change"
	"regatta/model/catalog"
	"regatta/model/fault"
	"regatta/model/plan"
	"regatta/model/ref"
	"regatta/ui/kit"
	"regatta/ui/screen/review"
)

// Planner makes the plans of the terminal UI: nothing is tried before they are confirmed.
func Planner(w *Desk) change.Planner { return change.Planner{App: w.App} }

// Confirmed is what may be done on a screen: whatever is not safe is named in the plan,
// and is confirmed by a word of its own.
func Confirmed() change.Asked {
	return change.Asked{InUse: true, NotWhole: true, SlowList: plan.WhereSlow}
}

// proposing leads to the plan that build makes.
type proposing = func(title, verb string, build func(context.Context) (plan.Plan, error)) kit.Screen

// starting leads to plans that begin once they are confirmed.
func starting(w *Desk, c catalog.Context) proposing {
	return func(title, verb string, build func(context.Context) (plan.Plan, error)) kit.Screen {
		return Proposed(w, c, title, verb, build, w.Board)
	}
}

// Proposed is the plan that build makes, which start begins once it is confirmed.
func Proposed(w *Desk,
	c catalog.Context, title, verb string, build func(context.Context) (plan.Plan, error), start review.Starter,
) kit.Screen {
	return PlanScreen(w, review.Wiring{Context: c, Title: title, Verb: verb, Plan: build, Start: start})
}

// PlanScreen is the screen of a plan, which can be saved there.
func PlanScreen(w *Desk, in review.Wiring) kit.Screen {
	in.Save = func(p plan.Plan) (string, error) { return savePlan(w.App, p) }
	return review.New(w.Common, in)
}

// Trying tries what a registry deletes in a repository, if that is not known.
func Trying(w *Desk, r ref.Reference) func(context.Context) (bool, error) {
	return func(ctx context.Context) (tried bool, err error) { return change.TryIn(ctx, w.App, r) }
}

// savePlan writes a plan into the working directory, for review and for apply.
// It never overwrites a file.
func savePlan(s *app.App, p plan.Plan) (string, error) {
	raw, err := plan.Encode(p)
	if err != nil {
		return "", err
	}
	path := filepath.Join(s.Dir, "regatta-plan-"+s.Now().UTC().Format("20060102-150405")+".json")
	if err := app.WriteNew(path, raw); err != nil {
		return "", &fault.Error{Op: "save plan to", Object: path, Err: err}
	}
	return path, nil
}
