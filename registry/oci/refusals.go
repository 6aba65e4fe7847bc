package oci

import (
	"context"
	"errors"
	"sync"

	"regatta/model/plan"
)

// refusals tell what the registry would not delete, and writes each change of
// that down once: a run of many deletes costs one row.
type refusals struct {
	host string
	keep Refusals

	mu   sync.Mutex
	last map[refusalAt]bool // whether it was refused the last time, by this program
}

type refusalAt struct {
	repository string
	kind       plan.Kind
}

// before is what is kept. A memory that cannot be read is none: the plan says
// then that it is not known.
func (r *refusals) before(ctx context.Context, repo string, kind plan.Kind) plan.Refusal {
	if r.keep == nil {
		return plan.Refusal{}
	}
	all, err := r.keep.Refusals(ctx, r.host, repo)
	if err != nil {
		return plan.Refusal{}
	}
	return all[kind]
}

func (r *refusals) note(repo string, kind plan.Kind, err error) {
	status, ok := errors.AsType[statusError](err)
	if ok && r.changes(repo, kind, true) {
		_ = r.keep.NoteRefusal(r.host, repo, kind, int(status)) // who cannot write it down is told by the store
	}
}

// forget is for a delete that was done. That something made up is not found is no
// such proof: there are registries that refuse only what is there.
func (r *refusals) forget(repo string, kind plan.Kind) {
	if r.changes(repo, kind, false) {
		_ = r.keep.ForgetRefusal(r.host, repo, kind) // it is tried again at the next run
	}
}

func (r *refusals) changes(repo string, kind plan.Kind, now bool) bool {
	if r.keep == nil {
		return false
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	at := refusalAt{repo, kind}
	if was, ok := r.last[at]; ok && was == now {
		return false
	}
	if r.last == nil {
		r.last = map[refusalAt]bool{}
	}
	r.last[at] = now
	return true
}
