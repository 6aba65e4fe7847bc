package sandbox_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/ecs/types"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"regatta/registry/sandbox"
)

// fleet is the seeded account.
func fleet(t *testing.T) (cloud, *wall) {
	t.Helper()
	w := newWall()
	return signIn(t, open(t, w.seeded()), "any"), w
}

func TestClusters(t *testing.T) {
	t.Parallel()
	c, _ := fleet(t)
	ctx := t.Context()
	list := must(c.ecs.ListClusters(ctx, &ecs.ListClustersInput{}))(t)
	out := must(c.ecs.DescribeClusters(ctx, &ecs.DescribeClustersInput{Clusters: append(list.ClusterArns, "none")}))(t)
	if len(out.Clusters) != 2 || *out.Clusters[0].ClusterName != "prod" || out.Clusters[0].ActiveServicesCount != 8 {
		t.Errorf("clusters %+v", out.Clusters)
	}
	if len(out.Failures) != 1 || *out.Failures[0].Reason != "MISSING" {
		t.Errorf("failures %+v", out.Failures)
	}
	_, err := c.ecs.ListServices(ctx, &ecs.ListServicesInput{Cluster: aws.String("none")})
	wantCode(t, err, "ClusterNotFoundException", "Cluster not found.")
}

func TestServices(t *testing.T) {
	t.Parallel()
	c, _ := fleet(t)
	ctx := t.Context()
	var arns []string
	pages := ecs.NewListServicesPaginator(c.ecs, &ecs.ListServicesInput{Cluster: aws.String("prod"), MaxResults: aws.Int32(3)})
	for pages.HasMorePages() {
		arns = append(arns, must(pages.NextPage(ctx))(t).ServiceArns...)
	}
	out := must(c.ecs.DescribeServices(ctx, &ecs.DescribeServicesInput{Cluster: aws.String("prod"), Services: append(arns, "none")}))(t)
	if len(out.Services) != 8 || len(out.Failures) != 1 {
		t.Fatalf("%d services, failures %v", len(out.Services), out.Failures)
	}
	for _, s := range out.Services {
		if s.RunningCount != s.DesiredCount || len(s.Deployments) != 1 || len(s.Events) == 0 ||
			s.Deployments[0].RolloutState != types.DeploymentRolloutStateCompleted {
			t.Errorf("service %+v", s)
		}
	}
	_, err := c.ecs.DescribeServices(ctx, &ecs.DescribeServicesInput{
		Cluster: aws.String("prod"), Services: slices.Repeat([]string{"shop-api"}, 11),
	})
	wantCode(t, err, "InvalidParameterException", "services can have at most 10 items.")
}

// A task runs the image of its definition's tag; on Fargate it tells the digest
// of the index, on machines that of the platform's image.
func TestTasks(t *testing.T) {
	t.Parallel()
	c, _ := fleet(t)
	ctx := t.Context()
	running := func(cluster string) types.Task {
		list := must(c.ecs.ListTasks(ctx, &ecs.ListTasksInput{Cluster: &cluster, ServiceName: aws.String("shop-api")}))(t)
		out := must(c.ecs.DescribeTasks(ctx, &ecs.DescribeTasksInput{Cluster: &cluster, Tasks: append(list.TaskArns, "none")}))(t)
		if len(out.Tasks) == 0 || len(out.Failures) != 1 {
			t.Fatalf("tasks %v, failures %v", out.Tasks, out.Failures)
		}
		return out.Tasks[0]
	}
	prod, staging := running("prod"), running("staging")
	if digest, _ := c.Resolve("shop/api", "prod"); *prod.Containers[0].ImageDigest != digest ||
		*prod.Containers[0].Image != "sandbox.test/shop/api:prod" || prod.LaunchType != types.LaunchTypeFargate {
		t.Errorf("prod runs %+v, the tag is %s", prod.Containers[0], digest)
	}
	digest, _ := c.Resolve("shop/api", "staging")
	child := *staging.Containers[0].ImageDigest
	if child == digest {
		t.Error("staging tells the digest of the index")
	}
	ask(t, c.Registry, "GET", "/v2/shop/api/manifests/"+digest, "").want(t, 200, child)

	definition := must(c.ecs.DescribeTaskDefinition(ctx, &ecs.DescribeTaskDefinitionInput{TaskDefinition: prod.TaskDefinitionArn}))(t)
	if image := *definition.TaskDefinition.ContainerDefinitions[0].Image; image != "sandbox.test/shop/api:prod" {
		t.Errorf("the definition has %s", image)
	}
	all := must(c.ecs.ListTaskDefinitions(ctx, &ecs.ListTaskDefinitionsInput{}))(t).TaskDefinitionArns
	if len(all) != 33 || !slices.ContainsFunc(all, func(s string) bool { return strings.Contains(s, "nightly-backup:3") }) {
		t.Errorf("%d definitions: %v", len(all), all)
	}
	_, err := c.ecs.DescribeTaskDefinition(ctx, &ecs.DescribeTaskDefinitionInput{TaskDefinition: aws.String("none")})
	wantCode(t, err, "ClientException", "Unable to describe task definition.")
}

