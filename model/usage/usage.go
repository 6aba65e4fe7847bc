// Package usage says what runs images: tasks and services, pods and workloads,
// functions, and what people have written down. It matches these uses with the
// images of a repository, and never takes a source that did not answer for one
// that uses nothing. It imports the standard library, model/ref and model/text.
package usage

import (
	"cmp"
	"slices"

	"regatta/model/ref"
	"regatta/model/text"
)

// Source is where a use was found.
type Source string

// The sources.
const (
	ECS        Source = "ecs"
	Kubernetes Source = "kubernetes"
	Lambda     Source = "lambda"
	File       Source = "file"
)

// Title is the source as a sentence begins with it.
func (s Source) Title() string {
	switch s {
	case ECS:
		return "ECS"
	case Lambda:
		return "Lambda"
	case Kubernetes:
		return "Kubernetes"
	case File:
	}
	return "the file of references"
}

// How is the way in which something uses an image.
type How string

// The ways. What runs comes first: the order is the one in which they are named.
const (
	Task         How = "task"            // an ECS task runs it
	Pod          How = "pod"             // a Kubernetes pod runs it
	Function     How = "function"        // a Lambda function runs it
	Deployment   How = "deployment"      // an ECS deployment has pinned the digest
	Service      How = "service"         // the task definition of an ECS service names it
	Workload     How = "workload"        // the spec of a Kubernetes workload names it
	CronJob      How = "cronjob"         // a Kubernetes CronJob will start it
	ScaledToZero How = "scaled-to-zero"  // as Workload, of one that runs nothing now
	Rollback     How = "rollback"        // an old ReplicaSet, which a rollout can go back to
	Definition   How = "task-definition" // an active ECS task definition names it
	Listed       How = "listed"          // a file of references lists it
)

func (h How) rank() int {
	return slices.Index([]How{
		Task, Pod, Function, Deployment, Service, Workload, CronJob, ScaledToZero, Rollback, Definition, Listed,
	}, h)
}

// Use is one place that uses an image.
type Use struct {
	Source Source
	Scope  string // what was asked: a region, a context, a file
	Place  string // CLUSTER/SERVICE, NAMESPACE/KIND/NAME, a function, a line
	How    How
	// Image is what is used: a tag that is looked up when it starts, a digest, or
	// both where a tag was looked up already.
	Image ref.Reference
	// Running is how many of it run now, Waiting how many pods are to and do not:
	// they are about to start, or fail to.
	Running, Waiting int
	// Kept says that a machine which has the tag starts what it has under it: only
	// another one looks the tag up (Kubernetes, imagePullPolicy).
	Kept bool
}

// String is the use as a sentence names it: "ecs task prod/shop-api (3 running)".
func (u Use) String() string {
	s := string(u.Source) + " " + string(u.How) + " " + u.Place
	if u.Running > 0 {
		s += " (" + text.Count(u.Running) + " running)"
	}
	return s
}

// key is what two uses have in common that are one.
func (u Use) key() Use {
	u.Running, u.Waiting, u.Kept = 0, 0, false
	return u
}

func compare(a, b Use) int {
	return cmp.Or(
		cmp.Compare(a.How.rank(), b.How.rank()), cmp.Compare(a.Place, b.Place), cmp.Compare(a.Source, b.Source),
		cmp.Compare(a.Scope, b.Scope), cmp.Compare(a.Image.String(), b.Image.String()),
	)
}

// Merge are the uses sorted, those that are the same as one, which runs as many
// as all of them.
func Merge(uses []Use) []Use {
	at := map[Use]int{}
	var out []Use
	for _, u := range uses {
		i, ok := at[u.key()]
		if !ok {
			at[u.key()] = len(out)
			out = append(out, u)
			continue
		}
		out[i].Running += u.Running
		out[i].Waiting += u.Waiting
		out[i].Kept = out[i].Kept || u.Kept
	}
	slices.SortFunc(out, compare)
	return out
}
