package desk

import (
	"cmp"
	"context"
	"maps"
	"os"
	"slices"
	"sync"
	"sync/atomic"

	rollbacks "regatta/cmd/app/rollback"

	"regatta/cmd/app"
	"regatta/cmd/app/change"
	record "regatta/model/journal"
	"regatta/model/plan"
	"regatta/model/text"
	runs "regatta/registry/run"
	"regatta/ui/kit"
	"regatta/ui/screen/journal"
)

// Board is the changes of this session beside those of the journal: it starts
// them, follows them, and lets the screens look on.
type Board struct {
	app *app.App

	ctx     context.Context //nolint:containedctx // the terminal UI's lifetime: its end cancels what runs
	version atomic.Uint64

	mu          sync.Mutex
	live        map[string]*live
	interrupted []string // titles of runs that nobody carries out any more
}

// live is a run of this session.
type live struct {
	run      *runs.Run
	title    string
	undoes   bool
	back     plan.Verdict // how much of it an undo brings back
	progress plan.Progress
	paused   bool
	ended    bool
	result   plan.Result   // once it has ended
	done     chan struct{} // closed when nobody follows it any more
}

// NewBoard returns a Board without changes. Its changes are cancelled when ctx ends.
func NewBoard(ctx context.Context, s *app.App) *Board {
	return &Board{app: s, ctx: ctx, live: map[string]*live{}}
}

// LookBack finds the runs that a program before this one left unfinished. It
// makes no journal where there is none.
func (b *Board) LookBack() {
	if _, err := os.Stat(b.app.PathOfJournal()); err != nil {
		return
	}
	all, err := b.app.Journal().Runs(b.ctx, app.MostRuns)
	if err != nil {
		return // whoever opens the journal is told
	}
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, r := range all {
		if r.State == record.Interrupted {
			b.interrupted = append(b.interrupted, r.Title)
		}
	}
	b.version.Add(1)
}

// Unfinished is a sentence about the runs that were interrupted.
func (b *Board) Unfinished() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch len(b.interrupted) {
	case 0:
		return ""
	case 1:
		return "a change was interrupted (" + b.interrupted[0] + "): J shows it, to go on or to undo"
	}
	many := text.Plural(len(b.interrupted), "change was", "changes were")
	return many + " interrupted: J shows them, to go on or to undo"
}

// Start implements review.Starter.
func (b *Board) Start(p plan.Plan, title string) error {
	_, err := b.Begin(p, title, "")
	return err
}

// Begin begins a run, and returns its name.
func (b *Board) Begin(p plan.Plan, title, undoOf string, remarks ...record.Remark) (string, error) {
	r, err := change.Begin(b.ctx, b.app, p, title, undoOf, remarks...)
	if err != nil {
		return "", err
	}
	b.follow(r, record.Run{Title: title, Plan: p, UndoOf: undoOf}, func(plan.Result) {})
	return r.ID(), nil
}

// follow keeps the newest progress of a run until it has ended; then looks at what
// it has left.
func (b *Board) follow(r *runs.Run, what record.Run, then func(plan.Result)) {
	l := &live{
		run: r, title: what.Title, undoes: what.UndoOf != "", back: what.Plan.ComesBack(),
		progress: plan.Progress{Total: len(what.Plan.Steps)}, done: make(chan struct{}),
	}
	b.mu.Lock()
	b.live[r.ID()] = l
	b.mu.Unlock()
	b.version.Add(1)
	go func() {
		defer close(l.done)
		for p := range r.Progress() {
			b.mu.Lock()
			l.progress = p
			b.mu.Unlock()
			b.version.Add(1)
		}
		result, _ := r.Wait() // the outcome of every step is in the journal and in the last progress
		b.mu.Lock()
		l.ended, l.result = true, result
		b.mu.Unlock()
		b.version.Add(1)
		then(result)
	}()
}

// Version implements journal.Runs.
func (b *Board) Version() uint64 { return b.version.Load() }

// Runs implements journal.Runs.
func (b *Board) Runs(ctx context.Context) ([]journal.Entry, error) {
	all, err := b.app.Journal().Runs(ctx, app.MostRuns)
	out := make([]journal.Entry, 0, len(all))
	for _, r := range all {
		out = append(out, b.entry(r))
	}
	return out, err
}

// Run implements journal.Runs.
func (b *Board) Run(ctx context.Context, id string) (journal.Entry, error) {
	r, err := b.app.Journal().Run(ctx, id)
	return b.entry(r), err
}

// Record implements journal.Runs.
func (b *Board) Record(ctx context.Context, id string) (string, error) {
	return change.Planner{App: b.app}.Record(ctx, id)
}

func (b *Board) entry(r record.Run) journal.Entry {
	b.mu.Lock()
	defer b.mu.Unlock()
	e := journal.Entry{Run: r}
	if l, ok := b.live[r.ID]; ok {
		e.Progress, e.Paused = l.progress, l.paused && !l.ended
		if !l.ended {
			e.Steps = waiting(l.run, e.Steps)
		}
	}
	return e
}

// waiting tells the steps that are written down as about to act from those that have
// their turn.
func waiting(run *runs.Run, steps []record.Step) []record.Step {
	out := slices.Clone(steps)
	for i := range out {
		if out[i].Outcome == plan.Running && !run.Active(i) {
			out[i].Outcome = plan.Pending
		}
	}
	return out
}

// Cancel implements journal.Control.
func (b *Board) Cancel(id string) {
	b.with(id, func(l *live) { l.run.Cancel() })
}

// Pause implements journal.Control.
func (b *Board) Pause(id string, on bool) {
	b.with(id, func(l *live) {
		l.paused = on
		if on {
			l.run.Pause()
		} else {
			l.run.Resume()
		}
	})
	b.version.Add(1)
}

// Resume implements journal.Control.
func (b *Board) Resume(id string) error { return b.resume(id, false) }

// resume goes on with a run; with older its deletes may go by an older list of tags.
func (b *Board) resume(id string, older bool) error {
	was, err := b.app.Journal().Run(b.ctx, id)
	if err != nil {
		return err
	}
	back, err := rollbacks.GoneBack(b.app, was)
	if err != nil {
		return err
	}
	r, err := b.app.Runner().Resume(b.ctx, id, older)
	if err != nil {
		return err
	}
	b.follow(r, was, func(done plan.Result) { b.verifyResumed(b.ctx, was.ID, back, done) })
	return nil
}

func (b *Board) with(id string, do func(*live)) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if l, ok := b.live[id]; ok {
		do(l)
	}
}

// Wait returns when what runs has ended: after the terminal UI, steps under way
// are finished and written down.
func (b *Board) Wait() {
	b.mu.Lock()
	all := slices.Collect(maps.Values(b.live))
	b.mu.Unlock()
	for _, l := range all {
		<-l.done
	}
}

// Gauges are the runs of this session, for the header and the messages.
func (b *Board) Gauges() []kit.RunGauge {
	b.mu.Lock()
	defer b.mu.Unlock()
	out := make([]kit.RunGauge, 0, len(b.live))
	for id, l := range b.live {
		p := l.progress
		out = append(out, kit.RunGauge{
			ID: id, Title: l.title, Fraction: p.Fraction(), Ended: l.ended, Undoes: l.undoes,
			ComesBack: l.back, Undone: l.result.Undone(), Mind: l.result.Mind(),
		})
	}
	slices.SortFunc(out, func(x, y kit.RunGauge) int { return cmp.Compare(x.ID, y.ID) })
	return out
}