// pins are the digests that a service's deployments pinned, the newest first,
// with their states.
func (c cloud) pins(t *testing.T, service string) (digests, states []string) {
	t.Helper()
	list := must(c.ecs.ListServiceDeployments(t.Context(), &ecs.ListServiceDeploymentsInput{
		Cluster: aws.String("prod"), Service: &service,
	}))(t)
	for _, d := range list.ServiceDeployments {
		out := must(c.ecs.DescribeServiceRevisions(t.Context(), &ecs.DescribeServiceRevisionsInput{
			ServiceRevisionArns: []string{*d.TargetServiceRevisionArn},
		}))(t)
		digests = append(digests, aws.ToString(out.ServiceRevisions[0].ContainerImages[0].ImageDigest))
		states = append(states, string(d.Status))
	}
	return digests, states
}

// What runs was pinned before the tag moved; a new deployment resolves the tag
// again and settles within a minute.
func TestForceNewDeployment(t *testing.T) {
	t.Parallel()
	c, w := fleet(t)
	ctx := t.Context()
	before, ok := c.Resolve("shop/api", "prod")
	after, _ := c.Resolve("shop/api", "staging")
	if !ok || before == after {
		t.Fatal("prod and staging are the same")
	}
	c.Tag("shop/api", "prod", after, w.now())
	if digests, _ := c.pins(t, "shop-api"); !slices.Equal(digests, []string{before}) {
		t.Errorf("pinned %v, want %s", digests, before)
	}
	update := &ecs.UpdateServiceInput{Cluster: aws.String("prod"), Service: aws.String("shop-api"), ForceNewDeployment: true}
	s := must(c.ecs.UpdateService(ctx, update))(t).Service
	if len(s.Deployments) != 2 || s.RunningCount != s.DesiredCount || s.Deployments[0].RunningCount != 0 ||
		s.Deployments[0].RolloutState != types.DeploymentRolloutStateInProgress {
		t.Errorf("at once: %+v", s.Deployments)
	}
	w.pass(time.Minute / 2)
	describe := &ecs.DescribeServicesInput{Cluster: aws.String("prod"), Services: []string{"shop-api"}}
	s = &must(c.ecs.DescribeServices(ctx, describe))(t).Services[0]
	if s.Deployments[0].RunningCount != s.DesiredCount/2 {
		t.Errorf("half-way: %d of %d", s.Deployments[0].RunningCount, s.DesiredCount)
	}
	w.pass(time.Minute / 2)
	s = &must(c.ecs.DescribeServices(ctx, describe))(t).Services[0]
	if len(s.Deployments) != 1 || !strings.HasSuffix(*s.Events[0].Message, "has reached a steady state.") {
		t.Errorf("in the end: %+v, %s", s.Deployments, *s.Events[0].Message)
	}
	digests, states := c.pins(t, "shop-api")
	if !slices.Equal(digests, []string{after, before}) || !slices.Equal(states, []string{"SUCCESSFUL", "SUCCESSFUL"}) {
		t.Errorf("pinned %v, %v", digests, states)
	}
}

// A deployment of a tag that is not there fails, and what ran goes on.
func TestDeploymentFails(t *testing.T) {
	t.Parallel()
	c, w := fleet(t)
	c.Untag("shop/web", "prod")
	must(c.ecs.UpdateService(t.Context(), &ecs.UpdateServiceInput{
		Cluster: aws.String("prod"), Service: aws.String("shop-web"), ForceNewDeployment: true,
	}))(t)
	w.pass(2 * time.Minute)
	s := must(c.ecs.DescribeServices(t.Context(), &ecs.DescribeServicesInput{
		Cluster: aws.String("prod"), Services: []string{"shop-web"},
	}))(t).Services[0]
	if s.Deployments[0].RolloutState != types.DeploymentRolloutStateFailed || s.RunningCount != s.DesiredCount ||
		!strings.Contains(*s.Events[0].Message, "tasks failed to start") ||
		!strings.Contains(*s.Events[1].Message, "CannotPullContainerError") {
		t.Errorf("%+v, %+v", s.Deployments, s.Events[:2])
	}
	_, err := c.ecs.UpdateService(t.Context(), &ecs.UpdateServiceInput{Cluster: aws.String("prod"), Service: aws.String("none")})
	wantCode(t, err, "ServiceNotFoundException", "Service not found.")
}

