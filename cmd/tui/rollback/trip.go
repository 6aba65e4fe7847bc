package rollback

import (
	"errors"

	rollbacks "regatta/cmd/app/rollback"
	"regatta/cmd/tui/desk"
	"regatta/model/catalog"
	"regatta/model/plan"
	"regatta/model/ref"
	model "regatta/model/rollback"
	"regatta/ui/kit"
	"regatta/ui/screen/images"
	"regatta/ui/screen/review"
	"regatta/ui/screen/rollback"
)

// trip leads through a rollback: from its plan to what it has left, and on from there.
type trip struct {
	*rollbacks.Following

	desk    *desk.Desk
	context catalog.Context
}

// backScreen is the plan of going back.
func backScreen(w *desk.Desk, c catalog.Context, goals []model.Goal) kit.Screen {
	t := &trip{desk: w, Following: rollbacks.Follow(w.App, goals), context: c}
	return desk.PlanScreen(t.desk, review.Wiring{
		Context: t.context, Title: "roll back " + t.Title(), Verb: "Roll back", Want: rollbacks.Typed(t.Tags()),
		Start: t, Then: t.after, Plan: t.Plan, Remedy: t.remedy,
	})
}

// Start implements review.Starter.
func (t *trip) Start(p plan.Plan, title string) error {
	id, err := t.desk.Board.Begin(p, title, "", t.Remarks()...)
	t.Started(id)
	return err
}

// after is the screen of what the rollback has left.
func (t *trip) after() kit.Screen {
	return rollback.NewAfter(t.desk.Common, rollback.AfterWiring{
		Context: t.context, What: t.Title(), Follow: t, Deploy: t.deployScreen, Revert: t.revert,
		Next: func() kit.Screen { return backScreen(t.desk, t.context, t.Next()) },
	})
}

// deploying starts deployments, and notes the run that does.
type deploying struct{ *trip }

// Start implements review.Starter.
func (d deploying) Start(p plan.Plan, title string) error {
	id, err := d.desk.Board.Begin(p, title, "")
	if err == nil {
		d.Deployed(id)
	}
	return err
}

func (t *trip) deployScreen() kit.Screen {
	return desk.PlanScreen(t.desk, review.Wiring{
		Context: t.context, Title: "deploy what follows " + t.Tags()[0].Tag, Verb: "Deploy", Start: deploying{t},
		Plan: t.DeployPlan,
	})
}

// revert is the plan that undoes the rollback, with what was deployed.
func (t *trip) revert() kit.Screen {
	run, deploys := t.Runs()
	return desk.Revert(t.desk, t.context, t.Title(), run, deploys)
}

// remedy is the plan that restores what is in the archive.
func (t *trip) remedy(why error) *review.Remedy {
	var archived rollbacks.ArchivedError
	if !errors.As(why, &archived) {
		return nil
	}
	g := archived.Goal
	into := images.Changes{}
	desk.Archiving(t.desk, &into, t.context, g.Tag.Repository)
	return &review.Remedy{Says: "restores it", Plan: func() kit.Screen {
		return into.Restore([]ref.Digest{g.To.Digest}, "restore "+g.To.Name()+" of "+g.Tag.Repository)
	}}
}
