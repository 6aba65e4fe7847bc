package desk

import (
	"context"
	"strings"
	"sync"

	"regatta/cmd/app/change"
	rollbacks "regatta/cmd/app/rollback"
	"regatta/model/catalog"
	record "regatta/model/journal"
	"regatta/model/plan"
	"regatta/ui/kit"
	"regatta/ui/screen/journal"
	"regatta/ui/screen/review"
)

// Journal is the screen of all runs.
func Journal(w *Desk, com kit.Common) kit.Screen {
	return journal.New(com, journal.Wiring{
		Runs: w.Board, Control: w.Board,
		Undo: func(e journal.Entry) kit.Screen { return undoScreen(w, e) },
		Rest: func(e journal.Entry) kit.Screen { return restScreen(w, e) },
	})
}

// restScreen is the plan of what is left of a run.
func restScreen(w *Desk, e journal.Entry) kit.Screen {
	return PlanScreen(w, review.Wiring{
		Context: w.App.ContextOf(e.Plan.Registry), Title: "go on: " + e.Title, Verb: "Go on", Start: goingOn{w.Board, e.ID},
		Plan: func(ctx context.Context) (plan.Plan, error) {
			if err := w.App.ReadOnly(e.Plan.Registry); err != nil {
				return plan.Plan{}, err
			}
			r, err := w.App.Journal().Run(ctx, e.ID)
			if err != nil {
				return plan.Plan{}, err
			}
			// What runs is named in the plan, which is confirmed by a word of its own.
			return Planner(w).Rest(ctx, r, Confirmed())
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
func undoScreen(w *Desk, e journal.Entry) kit.Screen {
	c := w.App.ContextOf(e.Plan.Registry)
	u := &undoing{desk: w, id: e.ID}
	return PlanScreen(w, review.Wiring{
		Context: c, Title: "undo: " + e.Title, Verb: "Undo", Plan: u.plan, Start: u, Settle: u.settle,
	})
}

// UndoLast is the plan that undoes the newest run that can be.
func UndoLast(w *Desk) kit.Screen {
	u := &undoing{desk: w}
	return PlanScreen(w, review.Wiring{
		Title: "undo the last change", Entitle: u.title, Verb: "Undo", Plan: u.plan, Start: u, Settle: u.settle,
	})
}

// undoing plans to undo a run, and writes down which one it was.
type undoing struct {
	desk *Desk

	mu   sync.Mutex
	id   string   // "" until the newest run is found
	also []string // runs that are undone with it
	what string   // what that run did, and where; "" until it is found
	says bool     // the plan says what it undoes, as the title does not
}

// Revert is the plan that undoes a run, and others with it as if they were one; title is
// what they did.
func Revert(w *Desk, c catalog.Context, title, run string, also []string) kit.Screen {
	u := &undoing{desk: w, id: run, also: also, says: true}
	return PlanScreen(w, review.Wiring{
		Context: c, Title: "revert: " + title, Verb: "Revert", Plan: u.plan, Start: u, Settle: u.settle,
	})
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
	if err := u.desk.App.ReadOnly(r.Plan.Registry); err != nil {
		return plan.Plan{}, err
	}
	undo, err := Planner(u.desk).Undo(ctx, r, Confirmed())
	if u.says {
		undo.Plan.Notes = append([]string{"undoes: " + r.Title}, undo.Plan.Notes...)
	}
	if err != nil {
		return undo.Plan, err
	}
	if undo.Plan, err = Planner(u.desk).EndIdle(ctx, r, undo.Plan); err != nil {
		return undo.Plan, err
	}
	return rollbacks.Deployable(ctx, u.desk.App, undo.Plan)
}

// settle is what trying does, for the repository of the run.
func (u *undoing) settle(ctx context.Context) (tried bool, err error) {
	r, err := u.find(ctx)
	if err != nil || r.Plan.Empty() {
		return false, err
	}
	return change.TryIn(ctx, u.desk.App, r.Plan.Steps[0].Reference)
}

func (u *undoing) find(ctx context.Context) (record.Run, error) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.id != "" {
		return u.named(ctx)
	}
	r, err := Planner(u.desk).Newest(ctx, "J lists the runs")
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
	all, err := u.desk.App.Journal().Run(ctx, u.id)
	for _, id := range u.also {
		if err != nil {
			break
		}
		var r record.Run
		r, err = u.desk.App.Journal().Run(ctx, id)
		all = all.With(r)
	}
	return all, err
}

// Start implements review.Starter.
func (u *undoing) Start(p plan.Plan, title string) error {
	u.mu.Lock()
	defer u.mu.Unlock()
	_, err := u.desk.Board.Begin(p, title, u.id)
	return err
}
