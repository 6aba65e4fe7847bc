package deploy_test

import (
	"slices"
	"testing"

	"regatta/model/deploy"
	"regatta/model/ref"
	"regatta/model/usage"
)

func onECS(how usage.How, place, tag string) usage.Use {
	return usage.Use{
		Source: usage.ECS, Scope: "eu-central-1", Place: place, How: how,
		Image: ref.Reference{Host: "registry.example.com", Repository: "shop/api", Tag: tag},
	}
}

// Services follow a tag whoever deploys them; what else runs it is named.
func TestWhatFollows(t *testing.T) {
	t.Parallel()
	function := onECS(usage.Function, "resize", "prod")
	function.Source = usage.Lambda
	uses := []usage.Use{
		onECS(usage.Task, "prod/api", "prod"), onECS(usage.Task, "prod/batch", "prod"), onECS(usage.Task, "prod/other", "v1"),
		function, of(usage.Pod, "shop/deployment/api", old, 1, 0), of(usage.Pod, "shop/pod/alone", old, 1, 0),
		onECS(usage.Deployment, "prod/api", "prod"), onECS(usage.Service, "prod/web", "prod"), onECS(usage.Service, "prod/web", "prod"),
		onECS(usage.Service, "prod/pinned", ""), of(usage.Workload, "shop/deployment/api", "", 0, 0),
		onECS(usage.Definition, "prod-api:7", "prod"), of(usage.ScaledToZero, "shop/deployment/idle", "", 0, 0),
	}
	var got []string
	for _, s := range deploy.Services(uses, "prod") {
		got = append(got, s.Title())
	}
	if want := []string{"service api of cluster prod", "service web of cluster prod"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
	want := []string{"ecs prod/batch", "lambda resize", "prod shop/deployment/api", "kubernetes shop/pod/alone"}
	if rest := deploy.Rest(uses, "prod"); !slices.Equal(rest, want) {
		t.Errorf("%q, want %q", rest, want)
	}
}

func TestObstacle(t *testing.T) {
	t.Parallel()
	at := deploy.Service{Region: "eu-central-1", Cluster: "prod", Name: "web"}
	for says, s := range map[string]deploy.State{
		"": {Service: at, Controller: "ECS"},
		"service web of cluster prod is deployed by CODE_DEPLOY; deploy it there":            {Service: at, Controller: "CODE_DEPLOY"},
		"service web of cluster prod has a task definition that does not name prod any more": {Service: at, Apart: true},
	} {
		if got := s.Obstacle("prod"); got != says {
			t.Errorf("%q, want %q", got, says)
		}
	}
}
