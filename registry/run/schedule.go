package run

import (
	"context"
	"errors"
	"fmt"

	"regatta/model/fault"
	"regatta/model/journal"
	"regatta/model/plan"
)

// ending is how one step ended.
type ending struct {
	step    int
	outcome plan.Outcome
	err     error
	unsure  bool // it is not known whether it was done
	// unproven says that the registry has said so, and that nobody has looked.
	unproven bool
	waits    bool  // the registry does it by itself, and takes its time
	fatal    error // the journal failed: nothing more may start
}

// handsPerSlot is how many steps are under way for each that may be at the
// registry: the others wait for the disk, together.
const handsPerSlot = 4

// schedule hands out steps in an order that the plan allows.
type schedule struct {
	*Run

	waits   []int   // how many steps each still waits for
	next    [][]int // the steps that wait for it
	ready   []int
	later   []int // steps to look at in the end
	waiting []int // steps that the registry still carries out by itself
	left    int   // steps that have not ended
	running int
	work    chan int // to the hands
	ends    chan ending
	fatal   error
}

// carryOut runs all steps and ends the run. What is under way when ctx ends is
// finished.
func (r *Run) carryOut(ctx context.Context) {
	defer close(r.ended)
	s := newSchedule(r)
	s.before(ctx)
	s.hire(ctx)
	defer close(s.work)
	for s.left > 0 {
		if s.running == 0 && (len(s.ready) == 0 || ctx.Err() != nil || s.fatal != nil) {
			break
		}
		s.turn(ctx)
	}
	lasting := context.WithoutCancel(ctx)
	s.await(ctx)
	s.prove(ctx)
	s.giveUp(lasting, ctx.Err() != nil)
	s.compare(ctx)
	r.sayDoubt()
	r.result.Count()
	err := r.jour.End(lasting, r.id, journal.StateOf(r.result, ctx.Err() != nil))
	r.err = errors.Join(s.fatal, err)
	r.meter.finish(r.result)
}

// sayDoubt has the result say of steps whose end is not known what the journal says.
func (r *Run) sayDoubt() {
	r.result.InDoubt = 0
	for i := range r.result.Steps {
		if r.unsure[i] {
			r.result.Steps[i].Outcome = ending{unsure: true}.written()
			r.result.InDoubt++
		}
	}
}

func newSchedule(r *Run) *schedule {
	n := len(r.plan.Steps)
	s := &schedule{
		Run: r, waits: make([]int, n), next: make([][]int, n), ends: make(chan ending, n), work: make(chan int),
	}
	for i, step := range r.plan.Steps {
		if r.result.Steps[i].Outcome.Succeeded() {
			continue
		}
		s.left++
		for _, before := range step.After {
			if !r.result.Steps[before].Outcome.Succeeded() {
				s.waits[i]++
				s.next[before] = append(s.next[before], i)
			}
		}
		if s.waits[i] == 0 {
			s.ready = append(s.ready, i)
		}
	}
	return s
}

// hire starts the hands: what carries out step after step grows its stack once.
func (s *schedule) hire(ctx context.Context) {
	for range min(s.left, handsPerSlot*cap(s.slots)) {
		go func() {
			for i := range s.work {
				s.ends <- s.step(ctx, i)
			}
		}()
	}
}

// turn starts one step or takes in the end of one.
func (s *schedule) turn(ctx context.Context) {
	if len(s.ready) == 0 || ctx.Err() != nil || s.fatal != nil {
		s.takeIn(ctx, <-s.ends)
		return
	}
	select {
	case e := <-s.ends:
		s.takeIn(ctx, e)
		return
	case <-s.going():
	case <-ctx.Done():
		return
	}
	select {
	case e := <-s.ends:
		s.takeIn(ctx, e)
	case s.work <- s.ready[0]:
		s.started()
	case <-ctx.Done():
	}
}

// started notes that the first of the steps that are ready is under way.
func (s *schedule) started() {
	s.ready = s.ready[1:]
	s.running++
}

// takeIn notes how a step ended and what may start now.
func (s *schedule) takeIn(ctx context.Context, e ending) {
	s.running--
	if e.fatal != nil && s.fatal == nil {
		s.fatal = e.fatal
	}
	if e.waits {
		s.waiting = append(s.waiting, e.step)
		s.left--
		return
	}
	s.note(e)
	if e.unproven {
		s.later = append(s.later, e.step)
	}
	s.goOn(context.WithoutCancel(ctx), e.step, e.outcome.Succeeded())
}

// goOn starts or skips the steps that waited for one that has ended.
func (s *schedule) goOn(ctx context.Context, ended int, done bool) {
	for _, i := range s.next[ended] {
		if !done && !s.plan.Steps[i].Anyway() {
			s.skip(ctx, i, fmt.Sprintf("step %d, which comes before it, was not done", ended+1))
			continue
		}
		if s.waits[i]--; s.waits[i] == 0 && !s.result.Steps[i].Outcome.Ended() {
			s.ready = append(s.ready, i)
		}
	}
}

func (s *schedule) note(e ending) {
	s.left--
	why := ""
	if e.err != nil {
		why = s.why(e)
	}
	s.result.Steps[e.step].Outcome, s.result.Steps[e.step].Error = e.outcome, why
	s.unsure[e.step] = e.unsure
	s.meter.ended(e.step, e.outcome)
}

// skip ends a step, and those that wait for it, without trying. One in doubt stays so.
func (s *schedule) skip(ctx context.Context, i int, why string) {
	if s.result.Steps[i].Outcome.Ended() {
		return
	}
	e := ending{step: i, outcome: plan.Skipped, err: errors.New(why), unsure: s.doubt[i]}
	if err := s.jour.Settle(ctx, s.id, i, e.written(), s.why(e)); err != nil && s.fatal == nil {
		s.fatal = err
	}
	s.note(e)
	s.goOn(ctx, i, false)
}

// giveUp skips what was not started.
func (s *schedule) giveUp(ctx context.Context, cancelled bool) {
	why := "the journal could not be written"
	if cancelled {
		why = fault.Cancelled.String()
	}
	for i := range s.plan.Steps {
		if !s.result.Steps[i].Outcome.Ended() {
			s.skip(ctx, i, why)
		}
	}
}
