package deploy

import (
	"cmp"
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"regatta/model/deploy"
	"regatta/model/text"
)

// definedBy notes who deploys a service, and by which task definition.
func (l *look) definedBy(ctx context.Context, s types.Service) error {
	definition := aws.ToString(s.TaskDefinition)
	if c := s.DeploymentController; c != nil && c.Type != types.DeploymentControllerTypeEcs {
		l.state.Controller = text.Clean(string(c.Type))
		for _, t := range s.TaskSets {
			d := ofTaskSet(t)
			l.state.Deployments = append(l.state.Deployments, d)
			if d.Primary {
				definition = cmp.Or(aws.ToString(t.TaskDefinition), definition)
			}
		}
	}
	names, known, err := l.followers(ctx, definition)
	l.current, l.state.Apart = names, known && len(names) == 0
	return err
}

// ours reports whether ECS itself deploys the service: of others it knows no
// service deployments.
func (l *look) ours() bool { return l.state.Controller == "" }

// ofTaskSet is what another controller has deployed, as a deployment.
func ofTaskSet(t types.TaskSet) deploy.Deployment {
	d := deploy.Deployment{
		ID: text.Clean(aws.ToString(t.Id)), Primary: aws.ToString(t.Status) == "PRIMARY", Rollout: deploy.InProgress,
		Began: aws.ToTime(t.CreatedAt), Desired: int(t.ComputedDesiredCount),
		Running: int(t.RunningCount), Pending: int(t.PendingCount),
	}
	if t.StabilityStatus == types.StabilityStatusSteadyState {
		d.Rollout = deploy.Completed
	}
	return d
}
