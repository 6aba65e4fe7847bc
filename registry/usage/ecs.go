package usage

import (
	"cmp"
	"context"
	"net/http"
	"strings"
	"sync"

	"regatta/registry/ecr/sdk"

	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"golang.org/x/sync/errgroup"

	"regatta/model/usage"
)

// ECS asks the clusters of one region: what their tasks run, what the deployments
// of their services have pinned, and what the active task definitions name.
type ECS struct {
	Region    string
	Config    sdk.Config
	Profile   string // that Config was loaded for, to name it in advice
	Transport http.RoundTripper

	known       sync.Mutex
	definitions map[string][]string // images by ARN: a task definition never changes
}

// atATime is how many requests are made at once.
const atATime = 8

// fleet is one question to a region.
type fleet struct {
	*ECS
	finds

	api *ecs.Client

	wanted   sync.Mutex // guards what follows
	services []service
	used     map[string]bool // task definitions, by ARN
}

// service is one of a cluster.
type service struct {
	cluster, name, arn string

	pins        bool     // ECS deploys it, and pins digests
	definitions []string // that it starts tasks of, by ARN
}

// Ask implements Source.
func (s *ECS) Ask(ctx context.Context) usage.Answer {
	f := &fleet{ECS: s, used: map[string]bool{}}
	f.answer = usage.Answer{Source: usage.ECS, Scope: s.Region}
	config, err := s.Config.For(ctx, s.Region, s.Profile, s.Transport)
	if err != nil {
		f.fail(sdk.Fault("ask", "ECS in "+s.Region, err))
		return f.done()
	}
	f.api = ecs.NewFromConfig(config)
	clusters, ok := f.clusters(ctx)
	if !ok {
		return f.done()
	}
	each(clusters, func(arn string) { f.cluster(ctx, arn) })
	each(f.services, func(s service) {
		if !s.pins || !f.pinned(ctx, s) {
			f.names(ctx, s)
		}
	})
	f.defined(ctx)
	return f.done()
}

// each does something with all items, a few at a time.
func each[T any](items []T, do func(T)) {
	var group errgroup.Group
	group.SetLimit(atATime)
	for _, item := range items {
		group.Go(func() error {
			do(item)
			return nil
		})
	}
	_ = group.Wait() // failures are collected where they happen
}

// failure notes what went wrong while asking the region, once it has: after the
// end of the context everything fails, which is one failure.
func (f *fleet) failure(ctx context.Context, doing, object string, err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if ctx.Err() == nil || len(f.errs) == 0 {
		f.errs = append(f.errs, sdk.Fault(doing, object, err))
	}
}

// clusters are the ARNs of all clusters. Without them there is nothing to ask.
func (f *fleet) clusters(ctx context.Context) ([]string, bool) {
	var all []string
	pages := ecs.NewListClustersPaginator(f.api, &ecs.ListClustersInput{})
	err := sdk.EachPage(ctx, pages, func(page *ecs.ListClustersOutput) error {
		all = append(all, page.ClusterArns...)
		return nil
	})
	if err != nil {
		f.failure(ctx, "list clusters of", f.Region, err)
		return nil, false
	}
	return all, true
}

func (f *fleet) cluster(ctx context.Context, arn string) {
	f.tasks(ctx, arn)
	f.listServices(ctx, arn)
}

// last is the name that an ARN ends with.
func last(arn string) string { return arn[strings.LastIndexByte(arn, '/')+1:] }

// place names a service, or what a task without one was started as.
func place(cluster, name string) string { return last(cluster) + "/" + cmp.Or(name, "?") }
