package deploy

import (
	"fmt"
	"slices"

	"regatta/model/ref"
	"regatta/model/usage"
)

// Pods are those of a workload that use a tag.
type Pods struct {
	Running []Count // by what they run, the most first
	Waiting int     // that are to run and do not: about to start, or failing to
}

// Total is how many there are.
func (p Pods) Total() int {
	n := p.Waiting
	for _, c := range p.Running {
		n += c.Tasks
	}
	return n
}

// Pods are those that use a tag, of the uses of its repository. What else runs
// beside them, in the same pods, is nobody's concern.
func (w Workload) Pods(uses []usage.Use, tag string) Pods {
	var out Pods
	var all State
	for _, u := range uses {
		at, ok := WorkloadOf(u)
		if !ok || at != w || u.How != usage.Pod || u.Image.Tag != tag {
			continue
		}
		out.Waiting += u.Waiting
		for range u.Running {
			all.Tasks = append(all.Tasks, Task{Digest: u.Image.Digest})
		}
	}
	out.Running = all.Digests()
	return out
}

// JudgePods says how the pods of a workload stand to what they are meant to run.
// Whether they fail is not known: they go on to be waited for.
func JudgePods(p Pods, wanted []ref.Digest) (Verdict, string) {
	there, all := 0, p.Total()
	for _, c := range p.Running {
		if slices.Contains(wanted, c.Digest) {
			there += c.Tasks
		}
	}
	if all == 0 {
		return Going, "no pod is there"
	}
	said := fmt.Sprintf("%d of %d pods run %s", there, all, wanted[0].Short())
	if there == all {
		return Settled, said
	}
	if p.Waiting > 0 {
		said += fmt.Sprintf(", %d %s not run yet", p.Waiting, map[bool]string{true: "does", false: "do"}[p.Waiting == 1])
	}
	return Going, said
}
