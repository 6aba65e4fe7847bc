package ecs

import (
	"fmt"
	"slices"

	"regatta/registry/sandbox/internal/aws"
)

// serviceOut is a service on the wire (API reference, Service).
type serviceOut struct {
	ARN         string          `json:"serviceArn"`
	Name        string          `json:"serviceName"`
	ClusterARN  string          `json:"clusterArn"`
	Status      string          `json:"status"`
	LaunchType  string          `json:"launchType"`
	Desired     int             `json:"desiredCount"`
	Running     int             `json:"runningCount"`
	Pending     int             `json:"pendingCount"`
	Definition  string          `json:"taskDefinition"`
	Current     string          `json:"currentServiceDeployment"`
	CreatedAt   aws.Time        `json:"createdAt"`
	Controller  *controllerOut  `json:"deploymentController,omitempty"`
	Deployments []deploymentOut `json:"deployments"`
	TaskSets    []taskSet       `json:"taskSets"`
	Events      []event         `json:"events"`
	Config      configuration   `json:"deploymentConfiguration"`
}

// configuration is how a service deploys (API reference,
// DeploymentConfiguration).
type configuration struct {
	Breaker struct {
		Enable   bool `json:"enable"`
		Rollback bool `json:"rollback"`
	} `json:"deploymentCircuitBreaker"`
	Most  int `json:"maximumPercent"`
	Least int `json:"minimumHealthyPercent"`
}

// deploymentOut is a deployment on the wire (API reference, Deployment).
type deploymentOut struct {
	ID         string   `json:"id"`
	Status     string   `json:"status"`
	Definition string   `json:"taskDefinition"`
	Desired    int      `json:"desiredCount"`
	Running    int      `json:"runningCount"`
	Pending    int      `json:"pendingCount"`
	Failed     int      `json:"failedTasks"`
	CreatedAt  aws.Time `json:"createdAt"`
	UpdatedAt  aws.Time `json:"updatedAt"`
	LaunchType string   `json:"launchType"`
	State      string   `json:"rolloutState"`
	Reason     string   `json:"rolloutStateReason"`
}

type event struct {
	ID        string   `json:"id"`
	CreatedAt aws.Time `json:"createdAt"`
	Message   string   `json:"message"`
}

func (s *service) launchType() string {
	if s.fargate {
		return "FARGATE"
	}
	return "EC2"
}

// describe is the service as it is now. The fleet must be locked.
func (s *service) describe(c *aws.Call) serviceOut {
	newest := s.deployments[len(s.deployments)-1]
	out := serviceOut{
		ARN: s.arn(c), Name: s.name, ClusterARN: clusterARN(c, s.cluster), Status: "ACTIVE", LaunchType: s.launchType(),
		Desired: s.desired, Definition: definitionARN(c, s.family, newest.revision),
		Current: s.deploymentARN(c, newest), CreatedAt: aws.Time(s.created), Events: s.events(c),
	}
	out.Config.Most, out.Config.Least = 200, 100
	out.Config.Breaker.Enable, out.Config.Breaker.Rollback = true, s.fate == Reverts
	for _, sh := range s.shares(c.Now) {
		out.Running += sh.running
		out.Pending += sh.pending
		out.Deployments = append(out.Deployments, s.describeShare(c, sh))
	}
	if !s.ours() {
		out.asTaskSets(s.controller)
	}
	return out
}

func (s *service) describeShare(c *aws.Call, sh share) deploymentOut {
	id := s.shortID(sh.deployment)
	out := deploymentOut{
		ID: id, Status: "ACTIVE", Definition: definitionARN(c, s.family, sh.revision),
		Desired: s.desired, Running: sh.running, Pending: sh.pending, Failed: sh.failed,
		CreatedAt: aws.Time(sh.started), UpdatedAt: aws.Time(sh.started), LaunchType: s.launchType(), State: sh.state,
	}
	if sh.primary {
		out.Status = "PRIMARY"
	}
	switch sh.state {
	case "COMPLETED":
		out.Reason, out.UpdatedAt = "ECS deployment "+id+" completed.", aws.Time(sh.settled())
	case "FAILED":
		out.Reason = "ECS deployment circuit breaker: tasks failed to start."
		out.UpdatedAt = aws.Time(sh.settled())
	default:
		out.Reason = "ECS deployment " + id + " in progress."
	}
	return out
}

func (s *service) shortID(d deployment) string { return "ecs-svc/" + s.id("deployment", d, 0)[:19] }

// events are what happened, the newest first (API reference, ServiceEvent).
func (s *service) events(c *aws.Call) []event {
	all := []event{}
	add := func(d deployment, n int, at aws.Time, format string, args ...any) {
		id := s.id("event", d, n)
		text := "(service " + s.name + ") " + fmt.Sprintf(format, args...)
		all = append(all, event{id, at, text})
	}
	for _, d := range s.deployments {
		begun, over := aws.Time(d.started), aws.Time(d.settled())
		switch {
		case d.digest == "" && d.pinned:
			add(d, 0, begun, "was unable to start a task: CannotPullContainerError: %s: not found.", d.image.on(c))
		case d.fate == Hangs:
			add(d, 0, begun, "was unable to place a task. Reason: Capacity is unavailable at this time. "+
				"Please try again later or in a different availability zone.")
		default:
			add(d, 0, begun, "has started %d tasks: (deployment %s).", s.desired, s.shortID(d))
		}
		switch {
		case !d.done(c.Now):
		case d.doomed():
			add(d, 1, over, "(deployment %s) deployment failed: tasks failed to start.", s.shortID(d))
			if d.fate == Reverts {
				add(d, 2, over, "rolling back to the last deployment that completed.")
			}
		default:
			add(d, 1, over, "(deployment %s) deployment completed.", s.shortID(d))
			add(d, 2, over, "has reached a steady state.")
		}
	}
	slices.Reverse(all)
	return all
}

type describeServicesIn struct {
	Cluster string   `json:"cluster"`
	Names   []string `json:"services"`
}

type describeServicesOut struct {
	Services []serviceOut `json:"services"`
	Failures []failure    `json:"failures"`
}

func (f *Fleet) describeServices(c *aws.Call, in describeServicesIn) (describeServicesOut, error) {
	out := describeServicesOut{Services: []serviceOut{}, Failures: []failure{}}
	name, err := f.cluster(in.Cluster)
	if err == nil {
		err = tooMany("services", len(in.Names), 10)
	}
	if err != nil {
		return out, err
	}
	for _, wanted := range in.Names {
		s, ok := f.service(name, wanted)
		if !ok {
			out.Failures = append(out.Failures, missing(c.ARN("ecs", "service/"+name+"/"+last(wanted))))
			continue
		}
		f.settle(s)
		f.mu.Lock()
		out.Services = append(out.Services, s.describe(c))
		f.mu.Unlock()
	}
	return out, nil
}
