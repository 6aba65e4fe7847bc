package cli

import (
	"cmp"
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"regatta/cmd/app"
	rollbacks "regatta/cmd/app/rollback"
	"regatta/cmd/cli/demo"
	"regatta/cmd/config"
	"regatta/model/journal"
	"regatta/model/ref"
	"regatta/model/usage"
	sources "regatta/registry/usage"
)

// clusters are the contexts of a kubectl whose pods are those of the test: the
// deployment api of the namespace shop, which follows shop/api:prod.
type clusters struct {
	mu    sync.Mutex
	runs  map[string][]string // by context, what each pod runs; "": it does not run
	kept  string              // the context whose nodes keep what a tag was
	host  string              // of the registry, "": the demo's
	fails error
	hangs bool
	asked int
}

func (c *clusters) kubectl(name, namespace string) sources.Source { return cluster{c, name, namespace} }

func (c *clusters) restart(name string, digests ...string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.runs[name] = digests
}

// answer ends what hangs: from then on kubectl answers, or fails.
func (c *clusters) answer(fails error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.hangs, c.fails = false, fails
}

// looks is how often it was asked what runs in a namespace.
func (c *clusters) looks() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.asked
}

type cluster struct {
	*clusters

	context, namespace string
}

// Ask implements sources.Source.
func (c cluster) Ask(ctx context.Context) usage.Answer {
	c.mu.Lock()
	defer c.mu.Unlock()
	out := usage.Answer{Source: usage.Kubernetes, Scope: c.context}
	use := func(how usage.How, digest string) usage.Use {
		return usage.Use{
			Source: usage.Kubernetes, Scope: c.context, Place: "shop/deployment/api", How: how, Kept: c.kept == c.context,
			Image: ref.Reference{Host: cmp.Or(c.host, demo.Host), Repository: "shop/api", Tag: "prod", Digest: ref.Digest(digest)},
		}
	}
	switch {
	case c.namespace == "":
		out.Uses = append(out.Uses, use(usage.Workload, ""))
	case c.hangs:
		c.mu.Unlock()
		<-ctx.Done()
		c.mu.Lock()
		out.Err = ctx.Err()
		return out
	default:
		c.asked++
		if out.Err = c.fails; out.Err != nil {
			return out
		}
	}
	for _, d := range c.runs[c.context] {
		pod := use(usage.Pod, d)
		if pod.Running = 1; d == "" {
			pod.Running, pod.Waiting = 0, 1
		}
		out.Uses = append(out.Uses, pod)
	}
	return out
}

// onPods opens shop/api, whose tag prod is followed in two clusters: in one half the
// pods run v3.1.2.
func onPods() setup {
	const bad, good = "sha256:0bc1af0c7d37355761dd75f30b53d2c01fc8daf30556e97a70a5d1c0ea600ca3",
		"sha256:ad419643c95ef8cd80d4969c35a9a1d3e2e519343ace6c0d39be3b3d74b1cfd7"
	c := &clusters{kept: "eu", runs: map[string][]string{"eu": {bad, bad, good, good, ""}, "us": {good, good, good}}}
	return setup{
		target: &ref.Reference{Host: demo.Host, Repository: "shop/api"}, cluster: c.kubectl,
		config: func(conf *config.Config) { conf.Registries[0].Usage.Kubernetes = []string{"eu", "us"} },
	}
}

// onKubernetes rolls prod of shop/api back, which deployments of the contexts
// follow, and ends on what that has left.
func onKubernetes(t *testing.T, contexts []string, play func(b *back, c *clusters, bad, good string)) {
	t.Helper()
	onClusters(t, &clusters{runs: map[string][]string{}}, contexts, play)
}

func onClusters(
	t *testing.T, c *clusters, contexts []string, play func(b *back, c *clusters, bad, good string),
) {
	t.Helper()
	with := setup{target: &ref.Reference{Host: demo.Host, Repository: "shop/api"}, cluster: c.kubectl}
	with.config = func(conf *config.Config) { conf.Registries[0].Usage.Kubernetes = contexts }
	perform(t, with, func(s *stage) {
		bad, _ := s.reg.Resolve("shop/api", "prod")
		good, _ := s.reg.Resolve("shop/api", "v3.1.2")
		for _, name := range contexts {
			c.restart(name, bad, bad)
		}
		s.Advance(settle).Press("j", "j").CursorOn("prod")
		b := (&back{stage: s}).goBack()
		play(b, c, bad, good)
	})
}

