package deploy

import (
	"fmt"
	"slices"
	"strings"

	"regatta/model/ref"
	"regatta/model/text"
	"regatta/model/usage"
)

// Workload is one of Kubernetes that whoever may can start anew: it pulls its
// tags again then.
type Workload struct{ Context, Namespace, Kind, Name string }

// WorkloadOf is the workload of a use. It reports false where that is of another
// source, or of a kind that is not started anew.
func WorkloadOf(u usage.Use) (Workload, bool) {
	parts := strings.Split(u.Place, "/")
	if u.Source != usage.Kubernetes || len(parts) != 3 {
		return Workload{}, false
	}
	w := Workload{Context: u.Scope, Namespace: parts[0], Kind: parts[1], Name: parts[2]}
	return w, slices.Contains([]string{"deployment", "statefulset", "daemonset"}, w.Kind)
}

// Place is the workload as a use names it.
func (w Workload) Place() string { return w.Namespace + "/" + w.Kind + "/" + w.Name }

// Restart is the command that starts it anew.
func (w Workload) Restart() string {
	return text.Command([]string{
		"kubectl", "--context", w.Context, "-n", w.Namespace, "rollout", "restart", w.Kind + "/" + w.Name,
	})
}

// Workloads are those that follow a tag, each once.
func Workloads(uses []usage.Use, tag string) []Workload {
	var out []Workload
	for _, u := range uses {
		if w, ok := WorkloadOf(u); ok && u.Image.Tag == tag && u.How != usage.Rollback && !slices.Contains(out, w) {
			out = append(out, w)
		}
	}
	return out
}

// Pods counts the running pods of a workload by what they run of a repository.
func (w Workload) Pods(uses []usage.Use) []Count {
	var out State
	for _, u := range uses {
		if u.Source == usage.Kubernetes && u.Scope == w.Context && u.Place == w.Place() && u.How == usage.Pod {
			for range u.Running {
				out.Tasks = append(out.Tasks, Task{Digest: u.Image.Digest})
			}
		}
	}
	return out.Digests()
}

// JudgePods says how the pods of a workload stand to what they are meant to run.
// Whether they fail is not known: they go on to be waited for.
func JudgePods(pods []Count, wanted []ref.Digest) (Verdict, string) {
	there, all := 0, 0
	for _, c := range pods {
		all += c.Tasks
		if slices.Contains(wanted, c.Digest) {
			there += c.Tasks
		}
	}
	said := fmt.Sprintf("%d of %d pods run %s", there, all, wanted[0].Short())
	if all > 0 && there == all {
		return Settled, said
	}
	return Going, said
}
