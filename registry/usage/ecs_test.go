package usage_test

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"regatta/registry/ecr/sdk"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/ecs"

	"regatta/model/fault"
	model "regatta/model/usage"
	"regatta/registry/httpx"
	"regatta/registry/sandbox"
	"regatta/registry/usage"
)

const registry = "111122223333.dkr.ecr.eu-central-1.amazonaws.com"

// static is a configuration with an access key and no file or environment.
func static(key string) sdk.Config {
	return func(_ context.Context, region string) (aws.Config, error) {
		return aws.Config{Region: region, Credentials: credentials.NewStaticCredentialsProvider(key, "secret", "")}, nil
	}
}

// account is the seeded account, and the source that asks it over HTTP.
func account(t *testing.T, change func(*sandbox.Options)) (*sandbox.Registry, *usage.ECS) {
	t.Helper()
	o := sandbox.Options{Now: sandbox.Epoch}
	if change != nil {
		change(&o)
	}
	rg := sandbox.New(o)
	t.Cleanup(func() {
		if err := rg.Close(); err != nil {
			t.Error(err)
		}
	})
	transport := httpx.New(httpx.Options{Now: sandbox.Epoch, Base: rg.Transport()})
	return rg, &usage.ECS{Region: "eu-central-1", Config: static("AKIAEXAMPLE"), Transport: transport}
}

// lines are the uses of a repository as a person reads them.
func lines(a model.Answer, repository string) []string {
	var out []string
	for _, u := range (model.Set{Answers: []model.Answer{a}}).Uses(registry, repository) {
		line := u.String()
		if u.Image.Tag != "" {
			line += " :" + u.Image.Tag
		}
		if u.Image.Digest != "" {
			line += " @" + u.Image.Digest.Short()
		}
		out = append(out, line)
	}
	return out
}

func TestECS(t *testing.T) {
	t.Parallel()
	rg, source := account(t, nil)
	a := source.Ask(t.Context())
	if a.Err != nil || a.Name() != "ecs eu-central-1" {
		t.Fatalf("%s: %v", a.Name(), a.Err)
	}
	short := func(tag string) string {
		d, _ := rg.Resolve("shop/worker", tag)
		return d[len("sha256:") : len("sha256:")+12]
	}
	got := lines(a, "shop/worker")
	if len(got) != 8 {
		t.Fatalf("uses:\n%s", strings.Join(got, "\n"))
	}
	// Production was deployed before its tag moved: its digest is pinned and has no tag any more.
	pinned := slices.IndexFunc(got, func(s string) bool { return strings.HasPrefix(s, "ecs deployment prod/shop-worker :prod @") })
	if pinned < 0 || strings.HasSuffix(got[pinned], short("prod")) {
		t.Errorf("pinned: %v", got)
	}
	for _, want := range []string{
		"ecs task-definition prod-shop-worker:6 :latest", "ecs task-definition prod-shop-worker:7 :prod",
		"ecs deployment staging/shop-worker :staging @" + short("staging"),
	} {
		if !slices.Contains(got, want) {
			t.Errorf("%q is not among\n%s", want, strings.Join(got, "\n"))
		}
	}
	if backup := lines(a, "tools/backup"); !slices.Equal(backup, []string{"ecs task-definition nightly-backup:3 :latest"}) {
		t.Errorf("started by no service: %v", backup)
	}
}

// Every batch is as large as the API takes, and what never changes is asked for
// once.
func TestECSRequests(t *testing.T) {
	t.Parallel()
	rg, source := account(t, nil)
	source.Ask(t.Context())
	calls := func() map[string]int {
		n := map[string]int{}
		for _, r := range rg.Requests() {
			n[r.Operation]++
		}
		rg.ResetRequests()
		return n
	}
	first := calls()
	for operation, want := range map[string]int{
		"ecs:ListClusters": 1, "ecs:ListTasks": 2, "ecs:DescribeTasks": 2, "ecs:ListServices": 2, "ecs:DescribeServices": 2,
		"ecs:ListServiceDeployments": 16, "ecs:DescribeServiceRevisions": 16, "ecs:DescribeTaskDefinition": 33,
	} {
		if first[operation] != want {
			t.Errorf("%s: %d requests, want %d", operation, first[operation], want)
		}
	}
	if a := source.Ask(t.Context()); a.Err != nil || len(lines(a, "tools/backup")) != 1 {
		t.Errorf("the second answer: %v", a.Err)
	}
	if n := calls()["ecs:DescribeTaskDefinition"]; n != 0 {
		t.Errorf("%d task definitions were read again", n)
	}
}

