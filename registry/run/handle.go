package run

import (
	"context"
	"sync"
	"sync/atomic"

	"regatta/model/journal"
	"regatta/model/plan"
)

// Run is a plan that is being carried out. It is safe for concurrent use.
type Run struct {
	ends

	id     string
	plan   plan.Plan
	jour   Journal
	slots  chan struct{}
	watch  *watch
	meter  *meter
	doubt  []bool            // steps of which the journal knows the intent only
	tried  []bool            // steps that were asked for before this run went on
	unsure []bool            // steps that ended without it being known how
	calls  []call            // of the steps that deploy
	kinds  map[plan.Kind]int // how many steps there are of each
	nth    []int             // of each step, how many of its kind come before it
	after  [][]int           // of each step, those that wait for it
	kept   sync.Map          // manifests that the journal has of this run: ref.Digest
	wholes sync.Map          // images that were found whole: plan.Place
	lies   atomic.Bool       // the registry has said once that it did something, and had not
	// proving is set when all steps have ended and are looked at once more.
	proving bool
	cancel  context.CancelFunc
	ended   chan struct{}

	mu     sync.Mutex
	paused chan struct{} // not nil while paused; closed to go on
	active map[int]bool  // steps that have their turn
	result plan.Result
	err    error
}

func (r *Runner) launch(ctx context.Context, e ends, was journal.Run) *Run {
	ctx, cancel := context.WithCancel(ctx)
	run := &Run{
		ends: e, id: was.ID, plan: was.Plan, jour: r.o.Journal, slots: r.slotsOf(was.Plan.Registry),
		watch: newWatch(e.reg, was.Plan, r.o.Now), doubt: make([]bool, len(was.Steps)), cancel: cancel,
		unsure: make([]bool, len(was.Steps)), tried: make([]bool, len(was.Steps)),
		ended: make(chan struct{}), calls: make([]call, len(was.Steps)), result: was.Result(),
		kinds: map[plan.Kind]int{}, active: map[int]bool{}, after: make([][]int, len(was.Steps)),
	}
	run.watch.goes = run.going
	for i, s := range was.Plan.Steps {
		run.nth = append(run.nth, run.kinds[s.Kind])
		run.kinds[s.Kind]++
		for _, before := range s.After {
			run.after[before] = append(run.after[before], i)
		}
	}
	for i, s := range was.Steps {
		for _, d := range s.Saved {
			run.kept.Store(d, true)
		}
		run.doubt[i], run.tried[i] = s.Outcome == plan.Running, wasTried(s)
		if !s.Outcome.Succeeded() {
			run.result.Steps[i].Outcome, run.result.Steps[i].Error = plan.Pending, ""
		}
	}
	run.result.Count()
	run.meter = newMeter(run, r.o.Now)
	r.runs.Go(func() {
		defer cancel()
		run.carryOut(ctx)
	})
	return run
}

// ID is the run's name in the journal.
func (r *Run) ID() string { return r.id }

// Progress holds the newest snapshot that was not read yet, 20 a second at
// most. It is closed after the last one.
func (r *Run) Progress() <-chan plan.Progress { return r.meter.out }

// Pause starts no step until Resume. Steps under way are finished.
func (r *Run) Pause() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.paused == nil {
		r.paused = make(chan struct{})
		r.meter.pause(true)
	}
}

// Resume goes on after Pause.
func (r *Run) Resume() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.paused != nil {
		close(r.paused)
		r.paused = nil
		r.meter.pause(false)
	}
}

// Cancel starts no further step. Steps under way are finished: it is known how
// each one ended.
func (r *Run) Cancel() {
	r.meter.change(func(p *plan.Progress) { p.Cancelling = true })
	r.cancel()
}

// begin notes that a step has got its turn.
func (r *Run) begin(i int) {
	r.mu.Lock()
	r.active[i] = true
	r.mu.Unlock()
	r.meter.begins(r.plan.Steps[i])
}

func (r *Run) finish(i int) {
	r.mu.Lock()
	delete(r.active, i)
	r.mu.Unlock()
	r.meter.ends()
}

// Active reports whether a step is under way, not only written down as about to be.
func (r *Run) Active(step int) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.active[step]
}

// Wait returns how the run ended. The error says why the run could not go on or
// could not be written down; that steps failed is in the result.
func (r *Run) Wait() (plan.Result, error) {
	<-r.ended
	return r.result, r.err
}

// going is a channel that is closed when steps may start.
func (r *Run) going() <-chan struct{} {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.paused != nil {
		return r.paused
	}
	open := make(chan struct{})
	close(open)
	return open
}
