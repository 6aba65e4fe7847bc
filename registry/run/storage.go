package run

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"regatta/model/fault"
	"regatta/model/image"
	"regatta/model/plan"
	"regatta/model/ref"
	"regatta/model/text"
	"regatta/registry/ability"
)

const (
	// lookEvery is how often it is looked whether images are back.
	lookEvery = 20 * time.Second
	// awaitAtMost is how long a restore is waited for: twice what it takes at
	// most (API reference, UpdateImageStorageClass).
	awaitAtMost = 40 * time.Minute
	// storagesAtOnce is how many images are looked at together.
	storagesAtOnce = 100
)

func (r *Run) archiver(s plan.Step) (ability.Archive, error) {
	if a := r.reg.Abilities().Archive; a != nil {
		return a, nil
	}
	return nil, &fault.Error{
		Op: string(s.Kind), Object: s.Reference.String(), Kind: fault.Unsupported, Detail: "the registry has no archive",
	}
}

func (r *Run) move(ctx context.Context, s plan.Step) error {
	a, err := r.archiver(s)
	switch {
	case err != nil:
		return err
	case s.Kind == plan.Archive:
		return a.Archive(ctx, s.Reference.Repository, s.Digest)
	}
	return a.Restore(ctx, s.Reference.Repository, s.Digest)
}

func (r *Run) lookStored(ctx context.Context, s plan.Step) (sight, error) {
	a, err := r.archiver(s)
	if err != nil {
		return drift, err
	}
	all, err := a.Storages(ctx, s.Reference.Repository, []ref.Digest{s.Digest})
	if err != nil {
		return drift, err
	}
	return storedSight(s, all)
}

// apart tells what is there, and where it cannot be read: the plan has said that
// it cannot be put back.
func (r *Run) apart(ctx context.Context, s plan.Step) bool {
	a := r.reg.Abilities().Archive
	if a == nil {
		return false
	}
	all, err := a.Storages(ctx, s.Reference.Repository, []ref.Digest{s.Digest})
	at, there := all[s.Digest]
	return err == nil && there && at != image.Standard
}

// storedSight is how a step stands where its image is stored as it says.
func storedSight(s plan.Step, all map[ref.Digest]image.Storage) (sight, error) {
	at, there := all[s.Digest]
	switch {
	case !there:
		return drift, changed(s, "the image is gone")
	case at == image.Restoring && s.Kind == plan.Archive:
		return drift, changed(s, "somebody is bringing it back from the archive")
	case at == image.Restoring:
		return underway, nil
	}
	return seen((at == image.Archived) == (s.Kind == plan.Archive)), nil
}

// await looks now and then whether images are back from the archive. All other
// steps have ended, and no place at the registry is held meanwhile. Cancelled,
// it leaves them in doubt in the journal: resuming looks again.
func (s *schedule) await(ctx context.Context) {
	for waited := time.Duration(0); len(s.waiting) > 0; waited += lookEvery {
		s.meter.change(func(p *plan.Progress) {
			p.Running = len(s.waiting)
			p.Current = fmt.Sprintf("%s on the way back from the archive, for %s; it takes up to 20m",
				text.Plural(len(s.waiting), "image", "images"), text.Took(waited))
		})
		t := time.NewTimer(lookEvery)
		select {
		case <-t.C:
		case <-ctx.Done():
		}
		t.Stop()
		switch {
		case ctx.Err() != nil:
			s.leave(ctx, "it is on its way back from the archive, and goes on by itself: nobody has waited for it")
		case waited >= awaitAtMost:
			s.leave(ctx, "it was not back from the archive after "+text.Took(awaitAtMost)+"; resume the run to look again")
		default:
			s.lookAtWaiting(ctx)
		}
	}
	s.meter.change(func(p *plan.Progress) { p.Running = 0 })
}

// leave ends what is waited for without its end being known.
func (s *schedule) leave(ctx context.Context, why string) {
	for _, i := range s.waiting {
		s.settle(ctx, ending{step: i, outcome: plan.Failed, err: errors.New(why), unsure: true})
	}
	s.waiting = nil
}

// settle writes down the end of a step that was waited for, also once nobody
// waits any more.
func (s *schedule) settle(ctx context.Context, e ending) {
	why := ""
	if e.err != nil {
		why = sentence(e.err)
	}
	if err := s.jour.Settle(context.WithoutCancel(ctx), s.id, e.step, e.written(), why); err != nil && s.fatal == nil {
		s.fatal = err
	}
	s.left++ // note takes it off
	s.note(e)
}

// lookAtWaiting ends the steps whose images are where they are to be. What
// cannot be asked is asked the next time.
func (s *schedule) lookAtWaiting(ctx context.Context) {
	var still []int
	for part := range slices.Chunk(s.waiting, storagesAtOnce) {
		for repo, steps := range s.byRepository(part) {
			still = append(still, s.lookAtSome(ctx, repo, steps)...)
		}
	}
	slices.Sort(still)
	s.waiting = still
}

func (s *schedule) byRepository(steps []int) map[string][]int {
	out := map[string][]int{}
	for _, i := range steps {
		repo := s.plan.Steps[i].Reference.Repository
		out[repo] = append(out[repo], i)
	}
	return out
}

// lookAtSome returns those of the steps that are still waited for.
func (s *schedule) lookAtSome(ctx context.Context, repo string, steps []int) []int {
	a, err := s.archiver(s.plan.Steps[steps[0]])
	if err != nil {
		return steps
	}
	digests := make([]ref.Digest, len(steps))
	for n, i := range steps {
		digests[n] = s.plan.Steps[i].Digest
	}
	all, err := a.Storages(ctx, repo, digests)
	var still []int
	for _, i := range steps {
		at, drifted := underway, error(nil)
		if err == nil {
			at, drifted = storedSight(s.plan.Steps[i], all)
		}
		switch {
		case err != nil && (passing(err, 1) || ctx.Err() != nil), at == underway:
			still = append(still, i)
		case err != nil:
			s.settle(ctx, ending{step: i, outcome: plan.Failed, err: err, unsure: true})
		case at == wanted:
			s.settle(ctx, ending{step: i, outcome: plan.Done})
		case drifted != nil:
			s.settle(ctx, ending{step: i, outcome: plan.Failed, err: drifted})
		default:
			s.settle(ctx, ending{step: i, outcome: plan.Failed, err: changed(s.plan.Steps[i], "it is in the archive again")})
		}
	}
	return still
}
