package deploy

import (
	"slices"
	"strings"

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

// Restart is the command that starts it anew, as a shell takes it.
func (w Workload) Restart() string {
	return text.Shell([]string{
		"kubectl", "--context", w.Context, "-n", w.Namespace, "rollout", "restart", w.Kind + "/" + w.Name,
	})
}

// Caution is why starting it anew may bring back what ran before, in a sentence;
// empty where every machine looks the tag up.
func (w Workload) Caution(uses []usage.Use, tag string) string {
	for _, u := range uses {
		if at, ok := WorkloadOf(u); ok && at == w && u.Image.Tag == tag && u.Kept {
			return "nodes that have " + tag + " already start the former image again, as its imagePullPolicy is not Always: " +
				"set that, or name the digest"
		}
	}
	return ""
}

// Workloads are those that follow a tag, each once. One that is scaled to zero
// runs nothing that could be started anew.
func Workloads(uses []usage.Use, tag string) []Workload {
	var out []Workload
	for _, u := range uses {
		w, ok := WorkloadOf(u)
		idle := u.How == usage.Rollback || u.How == usage.ScaledToZero
		if ok && u.Image.Tag == tag && !idle && !slices.Contains(out, w) {
			out = append(out, w)
		}
	}
	return out
}
