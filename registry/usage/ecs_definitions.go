package usage

import (
	"context"
	"slices"
	"strings"
	"sync/atomic"

	"regatta/registry/ecr/sdk"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"regatta/model/text"
	"regatta/model/usage"
)

// defined notes what task definitions name: the active ones, which anyone may
// start, and those of services. There may be thousands, so that the newest of
// each family come first, in case that time runs out.
func (f *fleet) defined(ctx context.Context) {
	arns, err := f.active(ctx)
	if err != nil {
		f.failure(ctx, "list task definitions of", f.Region, err)
	}
	for arn := range f.used {
		if arn != "" && !slices.Contains(arns, arn) {
			arns = append(arns, arn)
		}
	}
	var read atomic.Int64
	each(arns, func(arn string) {
		images, err := f.definition(ctx, arn)
		if err != nil {
			f.failure(ctx, "describe", "task definitions ("+text.Count(int(read.Load()))+" of "+
				text.Count(len(arns))+" were read)", err)
			return
		}
		read.Add(1)
		for _, image := range images {
			f.add(usage.Use{Place: last(arn), How: usage.Definition}, image, "")
		}
	})
}

// active are the ARNs of all active task definitions, the newest of every family
// first.
func (f *fleet) active(ctx context.Context) ([]string, error) {
	var newest, older []string
	family := ""
	pages := ecs.NewListTaskDefinitionsPaginator(f.api, &ecs.ListTaskDefinitionsInput{
		Status: types.TaskDefinitionStatusActive, Sort: types.SortOrderDesc,
	})
	err := sdk.EachPage(ctx, pages, func(page *ecs.ListTaskDefinitionsOutput) error {
		for _, arn := range page.TaskDefinitionArns {
			if of, _, _ := strings.Cut(last(arn), ":"); of != family {
				family = of
				newest = append(newest, arn)
			} else {
				older = append(older, arn)
			}
		}
		return nil
	})
	return append(newest, older...), err
}

// definition is the images of a task definition, which is read once.
func (f *fleet) definition(ctx context.Context, arn string) ([]string, error) {
	f.known.Lock()
	images, ok := f.definitions[arn]
	f.known.Unlock()
	if ok {
		return images, nil
	}
	out, err := f.api.DescribeTaskDefinition(ctx, &ecs.DescribeTaskDefinitionInput{TaskDefinition: &arn})
	if err != nil {
		return nil, err
	}
	if out.TaskDefinition != nil {
		for _, c := range out.TaskDefinition.ContainerDefinitions {
			images = append(images, aws.ToString(c.Image))
		}
	}
	f.known.Lock()
	defer f.known.Unlock()
	if f.definitions == nil {
		f.definitions = map[string][]string{}
	}
	f.definitions[arn] = images
	return images, nil
}
