package rollback

import (
	"cmp"
	"context"
	"slices"
	"time"

	"regatta/model/deploy"
	"regatta/model/rollback"
	"regatta/model/usage"
)

// PodsEvery is how often kubectl is asked what pods run.
const PodsEvery = 10 * time.Second

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
func (t *Following) workloads(ctx context.Context, all []*Case) (out []rollback.Workload, asking bool) {
	workloads := TrackedBy(all)
	said := map[Corner]pods{}
	for at := range ByCorner(workloads) {
		said[at] = t.podsOf(ctx, at)
		asking = asking || said[at].asking
	}
	out = make([]rollback.Workload, len(workloads))
	for i, one := range workloads {
		p, name := said[one.Corner()], one.Name(workloads)
		out[i] = rollback.Workload{
			Name: name, Restart: one.Workload.Restart(), Wanted: one.Case.Parts(), Err: p.failed, Caution: one.Caution(),
			Verdict: deploy.Going, Text: Unanswered,
		}
		if !p.at.IsZero() {
			out[i].Pods, out[i].Verdict, out[i].Text = one.Pods(p.set)
			t.tell(ctx, name, out[i].Verdict, out[i].Text)
		}
	}
	slices.SortFunc(out, func(a, b rollback.Workload) int { return cmp.Compare(a.Name, b.Name) })
	return out, asking
}

// podsOf is what kubectl has said of a namespace. Where that is too long ago it is
// asked anew, beside whoever looks.
func (t *Following) podsOf(ctx context.Context, at Corner) pods {
	t.mu.Lock()
	defer t.mu.Unlock()
	known := t.pods[at]
	if known == nil {
		known = &pods{}
		if t.pods == nil {
			t.pods = map[Corner]*pods{}
		}
		t.pods[at] = known
	}
	if !known.asking && (known.due || t.app.Now().Sub(known.at) >= PodsEvery) {
		known.asking, known.due = true, false
		go t.askPods(ctx, at, known)
	}
	return *known
}

func (t *Following) askPods(ctx context.Context, at Corner, into *pods) {
	set, failed, err := LookAtPods(ctx, t.app, at)
	t.mu.Lock()
	defer t.mu.Unlock()
	into.asking = false
	if err == nil { // else nobody looks any more
		into.at, into.set, into.failed = t.app.Now(), set, failed
	}
}
