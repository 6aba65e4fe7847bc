package cmd

import (
	"context"
	"slices"
	"time"

	"regatta/cmd/app"
	rollbacks "regatta/cmd/app/rollback"
	model "regatta/model/deploy"
	"regatta/model/usage"
	sources "regatta/registry/usage"
)

// corner is a namespace of a cluster: what runs there is asked for at once.
type corner struct{ context, namespace string }

// tracked is a workload of Kubernetes that follows a tag on its way back.
type tracked struct {
	lapse    *rollbacks.Case
	workload model.Workload
}

func (t tracked) corner() corner { return corner{t.workload.Context, t.workload.Namespace} }

// trackedBy are the workloads that follow the tags.
func trackedBy(all []*rollbacks.Case) []tracked {
	var out []tracked
	for _, l := range all {
		for _, w := range model.Workloads(l.Facts.Uses, l.Facts.Tag.Tag) {
			out = append(out, tracked{l, w})
		}
	}
	return out
}

// byCorner are the workloads of each namespace.
func byCorner(all []tracked) map[corner][]tracked {
	out := map[corner][]tracked{}
	for _, one := range all {
		out[one.corner()] = append(out[one.corner()], one)
	}
	return out
}

// caution is why starting it anew may not be enough.
func (t tracked) caution() string {
	return t.workload.Caution(t.lapse.Facts.Uses, t.lapse.Facts.Tag.Tag)
}

// name is how a workload is called, and among all that are told of no other: in
// two clusters one may be called the same, and one may follow two tags.
func (t tracked) name(all []tracked) string {
	out := t.workload.Place()
	if slices.ContainsFunc(all, func(o tracked) bool {
		return o.workload.Place() == t.workload.Place() && o.workload.Context != t.workload.Context
	}) {
		out += " of " + t.workload.Context
	}
	if slices.ContainsFunc(all, func(o tracked) bool { return o.workload == t.workload && o.lapse != t.lapse }) {
		out += " with " + t.lapse.Facts.Tag.Repository + ":" + t.lapse.Facts.Tag.Tag
	}
	return out
}

// once has each workload once, whatever number of tags it follows.
func once(all []tracked) []tracked {
	seen := map[model.Workload]bool{}
	return slices.DeleteFunc(slices.Clone(all), func(t tracked) bool {
		again := seen[t.workload]
		seen[t.workload] = true
		return again
	})
}

// pods are those of the workload that use the tag, and how they stand. An answer
// that failed knows what it tells of, and not that there is none.
func (t tracked) pods(set usage.Set) (pods model.Pods, v model.Verdict, said string) {
	tag := t.lapse.Facts.Tag
	pods = t.workload.Pods(set.On(app.Aliases(tag.Host)...).Uses(tag.Host, tag.Repository), tag.Tag)
	v, said = model.JudgePods(pods, t.lapse.Parts())
	if pods.Total() == 0 && len(set.Failed()) > 0 {
		said = "how it goes is not known"
	}
	return pods, v, said
}

// lookAtPods asks what runs in a namespace. It fails only where ctx ends.
func lookAtPods(ctx context.Context, s *app.App, at corner) (set usage.Set, failed, err error) {
	set, err = sources.Ask(ctx, []sources.Source{s.Cluster(at.context, at.namespace)}, app.UsagePatience)
	for _, a := range set.Failed() {
		failed = a.Err
	}
	return set, failed, err
}

// unanswered is said of pods until kubectl has told of them.
const unanswered = "kubectl has not answered yet"

// watchPods looks at the workloads of a namespace, which the user starts anew,
// until all run what they are to.
func (c *changing) watchPods(ctx context.Context, at corner, here, all []tracked, tell *teller) []watched {
	out := make([]watched, len(here))
	for i, one := range here {
		out[i] = watched{
			lapse: one.lapse, name: one.name(all), restart: one.workload.Restart(), verdict: model.Going, text: unanswered,
		}
	}
	t := time.NewTicker(watchEvery)
	defer t.Stop()
	for {
		set, failed, err := lookAtPods(ctx, c.app, at)
		if err != nil {
			return out
		}
		settled := true
		for i, one := range here {
			out[i].err = failed
			_, out[i].verdict, out[i].text = one.pods(set)
			out[i].tell(tell)
			settled = settled && out[i].verdict == model.Settled
		}
		if settled {
			return out
		}
		select {
		case <-t.C:
		case <-ctx.Done():
			return out
		}
	}
}

func (w watched) tell(tell *teller) {
	if w.err != nil && w.verdict != model.Settled {
		tell.line(w.name, "it cannot be looked at: "+w.err.Error())
		return
	}
	tell.line(w.name, w.text)
}
