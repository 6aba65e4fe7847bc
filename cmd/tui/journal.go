package tui

import (
	"context"
	"strings"
	"sync"

	"regatta/cmd/app/change"
	rollbacks "regatta/cmd/app/rollback"
	record "regatta/model/journal"
	"regatta/model/plan"
	"regatta/ui/kit"
	"regatta/ui/screen/journal"
	"regatta/ui/screen/review"
)

func (w *wiring) journalScreen(com kit.Common) kit.Screen {
	return journal.New(com, journal.Wiring{Runs: w.board, Control: w.board, Undo: w.undoScreen, Rest: w.restScreen})
}

// restScreen is the plan of what is left of a run.
func (w *wiring) restScreen(e journal.Entry) kit.Screen {
	return w.planScreen(review.Wiring{
		Context: w.app.ContextOf(e.Plan.Registry), Title: "go on: " + e.Title, Verb: "Go on", Start: goingOn{w.board, e.ID},
		Plan: func(ctx context.Context) (plan.Plan, error) {
			if err := w.app.ReadOnly(e.Plan.Registry); err != nil {
				return plan.Plan{}, err
			}
			r, err := w.app.Journal().Run(ctx, e.ID)
			if err != nil {
				return plan.Plan{}, err
			}
			// What runs is named in the plan, which is confirmed by a word of its own.
			return w.planner().Rest(ctx, r, confirmed())
		},
	})
}

// goingOn resumes a run: its plan was written down when it began.
type goingOn struct {
	board *Board
	id    string
}

// Start implements review.Starter.
func (g goingOn) Start(rest plan.Plan, _ string) error {
	return g.board.resume(g.id, rest.GoesByOlder())
}

// undoScreen is the plan that undoes a run.
func (w *wiring) undoScreen(e journal.Entry) kit.Screen {
	c := w.app.ContextOf(e.Plan.Registry)
	u := &undoing{wiring: w, id: e.ID}
	return w.planScreen(review.Wiring{
		Context: c, Title: "undo: " + e.Title, Verb: "Undo", Plan: u.plan, Start: u, Settle: u.settle,
	})
}

// undoLastScreen is the plan that undoes the newest run that can be.
func (w *wiring) undoLastScreen(kit.Common) kit.Screen {
	u := &undoing{wiring: w}
	return w.planScreen(review.Wiring{
		Title: "undo the last change", Entitle: u.title, Verb: "Undo", Plan: u.plan, Start: u, Settle: u.settle,
	})
}

// undoing plans to undo a run, and writes down which one it was.
type undoing struct {
	*wiring

	mu   sync.Mutex
	id   string   // "" until the newest run is found
	also []string // runs that are undone with it
	what string   // what that run did, and where; "" until it is found
	says bool     // the plan says what it undoes, as the title does not
}

// title says what is undone, and in which registry.
func (u *undoing) title() string {
	u.mu.Lock()
	defer u.mu.Unlock()
	return "undo: " + u.what
}

func (u *undoing) plan(ctx context.Context) (plan.Plan, error) {
	r, err := u.find(ctx)
	if err != nil {
		return plan.Plan{}, err
	}
	if err := u.app.ReadOnly(r.Plan.Registry); err != nil {
		return plan.Plan{}, err
	}
	undo, err := u.planner().Undo(ctx, r, confirmed())
	if u.says {
		undo.Plan.Notes = append([]string{"undoes: " + r.Title}, undo.Plan.Notes...)
	}
	if err != nil {
		return undo.Plan, err
	}
	if undo.Plan, err = u.planner().EndIdle(ctx, r, undo.Plan); err != nil {
		return undo.Plan, err
	}
	return rollbacks.Deployable(ctx, u.app, undo.Plan)
}

// settle is what trying does, for the repository of the run.
func (u *undoing) settle(ctx context.Context) (tried bool, err error) {
	r, err := u.find(ctx)
	if err != nil || r.Plan.Empty() {
		return false, err
	}
	return change.TryIn(ctx, u.app, r.Plan.Steps[0].Reference)
}

func (u *undoing) find(ctx context.Context) (record.Run, error) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.id != "" {
		return u.named(ctx)
	}
	r, err := u.planner().Newest(ctx, "J lists the runs")
	if err == nil {
		u.id, u.what = r.ID, r.Title
		if !strings.Contains(r.Title, r.Plan.Registry) {
			u.what += " in " + r.Plan.Registry
		}
	}
	return r, err
}

// named is the run that is named, with those that are undone with it as if they
// were one.
func (u *undoing) named(ctx context.Context) (record.Run, error) {
	all, err := u.app.Journal().Run(ctx, u.id)
	for _, id := range u.also {
		if err != nil {
			break
		}
		var r record.Run
		r, err = u.app.Journal().Run(ctx, id)
		all = all.With(r)
	}
	return all, err
}

// Start implements review.Starter.
func (u *undoing) Start(p plan.Plan, title string) error {
	u.mu.Lock()
	defer u.mu.Unlock()
	_, err := u.board.start(p, title, u.id)
	return err
}
