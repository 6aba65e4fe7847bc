package cmd

import (
	"cmp"
	"context"
	"slices"
	"time"

	rollbacks "regatta/cmd/app/rollback"
	"regatta/model/deploy"
	"regatta/model/usage"
	"regatta/ui/screen/rollback"
)

// podsEvery is how often kubectl is asked what pods run.
const podsEvery = 10 * time.Second

// pods are what kubectl has said of a namespace.
type pods struct {
	at     time.Time // of the answer, zero before the first
	asking bool
	due    bool // it is to be asked again
	set    usage.Set
	failed error
}

// workloads are how the pods of what follows the tags stand, by what kubectl has
// said last: nobody waits for it. asking reports whether it will say more.
func (t *trip) workloads(ctx context.Context, all []*rollbacks.Case) (out []rollback.Workload, asking bool) {
	workloads := trackedBy(all)
	said := map[corner]pods{}
	for at := range byCorner(workloads) {
		said[at] = t.podsOf(ctx, at)
		asking = asking || said[at].asking
	}
	out = make([]rollback.Workload, len(workloads))
	for i, one := range workloads {
		p, name := said[one.corner()], one.name(workloads)
		out[i] = rollback.Workload{
			Name: name, Restart: one.workload.Restart(), Wanted: one.lapse.Parts(), Err: p.failed, Caution: one.caution(),
			Verdict: deploy.Going, Text: unanswered,
		}
		if !p.at.IsZero() {
			out[i].Pods, out[i].Verdict, out[i].Text = one.pods(p.set)
			t.tell(ctx, name, out[i].Verdict, out[i].Text)
		}
	}
	slices.SortFunc(out, func(a, b rollback.Workload) int { return cmp.Compare(a.Name, b.Name) })
	return out, asking
}

// podsOf is what kubectl has said of a namespace. Where that is too long ago it is
// asked anew, beside whoever looks.
func (t *trip) podsOf(ctx context.Context, at corner) pods {
	t.mu.Lock()
	defer t.mu.Unlock()
	known := t.pods[at]
	if known == nil {
		known = &pods{}
		if t.pods == nil {
			t.pods = map[corner]*pods{}
		}
		t.pods[at] = known
	}
	if !known.asking && (known.due || t.app.Now().Sub(known.at) >= podsEvery) {
		known.asking, known.due = true, false
		go t.askPods(ctx, at, known)
	}
	return *known
}

func (t *trip) askPods(ctx context.Context, at corner, into *pods) {
	set, failed, err := lookAtPods(ctx, t.app, at)
	t.mu.Lock()
	defer t.mu.Unlock()
	into.asking = false
	if err == nil { // else nobody looks any more
		into.at, into.set, into.failed = t.app.Now(), set, failed
	}
}