// A deployment that is doomed hangs for ever, fails, or is taken back; what ran
// before goes on in each case.
func TestDoomedDeployments(t *testing.T) {
	t.Parallel()
	for fate, want := range map[sandbox.Fate]struct {
		primary  types.DeploymentRolloutState // of what the service counts as its own in the end
		pending  int32
		status   string
		happened string
	}{
		sandbox.Hangs:   {types.DeploymentRolloutStateInProgress, 4, "IN_PROGRESS", "unable to place a task"},
		sandbox.Crashes: {types.DeploymentRolloutStateFailed, 0, "ROLLBACK_FAILED", "tasks failed to start"},
		sandbox.Reverts: {types.DeploymentRolloutStateCompleted, 0, "ROLLBACK_SUCCESSFUL", "rolling back"},
	} {
		c, w := fleet(t)
		before, _ := c.Resolve("shop/api", "prod")
		other, _ := c.Resolve("shop/api", "staging")
		c.Tag("shop/api", "prod", other, w.now())
		c.Doom("prod", "shop-api", fate)
		started := must(c.ecs.UpdateService(t.Context(), &ecs.UpdateServiceInput{
			Cluster: aws.String("prod"), Service: aws.String("shop-api"), ForceNewDeployment: true,
		}))(t).Service.Deployments[0]
		w.pass(2 * time.Minute)
		s := must(c.ecs.DescribeServices(t.Context(), &ecs.DescribeServicesInput{
			Cluster: aws.String("prod"), Services: []string{"shop-api"},
		}))(t).Services[0]
		i := slices.IndexFunc(s.Deployments, func(d types.Deployment) bool { return *d.Status == "PRIMARY" })
		if s.Deployments[i].RolloutState != want.primary || s.PendingCount != want.pending || s.RunningCount != 4 ||
			(*s.Deployments[i].Id == *started.Id) == (fate == sandbox.Reverts) ||
			!strings.Contains(*s.Events[0].Message, want.happened) {
			t.Errorf("%d: %+v, %s", fate, s.Deployments, *s.Events[0].Message)
		}
		digests, states := c.pins(t, "shop-api")
		if !slices.Equal(digests, []string{other, before}) || states[0] != want.status {
			t.Errorf("%d: pinned %v, %v", fate, digests, states)
		}
		list := must(c.ecs.ListTasks(t.Context(), &ecs.ListTasksInput{Cluster: aws.String("prod"), ServiceName: aws.String("shop-api")}))(t)
		if len(list.TaskArns) != 4+int(want.pending) {
			t.Errorf("%d: %d tasks", fate, len(list.TaskArns))
		}
	}
}

// One service was deployed before its tag last moved: what it runs has no tag.
func TestServiceThatLags(t *testing.T) {
	t.Parallel()
	c, _ := fleet(t)
	digests, _ := c.pins(t, "shop-worker")
	tag, _ := c.Resolve("shop/worker", "prod")
	if len(digests) != 1 || digests[0] == tag || digests[0] == "" {
		t.Errorf("pinned %v, the tag is %s", digests, tag)
	}
}

func TestCallerIdentity(t *testing.T) {
	t.Parallel()
	w := newWall()
	o := w.empty()
	o.Account.Keys = map[string]sandbox.Role{
		"dev": {ARN: "arn:aws:sts::111122223333:assumed-role/dev/lena", Expires: clock().Add(time.Hour)},
	}
	rg := open(t, o)
	dev := signIn(t, rg, "dev")
	who := must(dev.sts.GetCallerIdentity(t.Context(), &sts.GetCallerIdentityInput{}))(t)
	if *who.Account != accountID || *who.Arn != "arn:aws:sts::111122223333:assumed-role/dev/lena" || *who.UserId == "" {
		t.Errorf("identity %s %s %s", *who.Account, *who.Arn, *who.UserId)
	}
	_, err := signIn(t, rg, "other").sts.GetCallerIdentity(t.Context(), &sts.GetCallerIdentityInput{})
	wantCode(t, err, "InvalidClientTokenId", "")
	w.pass(time.Hour)
	_, err = dev.sts.GetCallerIdentity(t.Context(), &sts.GetCallerIdentityInput{})
	wantCode(t, err, "ExpiredToken", "The security token included in the request is expired")
}
