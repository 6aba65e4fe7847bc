package deploy

import (
	"slices"
	"strings"

	"regatta/model/usage"
)

// Services are those of ECS that follow a tag, whoever deploys them: their
// deployments have looked it up, or their task definitions name it.
func Services(uses []usage.Use, tag string) []Service {
	var out []Service
	for _, u := range uses {
		cluster, name, ok := strings.Cut(u.Place, "/")
		s := Service{Region: u.Scope, Cluster: cluster, Name: name}
		follows := ok && u.Source == usage.ECS && (u.How == usage.Deployment || u.How == usage.Service) && u.Image.Tag == tag
		if follows && !slices.Contains(out, s) {
			out = append(out, s)
		}
	}
	return out
}

// Rest is what else runs a tag, by name, and is not deployed here: workloads of
// Kubernetes, functions, and tasks that no service has started.
func Rest(uses []usage.Use, tag string) []string {
	var out []string
	services := Services(uses, tag)
	for _, u := range uses {
		name := string(u.Source) + " " + u.Place
		switch {
		case u.Image.Tag != tag || slices.Contains(out, name):
			continue
		case u.How == usage.Function:
		case u.How == usage.Task:
			cluster, service, _ := strings.Cut(u.Place, "/")
			if slices.Contains(services, Service{u.Scope, cluster, service}) {
				continue
			}
		case u.How == usage.Pod || u.How == usage.Workload:
			if w, ok := WorkloadOf(u); ok {
				name = u.Scope + " " + w.Place()
			}
		default:
			continue
		}
		if !slices.Contains(out, name) {
			out = append(out, name)
		}
	}
	return out
}

// Obstacle is why a new deployment of the service cannot be started here, or would
// not look the tag up, in a sentence; empty where nothing speaks against it.
func (s State) Obstacle(tag string) string {
	switch {
	case s.Controller != "" && s.Controller != "ECS":
		return s.Service.Title() + " is deployed by " + s.Controller + "; deploy it there"
	case s.Apart:
		return s.Service.Title() + " has a task definition that does not name " + tag + " any more"
	}
	return ""
}
