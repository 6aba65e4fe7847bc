package usage

import (
	"context"
	"strings"

	"regatta/registry/ecr/sdk"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"

	"regatta/model/usage"
)

// tasks notes what the tasks of a cluster run. A page of ListTasks is as many as
// DescribeTasks takes: a hundred (API reference, both).
func (f *fleet) tasks(ctx context.Context, cluster string) {
	pages := ecs.NewListTasksPaginator(f.api, &ecs.ListTasksInput{Cluster: &cluster})
	doing := "list tasks of"
	err := sdk.EachPage(ctx, pages, func(page *ecs.ListTasksOutput) error {
		if len(page.TaskArns) == 0 {
			return nil
		}
		out, err := f.api.DescribeTasks(ctx, &ecs.DescribeTasksInput{Cluster: &cluster, Tasks: page.TaskArns})
		if err != nil {
			doing = "describe tasks of"
			return err
		}
		for _, t := range out.Tasks { // those that are missing have stopped since
			f.task(cluster, t)
		}
		return nil
	})
	if err != nil {
		f.failure(ctx, doing, last(cluster), err)
	}
}

func (f *fleet) task(cluster string, t types.Task) {
	_, group, _ := strings.Cut(aws.ToString(t.Group), ":")
	for _, c := range t.Containers {
		u := usage.Use{Place: place(cluster, group), How: usage.Task}
		if aws.ToString(c.LastStatus) == "RUNNING" {
			u.Running = 1
		}
		f.add(u, aws.ToString(c.Image), aws.ToString(c.ImageDigest))
	}
}
