package deploy_test

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/ecs"

	model "regatta/model/deploy"
	"regatta/model/fault"
	"regatta/model/ref"
	"regatta/registry/deploy"
	"regatta/registry/sandbox"
)

var service = model.Service{Region: "eu-central-1", Cluster: "prod", Name: "shop-api"}

var image = ref.Reference{
	Host: "111122223333.dkr.ecr.eu-central-1.amazonaws.com", Repository: "shop/api", Tag: "prod",
}

// account is the seeded account in virtual time, and ECS there.
func account(t *testing.T, denied ...string) (*sandbox.Registry, *deploy.ECS) {
	t.Helper()
	begun := time.Now()
	now := func() time.Time { return sandbox.Epoch().Add(time.Since(begun)) }
	rg := sandbox.New(sandbox.Options{Now: now, Account: sandbox.Account{
		Keys: map[string]sandbox.Role{"AKIAEXAMPLE": {Denied: denied}},
	}})
	t.Cleanup(func() { _ = rg.Close() })
	config := func(_ context.Context, region string) (aws.Config, error) {
		return aws.Config{
			Region: region, Credentials: credentials.NewStaticCredentialsProvider("AKIAEXAMPLE", "secret", ""),
		}, nil
	}
	return rg, &deploy.ECS{Config: config, Transport: rg.Transport()}
}

// back points prod at another image, and starts a deployment of it.
func back(t *testing.T, rg *sandbox.Registry, e *deploy.ECS) model.Wanted {
	t.Helper()
	if _, err := e.Look(t.Context(), service, image); err != nil { // before the tag moves
		t.Fatal(err)
	}
	good, _ := rg.Resolve("shop/api", "staging")
	rg.Tag("shop/api", "prod", good, sandbox.Epoch())
	id, err := e.Deploy(t.Context(), service)
	if err != nil || id == "" {
		t.Fatalf("%q, %v", id, err)
	}
	return model.Wanted{ID: id, Digests: []ref.Digest{ref.Digest(good)}}
}

// A deployment is watched until every task runs the image; the tasks that run
// are counted on the way, and what happened is told in its order.
func TestWatchUntilItSettles(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		rg, e := account(t)
		w := back(t, rg, e)
		var running []int
		r := deploy.Watch(t.Context(), e, service, image, w, 15*time.Second, func(r deploy.Report) {
			d, _ := r.State.Of(w.ID)
			running = append(running, d.Running)
		})
		if r.Verdict != model.Settled || r.Err != nil || !slices.Equal(running, []int{0, 1, 2, 3, 4}) {
			t.Errorf("%s %q %v, %v", r.Verdict, r.Text, r.Err, running)
		}
		counts := r.State.Digests()
		if len(counts) != 1 || counts[0] != (model.Count{Digest: w.Digests[0], Tasks: 4}) || r.State.Pinned != w.Digests[0] {
			t.Errorf("%v, pinned %s", counts, r.State.Pinned)
		}
		var told []string
		ours, _ := r.State.Of(w.ID)
		for _, e := range r.State.Since(ours.Began) {
			told = append(told, e.Text)
		}
		if len(told) != 3 || !strings.HasPrefix(told[0], "has started 4 tasks") || told[2] != "has reached a steady state." {
			t.Errorf("%q", told)
		}
	})
}

// update gives the service another task definition.
func update(t *testing.T, rg *sandbox.Registry, definition string) {
	t.Helper()
	api := ecs.New(ecs.Options{
		Region: "eu-central-1", HTTPClient: &http.Client{Transport: rg.Transport()},
		Credentials: credentials.NewStaticCredentialsProvider("AKIAEXAMPLE", "secret", ""),
	})
	if _, err := api.UpdateService(t.Context(), &ecs.UpdateServiceInput{
		Cluster: &service.Cluster, Service: &service.Name, TaskDefinition: &definition,
	}); err != nil {
		t.Fatal(err)
	}
}