// The way at three in the morning on Kubernetes: back, verified, the command that
// restarts on the clipboard, and the pods watched until each runs the image.
func TestRollbackUntilThePodsRunIt(t *testing.T) {
	t.Parallel()
	onKubernetes(t, []string{"prod"}, func(b *back, c *clusters, bad, good string) {
		const command = "kubectl --context prod -n shop rollout restart deployment/api"
		was, now := ref.Digest(bad).Short(), ref.Digest(good).Short()
		b.See("KUBERNETES", "… shop/deployment/api  0 of 2 pods run "+now, "2 of 2 pods "+was+", what ran before",
			"restart it with "+command, "c copies what restarts the pods")
		b.press("c").See("copied " + command)
		if got := b.Clipboard(); got != command {
			t.Errorf("copied %q", got)
		}
		c.restart("prod", bad, good, "")
		b.Advance(rollbacks.PodsEvery).See("1 of 3 pods run "+now+", 1 does not run yet", "1 of 3 pods about to start", now+", the image", "watching what follows the tag")
		c.restart("prod", good, good)
		b.Advance(rollbacks.PodsEvery).See("✓ shop/deployment/api  2 of 2 pods run "+now).SeeNot("restart it", "watching", "c copies")
		run, err := b.session.Journal().Runs(b.ctx, 1)
		if err != nil || len(run) != 1 {
			t.Fatal(err, run)
		}
		if told := run[0].About(journal.Rollout); len(told) != 1 || told[0].Level != "ok" || !strings.Contains(told[0].Text, "2 of 2") {
			t.Errorf("%+v", told)
		}
	})
}

// Deployments of the same name in two clusters are told apart, and restarted
// with one key.
func TestRollbackOfTwoClusters(t *testing.T) {
	t.Parallel()
	onKubernetes(t, []string{"eu", "us"}, func(b *back, c *clusters, _, good string) {
		now := ref.Digest(good).Short()
		b.See("… shop/deployment/api of eu  0 of 2 pods run", "… shop/deployment/api of us  0 of 2 pods run")
		b.press("c").See("copied the commands that restart 2 workloads")
		const us = "kubectl --context us -n shop rollout restart deployment/api"
		if got := b.Clipboard(); got != strings.Replace(us, "us", "eu", 1)+"\n"+us {
			t.Errorf("copied %q", got)
		}
		c.restart("eu", good)
		b.Advance(rollbacks.PodsEvery).See("✓ shop/deployment/api of eu  1 of 1 pods run "+now, "… shop/deployment/api of us  0 of 2")
		b.press("c")
		if got := b.Clipboard(); got != us {
			t.Errorf("copied %q", got)
		}
	})
}

// A cluster that does not answer holds nobody up; one that fails is not taken for
// one that runs nothing; what nobody restarts is watched for as long as is
// reasonable, and again when somebody wants to.
func TestPodsThatAreNotSeen(t *testing.T) {
	t.Parallel()
	slow := &clusters{runs: map[string][]string{}, hangs: true}
	onClusters(t, slow, []string{"prod"}, func(b *back, c *clusters, _, good string) {
		b.See("✓ tag", "… shop/deployment/api  kubectl has not answered yet")
		c.answer(errors.New("ask kubectl about prod: was refused"))
		b.Advance(app.UsagePatience+rollbacks.PodsEvery).See("how it goes is not known", "was refused").SeeNot("no pod")
		c.answer(nil)
		b.Advance(rollbacks.WatchAtMost).See("· shop/deployment/api  not settled after 15m: 0 of 2 pods run", "r looks again").SeeNot("watching")
		asked := c.looks()
		b.Advance(time.Hour)
		if c.looks() != asked {
			t.Errorf("kubectl was asked %d times more", c.looks()-asked)
		}
		c.restart("prod", good)
		b.press("r").See("✓ shop/deployment/api  1 of 1 pods run")
	})
}

// Kubectl is asked once a time, however often somebody looks.
func TestPodsAreNotAskedAllTheTime(t *testing.T) {
	t.Parallel()
	onKubernetes(t, []string{"prod"}, func(b *back, c *clusters, _, _ string) {
		before := c.looks()
		for c.looks() == before {
			b.Advance(time.Second)
		}
		before = c.looks()
		if b.Press("r").Advance(2 * time.Second); c.looks() != before+1 {
			t.Errorf("asked %d times when somebody wanted to know", c.looks()-before)
		}
		before = c.looks()
		b.Advance(time.Minute)
		if n := c.looks() - before; n < 5 || n > 6 {
			t.Errorf("asked %d times in a minute", n)
		}
	})
}
