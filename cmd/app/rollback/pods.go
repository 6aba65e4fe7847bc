package rollback

import (
	"context"
	"slices"

	"regatta/cmd/app"
	"regatta/model/deploy"
	"regatta/model/usage"
	sources "regatta/registry/usage"
)

// Corner is a namespace of a cluster: what runs there is asked for at once.
type Corner struct{ context, namespace string }

// Tracked is a workload of Kubernetes that follows a tag on its way back.
type Tracked struct {
	Case     *Case
	Workload deploy.Workload
}

// Corner is where it runs.
func (t Tracked) Corner() Corner { return Corner{t.Workload.Context, t.Workload.Namespace} }

// TrackedBy are the workloads that follow the tags.
func TrackedBy(all []*Case) []Tracked {
	var out []Tracked
	for _, l := range all {
		for _, w := range deploy.Workloads(l.Facts.Uses, l.Facts.Tag.Tag) {
			out = append(out, Tracked{l, w})
		}
	}
	return out
}

// ByCorner are the workloads of each namespace.
func ByCorner(all []Tracked) map[Corner][]Tracked {
	out := map[Corner][]Tracked{}
	for _, one := range all {
		out[one.Corner()] = append(out[one.Corner()], one)
	}
	return out
}

// Caution is why starting it anew may not be enough.
func (t Tracked) Caution() string {
	return t.Workload.Caution(t.Case.Facts.Uses, t.Case.Facts.Tag.Tag)
}

// Name is how a workload is called, and among all that are told of no other: in
// two clusters one may be called the same, and one may follow two tags.
func (t Tracked) Name(all []Tracked) string {
	out := t.Workload.Place()
	if slices.ContainsFunc(all, func(o Tracked) bool {
		return o.Workload.Place() == t.Workload.Place() && o.Workload.Context != t.Workload.Context
	}) {
		out += " of " + t.Workload.Context
	}
	if slices.ContainsFunc(all, func(o Tracked) bool { return o.Workload == t.Workload && o.Case != t.Case }) {
		out += " with " + t.Case.Facts.Tag.Repository + ":" + t.Case.Facts.Tag.Tag
	}
	return out
}

// Once has each workload once, whatever number of tags it follows.
func Once(all []Tracked) []Tracked {
	seen := map[deploy.Workload]bool{}
	return slices.DeleteFunc(slices.Clone(all), func(t Tracked) bool {
		again := seen[t.Workload]
		seen[t.Workload] = true
		return again
	})
}

// Pods are those of the workload that use the tag, and how they stand. An answer
// that failed knows what it tells of, and not that there is none.
func (t Tracked) Pods(set usage.Set) (pods deploy.Pods, v deploy.Verdict, said string) {
	tag := t.Case.Facts.Tag
	pods = t.Workload.Pods(set.On(app.Aliases(tag.Host)...).Uses(tag.Host, tag.Repository), tag.Tag)
	v, said = deploy.JudgePods(pods, t.Case.Parts())
	if pods.Total() == 0 && len(set.Failed()) > 0 {
		said = "how it goes is not known"
	}
	return pods, v, said
}

// LookAtPods asks what runs in a namespace. It fails only where ctx ends.
func LookAtPods(ctx context.Context, s *app.App, at Corner) (set usage.Set, failed, err error) {
	set, err = sources.Ask(ctx, []sources.Source{s.Cluster(at.context, at.namespace)}, app.UsagePatience)
	for _, a := range set.Failed() {
		failed = a.Err
	}
	return set, failed, err
}

// Unanswered is said of pods until kubectl has told of them.
const Unanswered = "kubectl has not answered yet"