func TestWatchWhatDoesNotSettle(t *testing.T) {
	t.Parallel()
	for fate, want := range map[sandbox.Fate]struct {
		verdict model.Verdict
		says    string
		took    time.Duration
	}{
		sandbox.Hangs:   {model.Going, "0 of 4 tasks run, 4 pending", 5 * time.Minute},
		sandbox.Crashes: {model.Broken, "tasks failed to start", time.Minute},
		sandbox.Reverts: {model.Broken, "went back to what ran before", time.Minute},
	} {
		synctest.Test(t, func(t *testing.T) {
			rg, e := account(t)
			rg.Doom("prod", "shop-api", fate)
			begun := time.Now()
			ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
			defer cancel()
			r := deploy.Watch(ctx, e, service, image, back(t, rg, e), 15*time.Second, func(deploy.Report) {})
			if r.Verdict != want.verdict || !strings.Contains(r.Text, want.says) || time.Since(begun) != want.took {
				t.Errorf("%d: %s %q after %s", fate, r.Verdict, r.Text, time.Since(begun))
			}
		})
	}
}

// What a role may not do is told by the permission that is missing, and ends the
// watching; what only fails for a while does not.
func TestDeployDenied(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		_, e := account(t, "ecs:UpdateService")
		if _, err := e.Deploy(t.Context(), service); !fault.Is(err, fault.Denied) ||
			!strings.Contains(err.Error(), "the permission ecs:UpdateService is missing") {
			t.Errorf("%v", err)
		}
		_, e = account(t, "ecs:DescribeServices")
		r := deploy.Watch(t.Context(), e, service, image, model.Wanted{}, time.Second, func(deploy.Report) {})
		if !fault.Is(r.Err, fault.Denied) || r.Verdict != model.Going {
			t.Errorf("%v, %s", r.Err, r.Verdict)
		}
		rg, e := account(t)
		w := back(t, rg, e)
		rg.Inject(sandbox.Fault{
			Operation: "ecs:DescribeTasks", Times: 4, Effect: sandbox.APIError{Code: "ServerException", Status: 500},
		})
		r = deploy.Watch(t.Context(), e, service, image, w, 15*time.Second, func(deploy.Report) {})
		if r.Err != nil || r.Verdict != model.Settled {
			t.Errorf("%v, %s %q", r.Err, r.Verdict, r.Text)
		}
		none := model.Service{Region: "eu-central-1", Cluster: "prod", Name: "none"}
		if _, err := e.Look(t.Context(), none, image); !fault.Is(err, fault.NotFound) {
			t.Errorf("%v", err)
		}
		if _, err := e.Deploy(t.Context(), none); !fault.Is(err, fault.NotFound) {
			t.Errorf("%v", err)
		}
	})
}

// Of what somebody else deploys it is known who does and what runs, and that a
// deployment has nothing to start; of what follows another tag now, that.
func TestLookAtWhatIsDeployedElsewhere(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		rg, e := account(t)
		good, _ := rg.Resolve("shop/api", "prod")
		for _, controller := range []string{"CODE_DEPLOY", "EXTERNAL"} {
			rg.Control("prod", "shop-api", controller)
			s, err := e.Look(t.Context(), service, image)
			verdict, said := model.Judge(s, model.Wanted{Digests: []ref.Digest{ref.Digest(good)}})
			if err != nil || s.Controller != controller || s.Obstacle("prod") == "" || verdict != model.Settled {
				t.Errorf("%v: %+v: %s %q", err, s, verdict, said)
			}
			if past, err := e.Past(t.Context(), service, image); err != nil || len(past) != 0 {
				t.Errorf("%v, %v", err, past)
			}
			if _, err := e.Deploy(t.Context(), service); err == nil {
				t.Error("it was deployed")
			}
		}
		rg.Control("prod", "shop-api", "ECS")
		if s, err := e.Look(t.Context(), service, image); err != nil || s.Obstacle("prod") != "" {
			t.Errorf("%v, %q", err, s.Obstacle("prod"))
		}
		update(t, rg, "prod-shop-api:6") // of latest
		if s, err := e.Look(t.Context(), service, image); err != nil || !strings.Contains(s.Obstacle("prod"), "does not name prod any more") {
			t.Errorf("%v, %q", err, s.Obstacle("prod"))
		}
	})
}
