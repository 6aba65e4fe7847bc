package ecs

import "regatta/registry/sandbox/internal/aws"

// controllerOut is who deploys a service, on the wire (API reference,
// DeploymentController).
type controllerOut struct {
	Type string `json:"type"`
}

// ours reports whether ECS itself deploys the service.
func (s *service) ours() bool { return s.controller == "" || s.controller == "ECS" }

// taskSet is a deployment of another controller on the wire (API reference,
// TaskSet).
type taskSet struct {
	ID         string   `json:"id"`
	Status     string   `json:"status"`
	Definition string   `json:"taskDefinition"`
	StartedBy  string   `json:"startedBy"`
	Desired    int      `json:"computedDesiredCount"`
	Running    int      `json:"runningCount"`
	Pending    int      `json:"pendingCount"`
	Stability  string   `json:"stabilityStatus"`
	CreatedAt  aws.Time `json:"createdAt"`
}

// asTaskSets tells the deployments of a service as those of another controller,
// which alone knows the task definition.
func (out *serviceOut) asTaskSets(controller string) {
	out.Controller, out.Current, out.Definition = &controllerOut{controller}, "", ""
	for _, d := range out.Deployments {
		one := taskSet{
			ID: d.ID, Status: d.Status, Definition: d.Definition, StartedBy: controller, Desired: d.Desired,
			Running: d.Running, Pending: d.Pending, Stability: "STABILIZING", CreatedAt: d.CreatedAt,
		}
		if d.State == "COMPLETED" {
			one.Stability = "STEADY_STATE"
		}
		out.TaskSets = append(out.TaskSets, one)
	}
	out.Deployments = []deploymentOut{}
}