// While a deployment goes on, the old digest and the new one are both in use;
// once it has succeeded only the new one is.
func TestECSDeployment(t *testing.T) {
	t.Parallel()
	at := sandbox.Epoch()
	rg, source := account(t, func(o *sandbox.Options) { o.Now = func() time.Time { return at } })
	api := ecs.New(ecs.Options{
		Region: "eu-central-1", HTTPClient: &http.Client{Transport: rg.Transport()},
		Credentials: credentials.NewStaticCredentialsProvider("AKIAEXAMPLE", "secret", ""),
	})
	before, _ := rg.Resolve("shop/api", "prod")
	after, _ := rg.Resolve("shop/api", "staging")
	rg.Tag("shop/api", "prod", after, at)
	pinned := func() []string {
		var out []string
		for _, u := range (model.Set{Answers: []model.Answer{source.Ask(t.Context())}}).Uses(registry, "shop/api") {
			if u.How == model.Deployment && u.Place == "prod/shop-api" {
				out = append(out, string(u.Image.Digest))
			}
		}
		slices.Sort(out)
		return out
	}
	if got := pinned(); !slices.Equal(got, []string{before}) {
		t.Errorf("before: %v, want %s", got, before)
	}
	if _, err := api.UpdateService(t.Context(), &ecs.UpdateServiceInput{
		Cluster: aws.String("prod"), Service: aws.String("shop-api"), ForceNewDeployment: true,
	}); err != nil {
		t.Fatal(err)
	}
	both := []string{before, after}
	slices.Sort(both)
	if got := pinned(); !slices.Equal(got, both) {
		t.Errorf("meanwhile: %v, want %v", got, both)
	}
	at = at.Add(2 * time.Minute)
	if got := pinned(); !slices.Equal(got, []string{after}) {
		t.Errorf("after: %v, want %s", got, after)
	}
}

// What a role may not ask is told by the name of its permission, and what it may
// ask is there nevertheless.
func TestECSDenied(t *testing.T) {
	t.Parallel()
	for denied, want := range map[string]int{
		"ecs:ListClusters": 0, "ecs:DescribeTasks": 6, "ecs:ListServices": 6, "ecs:DescribeServiceRevisions": 6,
		"ecs:ListTaskDefinitions": 6, "ecs:DescribeTaskDefinition": 4,
	} {
		t.Run(denied, func(t *testing.T) {
			t.Parallel()
			_, source := account(t, func(o *sandbox.Options) {
				o.Account.Keys = map[string]sandbox.Role{"AKIAEXAMPLE": {Denied: []string{denied}}}
			})
			a := source.Ask(t.Context())
			if !fault.Is(a.Err, fault.Denied) || !strings.Contains(a.Err.Error(), "the permission "+denied+" is missing") {
				t.Errorf("error %v", a.Err)
			}
			if got := lines(a, "shop/api"); len(got) != want {
				t.Errorf("%d uses, want %d:\n%s", len(got), want, strings.Join(got, "\n"))
			}
		})
	}
}

// Clusters are asked at once, and fail in any order: the same one is told each time.
func TestECSTellsTheSameFailure(t *testing.T) {
	t.Parallel()
	_, source := account(t, func(o *sandbox.Options) {
		o.Account.Keys = map[string]sandbox.Role{"AKIAEXAMPLE": {Denied: []string{"ecs:ListTasks"}}}
	})
	for range 40 {
		if said := source.Ask(t.Context()).Err.Error(); !strings.HasPrefix(said, "list tasks of prod: ") || !strings.HasSuffix(said, ", and 1 more failure") {
			t.Fatal(said)
		}
	}
}

func TestECSWithoutCredentials(t *testing.T) {
	t.Parallel()
	_, source := account(t, nil)
	source.Config = func(context.Context, string) (aws.Config, error) {
		return aws.Config{}, &fault.Error{Kind: fault.Auth, Detail: "no profile"}
	}
	if a := source.Ask(t.Context()); !fault.Is(a.Err, fault.Auth) || len(a.Uses) != 0 {
		t.Errorf("error %v", a.Err)
	}
}

// A region that does not answer costs its own time and no more, and says so.
func TestAskWaitsForNoOneTooLong(t *testing.T) {
	t.Parallel()
	_, good := account(t, nil)
	silent := &usage.ECS{Region: "eu-west-1", Config: static("AKIAEXAMPLE"), Transport: hanging{}}
	set, err := usage.Ask(t.Context(), []usage.Source{silent, good}, 500*time.Millisecond)
	if err != nil {
		t.Fatal(err)
	}
	if a := set.Answers[0]; !fault.Is(a.Err, fault.Timeout) || a.Scope != "eu-west-1" {
		t.Errorf("the silent region: %v", a.Err)
	}
	if len(set.Answers) != 2 || len(set.Failed()) == 0 {
		t.Errorf("answers %v", set.Answers)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := usage.Ask(ctx, []usage.Source{silent}, time.Minute); !fault.Is(err, fault.Cancelled) {
		t.Errorf("cancelled: %v", err)
	}
}

type hanging struct{}

func (hanging) RoundTrip(r *http.Request) (*http.Response, error) {
	<-r.Context().Done()
	return nil, r.Context().Err()
}
