package run_test

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"testing"

	"regatta/model/deploy"
	"regatta/model/fault"
	"regatta/model/plan"
	"regatta/model/ref"
	"regatta/registry/run"
	"regatta/registry/sandbox"
)

// services is one service that looks the tag up when it is deployed.
type services struct {
	mu     sync.Mutex
	lookUp func() ref.Digest
	slow   bool // it does not say what it has looked up
	loses  bool // the answer to what it did
	now    deploy.Deployment
	pinned ref.Digest
	times  int
	by     string // who deploys it, in ECS's words
}

func (s *services) Deploy(context.Context, deploy.Service) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.times++
	s.now = deploy.Deployment{ID: strings.Repeat("n", s.times), Primary: true, Rollout: deploy.InProgress}
	if s.pinned = s.lookUp(); s.slow {
		s.pinned = ""
	}
	if s.loses {
		return "", &fault.Error{Kind: fault.Unavailable, Detail: "500"}
	}
	return s.now.ID, nil
}

func (s *services) Look(_ context.Context, at deploy.Service, _ ref.Reference) (deploy.State, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return deploy.State{Service: at, Deployments: []deploy.Deployment{s.now}, Pinned: s.pinned, Controller: s.by}, nil
}

// deploying is a world with a service that runs what one points to.
func deploying(t *testing.T) (*world, map[string]ref.Digest, *services) {
	t.Helper()
	w := newWorld(t, sandbox.Options{})
	digests := fill(w.registry)
	s := &services{
		now:    deploy.Deployment{ID: "first", Primary: true, Rollout: deploy.Completed},
		pinned: digests["one"], lookUp: func() ref.Digest {
			d, _ := w.registry.Resolve(repo, "one")
			return ref.Digest(d)
		},
	}
	w.runner = run.New(run.Options{
		Journal: w.journal, Now: clock, Open: func(string) (run.Registry, error) { return w.client, nil },
		Deployer: func(string) run.Deployer { return s },
	})
	return w, digests, s
}

// moveAndDeploy points one at two, and deploys the service that follows it.
func moveAndDeploy(digests map[string]ref.Digest) plan.Plan {
	tag := ref.Reference{Host: host, Repository: repo, Tag: "one"}
	p := plan.Plan{Registry: host, Repository: repo, CreatedAt: clock(), Steps: []plan.Step{{
		Kind: plan.Retag, Reference: tag, Digest: digests["two"],
		Expect: plan.Expect{Tag: "one", Digest: digests["one"]},
	}}}
	return plan.ToDeploy(p, []plan.Follower{{Tag: tag, Rollout: plan.Rollout{
		Service: "ecs:eu-central-1/prod/shop-api", Was: digests["one"], Over: "first",
	}}}, nil)
}

func outcomes(r plan.Result) string {
	var out []string
	for _, s := range r.Steps {
		out = append(out, strings.TrimSuffix(string(s.Outcome)+" "+s.Error, " "))
	}
	return strings.Join(out, ", ")
}

// A service is deployed once its tag has moved, and not a second time where it
// comes to run that already, was deployed though nobody heard so, or has not said
// yet what it has looked up.
func TestDeployOnce(t *testing.T) {
	t.Parallel()
	for name, spoil := range map[string]func(*services){
		"plainly":             func(*services) {},
		"slow to say":         func(s *services) { s.slow = true },
		"lost answer":         func(s *services) { s.loses = true },
		"lost, and slow also": func(s *services) { s.loses, s.slow = true, true },
	} {
		w, digests, s := deploying(t)
		spoil(s)
		p := moveAndDeploy(digests)
		if r := w.run(t, p, ""); outcomes(r) != "done, done" || s.times != 1 {
			t.Errorf("%s: %s, deployed %d times", name, outcomes(r), s.times)
		}
		if s.slow {
			continue
		}
		if r := w.run(t, p, ""); outcomes(r) != "unchanged, unchanged" || s.times != 1 {
			t.Errorf("%s again: %s, deployed %d times", name, outcomes(r), s.times)
		}
	}
}

// Undo points the tag back, and deploys that.
func TestUndoDeploysAnew(t *testing.T) {
	t.Parallel()
	w, digests, s := deploying(t)
	r := w.run(t, moveAndDeploy(digests), "")
	if u := w.undo(t, r.Run); outcomes(u) != "done, done" || s.times != 2 || s.pinned != digests["one"] {
		t.Errorf("%s, deployed %d times, runs %s", outcomes(u), s.times, s.pinned.Short())
	}
}

// Nothing is deployed where the tag has not moved or is somebody else's by then,
// where a layer is missing, or where nobody deploys.
func TestDeployIsRefused(t *testing.T) {
	t.Parallel()
	for name, x := range map[string]struct {
		spoil func(*world, map[string]ref.Digest)
		want  string
	}{
		"moved before": {func(w *world, digests map[string]ref.Digest) {
			w.registry.Tag(repo, "one", string(digests["twice"]), clock())
		}, "skipped changed meanwhile: the tag one points to "},
		"a layer is missing": {func(w *world, _ map[string]ref.Digest) {
			w.registry.Inject(sandbox.Fault{
				Method: http.MethodHead, Prefix: "/v2/" + repo + "/blobs/", Effect: sandbox.Status{Code: http.StatusNotFound},
			})
		}, "failed retag "}, // a tag never moves to it
	} {
		w, digests, s := deploying(t)
		x.spoil(w, digests)
		if got := outcomes(w.run(t, moveAndDeploy(digests), "")); !strings.HasPrefix(got, x.want) || s.times != 0 {
			t.Errorf("%s: %s, deployed %d times", name, got, s.times)
		}
	}
	w, digests, _ := deploying(t)
	w.runner = run.New(run.Options{
		Journal: w.journal, Now: clock, Open: func(string) (run.Registry, error) { return w.client, nil },
	})
	if _, err := w.runner.Start(t.Context(), moveAndDeploy(digests), "", ""); !fault.Is(err, fault.Unsupported) {
		t.Errorf("%v", err)
	}
}

// What somebody else deploys is not deployed, and the step says who does.
func TestDeployOfWhatIsDeployedElsewhere(t *testing.T) {
	t.Parallel()
	w, digests, s := deploying(t)
	s.by = "CODE_DEPLOY"
	r := w.run(t, moveAndDeploy(digests), "")
	if said := outcomes(r); s.times != 0 || !strings.HasPrefix(said, "done, failed ") || !strings.Contains(said, "is deployed by CODE_DEPLOY; deploy it there") {
		t.Errorf("%s, deployed %d times", said, s.times)
	}
}
