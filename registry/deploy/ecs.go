// Package deploy starts new deployments of the services that run an image, and
// looks how they go. It may import the model, registry/ecr and aws-sdk-go-v2; it
// knows no terminal.
package deploy

import (
	"context"
	"net/http"
	"strings"
	"sync"

	"regatta/registry/ecr/sdk"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"regatta/model/deploy"
	"regatta/model/fault"
	"regatta/model/redact"
	"regatta/model/ref"
	"regatta/model/text"
)

// ECS is the services of Amazon ECS that an identity may reach, in any region.
// It is safe for concurrent use.
type ECS struct {
	Config    sdk.Config
	Profile   string // that Config was loaded for, to name it in advice
	Transport http.RoundTripper

	mu          sync.Mutex
	apis        map[string]*ecs.Client // by region
	definitions map[string][]container // by the ARN of the task definition
}

func (e *ECS) api(ctx context.Context, region string) (*ecs.Client, error) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if api := e.apis[region]; api != nil {
		return api, nil
	}
	config, err := e.Config.For(ctx, region, e.Profile, e.Transport)
	if err != nil {
		return nil, sdk.Fault("ask", "ECS in "+region, err)
	}
	if e.apis == nil {
		e.apis = map[string]*ecs.Client{}
	}
	e.apis[region] = ecs.NewFromConfig(config)
	return e.apis[region], nil
}

// Deploy starts a new deployment of a service with the task definition that it
// has, which looks the tags in it up anew. It returns the deployment's ID.
func (e *ECS) Deploy(ctx context.Context, s deploy.Service) (string, error) {
	api, err := e.api(ctx, s.Region)
	if err != nil {
		return "", err
	}
	out, err := api.UpdateService(ctx, &ecs.UpdateServiceInput{
		Cluster: &s.Cluster, Service: &s.Name, ForceNewDeployment: true,
	})
	if err != nil {
		return "", sdk.Fault("deploy", s.Place(), err)
	}
	for _, d := range out.Service.Deployments {
		if primary(d) {
			return text.Clean(aws.ToString(d.Id)), nil
		}
	}
	return "", &fault.Error{
		Op: "deploy", Object: s.Place(), Kind: fault.Protocol, Detail: "ECS took it, and names no deployment",
	}
}

func primary(d types.Deployment) bool { return aws.ToString(d.Status) == "PRIMARY" }

// Look says how a service stands. Of what its tasks run, only the containers count
// that follow the image's tag: others stand beside them, of the same repository or
// not.
func (e *ECS) Look(ctx context.Context, s deploy.Service, image ref.Reference) (deploy.State, error) {
	api, err := e.api(ctx, s.Region)
	if err != nil {
		return deploy.State{}, err
	}
	l := look{ecs: e, api: api, service: s, image: image, state: deploy.State{Service: s}}
	for _, step := range []func(context.Context) error{l.describe, l.pinned, l.tasks} {
		if err := step(ctx); err != nil {
			return deploy.State{}, sdk.Fault("look at", s.Place(), err)
		}
	}
	return l.state, nil
}

// look is one question about a service.
type look struct {
	ecs     *ECS
	api     *ecs.Client
	service deploy.Service
	image   ref.Reference
	state   deploy.State
	current []string // the containers that follow the tag now
}

func (l *look) describe(ctx context.Context) error {
	out, err := l.api.DescribeServices(ctx, &ecs.DescribeServicesInput{
		Cluster: &l.service.Cluster, Services: []string{l.service.Name},
	})
	if err != nil {
		return err
	}
	if len(out.Services) == 0 || aws.ToString(out.Services[0].Status) == "INACTIVE" {
		return &fault.Error{Kind: fault.NotFound, Detail: "there is no such service"}
	}
	if err := l.definedBy(ctx, out.Services[0]); err != nil {
		return err
	}
	for _, d := range out.Services[0].Deployments {
		l.state.Deployments = append(l.state.Deployments, deploy.Deployment{
			ID: text.Clean(aws.ToString(d.Id)), Primary: primary(d), Rollout: deploy.Rollout(d.RolloutState),
			Reason: redact.Line(aws.ToString(d.RolloutStateReason)), Began: aws.ToTime(d.CreatedAt),
			Desired: int(d.DesiredCount), Running: int(d.RunningCount), Pending: int(d.PendingCount), Failed: int(d.FailedTasks),
		})
	}
	for _, event := range out.Services[0].Events {
		l.state.Events = append(l.state.Events, deploy.Event{
			At: aws.ToTime(event.CreatedAt), Text: redact.Line(l.plain(aws.ToString(event.Message))),
		})
	}
	return nil
}

// plain is what happened without the name of the service, which each begins with.
func (l *look) plain(message string) string {
	return strings.TrimPrefix(message, "(service "+l.service.Name+") ")
}

// pinned notes what the newest deployment has looked the tag up to (API
// reference, ContainerImage): before its first task was started, that is not
// known.
func (l *look) pinned(ctx context.Context) error {
	if !l.ours() {
		return nil
	}
	all, err := l.deployments(ctx)
	if err != nil || len(all) == 0 {
		return err
	}
	pins, err := l.pins(ctx, all[:1])
	l.state.Pinned = pins[aws.ToString(all[0].TargetServiceRevisionArn)]
	return err
}

// tasks notes what runs and what is about to.
func (l *look) tasks(ctx context.Context) error {
	pages := ecs.NewListTasksPaginator(l.api, &ecs.ListTasksInput{
		Cluster: &l.service.Cluster, ServiceName: &l.service.Name,
	})
	return sdk.EachPage(ctx, pages, func(page *ecs.ListTasksOutput) error {
		if len(page.TaskArns) == 0 {
			return nil
		}
		out, err := l.api.DescribeTasks(ctx, &ecs.DescribeTasksInput{Cluster: &l.service.Cluster, Tasks: page.TaskArns})
		if err != nil {
			return err
		}
		for _, t := range out.Tasks { // those that are missing have stopped since
			if err := l.task(ctx, t); err != nil {
				return err
			}
		}
		return nil
	})
}

func (l *look) task(ctx context.Context, t types.Task) error {
	arn := aws.ToString(t.TaskArn)
	out := deploy.Task{
		ID: text.Clean(arn[strings.LastIndexByte(arn, '/')+1:]), Deployment: text.Clean(aws.ToString(t.StartedBy)),
		Status: text.Clean(aws.ToString(t.LastStatus)),
	}
	all := make([]container, len(t.Containers))
	for i, c := range t.Containers {
		all[i] = container{aws.ToString(c.Name), aws.ToString(c.Image), aws.ToString(c.ImageDigest)}
	}
	var err error
	out.Digest, err = l.pulled(ctx, aws.ToString(t.TaskDefinitionArn), all)
	l.state.Tasks = append(l.state.Tasks, out)
	return err
}
