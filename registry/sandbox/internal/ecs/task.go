package ecs

import (
	"slices"

	"regatta/registry/sandbox/internal/aws"
)

// task is a task of a service that runs or is about to.
type task struct {
	*service

	share   share
	number  int
	pending bool
}

func (t task) arn(c *aws.Call) string {
	return c.ARN("ecs", "task/"+t.cluster+"/"+t.id("task", t.share.deployment, t.number))
}

// tasks are those that a service has now. The fleet must be locked.
func (s *service) tasks(c *aws.Call) []task {
	var all []task
	for _, sh := range s.shares(c.Now) {
		for n := range sh.running + sh.pending {
			all = append(all, task{s, sh, n, n >= sh.running})
		}
	}
	return all
}

type listTasksIn struct {
	aws.Paging

	Cluster string `json:"cluster"`
	Service string `json:"serviceName"`
	Family  string `json:"family"`
	Desired string `json:"desiredStatus"`
}

type listTasksOut struct {
	ARNs      []string `json:"taskArns"`
	NextToken string   `json:"nextToken,omitempty"`
}

// listTasks knows tasks that run or are to: what stopped is forgotten at once.
func (f *Fleet) listTasks(c *aws.Call, in listTasksIn) (listTasksOut, error) {
	name, err := f.cluster(in.Cluster)
	if err != nil {
		return listTasksOut{}, err
	}
	if in.Service != "" {
		if _, ok := f.service(name, in.Service); !ok {
			return listTasksOut{}, aws.Errorf("ServiceNotFoundException", "Service not found.")
		}
	}
	arns := []string{}
	for _, t := range f.tasks(c, name) {
		if in.Desired == "STOPPED" || in.Service != "" && t.name != last(in.Service) ||
			in.Family != "" && t.family != in.Family {
			continue
		}
		arns = append(arns, t.arn(c))
	}
	slices.Sort(arns)
	page, next, err := in.Page(arns, 100, 100)
	return listTasksOut{page, next}, err
}

// tasks are those of a cluster.
func (f *Fleet) tasks(c *aws.Call, cluster string) []task {
	for _, s := range f.services {
		if s.cluster == cluster {
			f.settle(s)
		}
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	var all []task
	for _, s := range f.services {
		if s.cluster == cluster {
			all = append(all, s.tasks(c)...)
		}
	}
	return all
}

// taskOut is a task on the wire (API reference, Task).
type taskOut struct {
	ARN        string         `json:"taskArn"`
	ClusterARN string         `json:"clusterArn"`
	Definition string         `json:"taskDefinitionArn"`
	Group      string         `json:"group"`
	StartedBy  string         `json:"startedBy"`
	LaunchType string         `json:"launchType"`
	Last       string         `json:"lastStatus"`
	Desired    string         `json:"desiredStatus"`
	StartedAt  aws.Time       `json:"startedAt"`
	Containers []containerOut `json:"containers"`
}

type containerOut struct {
	Name   string `json:"name"`
	Image  string `json:"image"`
	Digest string `json:"imageDigest,omitempty"`
	Last   string `json:"lastStatus"`
}

type describeTasksIn struct {
	Cluster string   `json:"cluster"`
	Tasks   []string `json:"tasks"`
}

type describeTasksOut struct {
	Tasks    []taskOut `json:"tasks"`
	Failures []failure `json:"failures"`
}

func (f *Fleet) describeTasks(c *aws.Call, in describeTasksIn) (describeTasksOut, error) {
	out := describeTasksOut{Tasks: []taskOut{}, Failures: []failure{}}
	name, err := f.cluster(in.Cluster)
	if err == nil {
		err = tooMany("tasks", len(in.Tasks), 100)
	}
	if err != nil {
		return out, err
	}
	byID := map[string]task{}
	for _, t := range f.tasks(c, name) {
		byID[last(t.arn(c))] = t
	}
	for _, wanted := range in.Tasks {
		t, ok := byID[last(wanted)]
		if !ok {
			out.Failures = append(out.Failures, missing(c.ARN("ecs", "task/"+name+"/"+last(wanted))))
			continue
		}
		out.Tasks = append(out.Tasks, f.describeTask(c, t))
	}
	return out, nil
}

// describeTask reports the digest of the index on Fargate, and of the platform's
// image on machines of its own: both are seen in the field.
func (f *Fleet) describeTask(c *aws.Call, t task) taskOut {
	d := t.share.deployment
	digest := d.digest
	if !t.fargate {
		digest = f.platformOf(d.image.repository, digest)
	}
	status := "RUNNING"
	if t.pending {
		status, digest = "PENDING", "" // nothing was pulled yet
	}
	return taskOut{
		ARN: t.arn(c), ClusterARN: clusterARN(c, t.cluster), Definition: definitionARN(c, t.family, d.revision),
		Group: "service:" + t.name, StartedBy: t.shortID(d), LaunchType: t.launchType(),
		Last: status, Desired: "RUNNING", StartedAt: aws.Time(d.started),
		Containers: append(t.besides(c, t.pending), containerOut{t.name, t.named(c, d), digest, status}),
	}
}

// besides are the containers beside the service's own, in a task.
func (s *service) besides(c *aws.Call, pending bool) []containerOut {
	var out []containerOut
	for _, b := range s.beside {
		one := containerOut{b.Name, b.on(c), b.Digest, "RUNNING"}
		if pending {
			one.Digest, one.Last = "", "PENDING"
		}
		out = append(out, one)
	}
	return out
}
