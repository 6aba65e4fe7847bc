package usage

import (
	"context"
	"errors"
	"slices"

	"regatta/registry/ecr/sdk"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"regatta/model/usage"
)

// The most that one request takes (API reference, ListServices, DescribeServices,
// ListServiceDeployments and DescribeServiceRevisions).
const (
	servicesPage    = 100
	servicesBatch   = 10
	deploymentsPage = 100
	revisionsBatch  = 20
)

// listServices notes the services of a cluster and the task definitions of their
// deployments, which may be inactive ones.
func (f *fleet) listServices(ctx context.Context, cluster string) {
	pages := ecs.NewListServicesPaginator(f.api, &ecs.ListServicesInput{
		Cluster: &cluster, MaxResults: aws.Int32(servicesPage),
	})
	doing := "list services of"
	err := sdk.EachPage(ctx, pages, func(page *ecs.ListServicesOutput) error {
		for batch := range slices.Chunk(page.ServiceArns, servicesBatch) {
			out, err := f.api.DescribeServices(ctx, &ecs.DescribeServicesInput{Cluster: &cluster, Services: batch})
			if err != nil {
				doing = "describe services of"
				return err
			}
			for _, s := range out.Services {
				f.service(cluster, s)
			}
		}
		return nil
	})
	if err != nil {
		f.failure(ctx, doing, last(cluster), err)
	}
}

func (f *fleet) service(cluster string, s types.Service) {
	one := service{
		cluster: cluster, name: aws.ToString(s.ServiceName), arn: aws.ToString(s.ServiceArn),
		pins: s.DeploymentController == nil || s.DeploymentController.Type == types.DeploymentControllerTypeEcs,
	}
	starts := func(definition *string) {
		if arn := aws.ToString(definition); arn != "" && !slices.Contains(one.definitions, arn) {
			one.definitions = append(one.definitions, arn)
		}
	}
	starts(s.TaskDefinition)
	for _, d := range s.Deployments {
		starts(d.TaskDefinition)
	}
	for _, t := range s.TaskSets {
		starts(t.TaskDefinition)
	}
	f.wanted.Lock()
	defer f.wanted.Unlock()
	for _, arn := range one.definitions {
		f.used[arn] = true
	}
	f.services = append(f.services, one)
}

// names notes the images that a service starts tasks of by its task definitions:
// its deployments do not tell, as somebody else makes them, or they are too long ago
// (API reference, ListServiceDeployments).
func (f *fleet) names(ctx context.Context, s service) {
	for _, arn := range s.definitions {
		images, err := f.definition(ctx, arn)
		if err != nil {
			f.failure(ctx, "describe the task definition of", place(s.cluster, s.name), err)
			return
		}
		for _, image := range images {
			f.add(usage.Use{Place: place(s.cluster, s.name), How: usage.Service}, image, "")
		}
	}
}

// pinned notes the digests that a service starts further tasks with: those that
// its deployments resolved (API reference, ContainerImage.imageDigest). It reports
// false where there are no deployments.
func (f *fleet) pinned(ctx context.Context, s service) bool {
	where := place(s.cluster, s.name)
	revisions, err := f.revisions(ctx, s)
	if err != nil {
		f.failure(ctx, "list deployments of", where, err)
		return true
	}
	for batch := range slices.Chunk(revisions, revisionsBatch) {
		out, err := f.api.DescribeServiceRevisions(ctx, &ecs.DescribeServiceRevisionsInput{ServiceRevisionArns: batch})
		if err == nil && len(out.Failures) > 0 {
			err = errors.New("revision " + last(aws.ToString(out.Failures[0].Arn)) + ": " +
				aws.ToString(out.Failures[0].Reason))
		}
		if err != nil {
			f.failure(ctx, "describe deployments of", where, err)
		}
		if out == nil {
			return true
		}
		for _, r := range out.ServiceRevisions {
			for _, c := range r.ContainerImages {
				f.add(usage.Use{Place: where, How: usage.Deployment}, aws.ToString(c.Image), aws.ToString(c.ImageDigest))
			}
		}
	}
	return len(revisions) > 0
}

// revisions are those that a service may start tasks of: of its newest successful
// deployment, and of all since that were not rolled back.
func (f *fleet) revisions(ctx context.Context, s service) ([]string, error) {
	all, err := f.deployments(ctx, s)
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(all, func(a, b types.ServiceDeploymentBrief) int {
		return aws.ToTime(b.CreatedAt).Compare(aws.ToTime(a.CreatedAt))
	})
	var out []string
	for _, d := range all {
		revision := aws.ToString(d.TargetServiceRevisionArn)
		gone := d.Status == types.ServiceDeploymentStatusRollbackSuccessful || slices.Contains(out, revision)
		if !gone && revision != "" {
			out = append(out, revision)
		}
		if d.Status == types.ServiceDeploymentStatusSuccessful {
			break
		}
	}
	return out, nil
}

func (f *fleet) deployments(ctx context.Context, s service) ([]types.ServiceDeploymentBrief, error) {
	var all []types.ServiceDeploymentBrief
	pages := &deploymentPages{api: f.api, in: ecs.ListServiceDeploymentsInput{
		Cluster: &s.cluster, Service: &s.arn, MaxResults: aws.Int32(deploymentsPage),
	}}
	err := sdk.EachPage(ctx, pages, func(page *ecs.ListServiceDeploymentsOutput) error {
		all = append(all, page.ServiceDeployments...)
		return nil
	})
	return all, err
}

// deploymentPages is the paginator that the SDK lacks.
type deploymentPages struct {
	api *ecs.Client
	in  ecs.ListServiceDeploymentsInput
	end bool
}

// HasMorePages implements sdk.Pager.
func (p *deploymentPages) HasMorePages() bool { return !p.end }

// NextPage implements sdk.Pager.
func (p *deploymentPages) NextPage(
	ctx context.Context, options ...func(*ecs.Options),
) (*ecs.ListServiceDeploymentsOutput, error) {
	out, err := p.api.ListServiceDeployments(ctx, &p.in, options...)
	if err != nil {
		return nil, err
	}
	p.in.NextToken, p.end = out.NextToken, aws.ToString(out.NextToken) == ""
	return out, nil
}
