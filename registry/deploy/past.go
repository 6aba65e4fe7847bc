package deploy

import (
	"context"
	"slices"

	"regatta/registry/ecr/sdk"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"regatta/model/deploy"
	"regatta/model/ref"
)

// revisionsBatch is how many revisions a request takes (API reference,
// DescribeServiceRevisions).
const revisionsBatch = 20

// Past is the newest deployments of a service with what each ran of the image's
// repository, the newest first: none where somebody else than ECS deploys it.
func (e *ECS) Past(ctx context.Context, s deploy.Service, image ref.Reference) ([]deploy.Past, error) {
	api, err := e.api(ctx, s.Region)
	if err != nil {
		return nil, err
	}
	l := look{ecs: e, api: api, service: s, image: image}
	if err := l.describe(ctx); err != nil {
		return nil, sdk.Fault("look at", s.Place(), err)
	}
	if l.current = nil; !l.ours() { // what followed another tag then was not this one's
		return nil, nil
	}
	all, err := l.deployments(ctx)
	if err != nil {
		return nil, sdk.Fault("list deployments of", s.Place(), err)
	}
	pins, err := l.pins(ctx, all)
	if err != nil {
		return nil, sdk.Fault("describe deployments of", s.Place(), err)
	}
	out := make([]deploy.Past, 0, len(all))
	for _, d := range all {
		out = append(out, deploy.Past{
			Place: s.Place(), Digest: pins[aws.ToString(d.TargetServiceRevisionArn)], Began: aws.ToTime(d.CreatedAt),
			Ended: aws.ToTime(d.FinishedAt), Stable: d.Status == types.ServiceDeploymentStatusSuccessful,
		})
	}
	return out, nil
}

// deployments are the newest ones, the newest first: a page of them.
func (l *look) deployments(ctx context.Context) ([]types.ServiceDeploymentBrief, error) {
	list, err := l.api.ListServiceDeployments(ctx, &ecs.ListServiceDeploymentsInput{
		Cluster: &l.service.Cluster, Service: &l.service.Name,
	})
	if err != nil {
		return nil, err
	}
	slices.SortStableFunc(list.ServiceDeployments, func(a, b types.ServiceDeploymentBrief) int {
		return aws.ToTime(b.CreatedAt).Compare(aws.ToTime(a.CreatedAt))
	})
	return list.ServiceDeployments, nil
}

// pins are the digests that deployments have looked the image's tag up to, by
// service revision.
func (l *look) pins(ctx context.Context, all []types.ServiceDeploymentBrief) (map[string]ref.Digest, error) {
	var arns []string
	for _, d := range all {
		if arn := aws.ToString(d.TargetServiceRevisionArn); arn != "" && !slices.Contains(arns, arn) {
			arns = append(arns, arn)
		}
	}
	out := map[string]ref.Digest{}
	for batch := range slices.Chunk(arns, revisionsBatch) {
		found, err := l.api.DescribeServiceRevisions(ctx, &ecs.DescribeServiceRevisionsInput{ServiceRevisionArns: batch})
		if err != nil {
			return out, err
		}
		for _, r := range found.ServiceRevisions {
			all := make([]container, len(r.ContainerImages))
			for i, c := range r.ContainerImages {
				all[i] = container{aws.ToString(c.ContainerName), aws.ToString(c.Image), aws.ToString(c.ImageDigest)}
			}
			d, err := l.pulled(ctx, aws.ToString(r.TaskDefinition), all)
			if err != nil {
				return out, err
			}
			out[aws.ToString(r.ServiceRevisionArn)] = d
		}
	}
	return out, nil
}
