package deploy_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"regatta/model/deploy"
	"regatta/model/ref"
	"regatta/model/usage"
)

// of is a use by a cluster of shop/api:prod.
func of(how usage.How, place string, d ref.Digest, running, waiting int) usage.Use {
	return usage.Use{
		Source: usage.Kubernetes, Scope: "prod", Place: place, How: how, Running: running, Waiting: waiting,
		Image: ref.Reference{Host: "registry.example.com", Repository: "shop/api", Tag: "prod", Digest: d},
	}
}

func TestWorkloads(t *testing.T) {
	t.Parallel()
	odd := of(usage.Workload, "shop/daemonset/$(reboot)", "", 0, 0)
	odd.Scope = "it's mine"
	all := deploy.Workloads([]usage.Use{
		of(usage.Pod, "shop/deployment/api", old, 1, 0), of(usage.Workload, "shop/deployment/api", "", 0, 0),
		of(usage.Rollback, "shop/deployment/before", "", 0, 0), of(usage.ScaledToZero, "shop/statefulset/idle", "", 0, 0),
		of(usage.Pod, "shop/pod/alone", old, 1, 0), of(usage.Pod, "shop/job/once", old, 1, 0), odd,
		{Source: usage.ECS, Place: "prod/shop-api", How: usage.Task},
	}, "prod")
	want := []string{
		"kubectl --context prod -n shop rollout restart deployment/api",
		`kubectl --context 'it'\''s mine' -n shop rollout restart 'daemonset/$(reboot)'`,
	}
	for i, w := range all {
		if i >= len(want) || w.Restart() != want[i] {
			t.Errorf("%d: %s", i, w.Restart())
		}
	}
	if other := deploy.Workloads([]usage.Use{of(usage.Pod, "shop/deployment/api", old, 1, 0)}, "v1"); len(all) != 2 || len(other) != 0 {
		t.Errorf("%v, and %v follow another tag", all, other)
	}
}

func TestPods(t *testing.T) {
	t.Parallel()
	api := deploy.Workload{Context: "prod", Namespace: "shop", Kind: "deployment", Name: "api"}
	pod := func(d ref.Digest, running, waiting int) usage.Use {
		return of(usage.Pod, "shop/deployment/api", d, running, waiting)
	}
	debug, far, pinned := pod(old, 1, 0), pod(old, 1, 0), pod(old, 1, 0)
	debug.Image.Tag, far.Scope, pinned.Image.Tag = "debug", "test", ""
	for name, x := range map[string]struct {
		uses []usage.Use
		want deploy.Verdict
		says string
	}{
		"none":             {nil, deploy.Going, "no pod is there"},
		"some":             {[]usage.Use{pod(old, 1, 0), pod(good, 2, 0)}, deploy.Going, "2 of 3 pods run " + good.Short()},
		"all":              {[]usage.Use{pod(part, 2, 0), pod(good, 1, 0)}, deploy.Settled, "3 of 3 pods run " + good.Short()},
		"one waits":        {[]usage.Use{pod(good, 1, 0), pod("", 0, 1)}, deploy.Going, "1 of 2 pods run " + good.Short() + ", 1 does not run yet"},
		"all crash":        {[]usage.Use{pod(good, 0, 2)}, deploy.Going, "0 of 2 pods run " + good.Short() + ", 2 do not run yet"},
		"another beside":   {[]usage.Use{pod(good, 1, 0), debug}, deploy.Settled, "1 of 1 pods run " + good.Short()},
		"pinned beside":    {[]usage.Use{pod(good, 1, 0), pinned}, deploy.Settled, "1 of 1 pods run " + good.Short()},
		"not known":        {[]usage.Use{pod(good, 1, 0), pod("", 1, 0)}, deploy.Going, "1 of 2 pods run " + good.Short()},
		"another cluster":  {[]usage.Use{pod(good, 1, 0), far}, deploy.Settled, "1 of 1 pods run " + good.Short()},
		"another workload": {[]usage.Use{of(usage.Pod, "shop/deployment/other", good, 1, 0)}, deploy.Going, "no pod is there"},
	} {
		if v, says := deploy.JudgePods(api.Pods(x.uses, "prod"), []ref.Digest{good, part}); v != x.want || says != x.says {
			t.Errorf("%s: %s %q", name, v, says)
		}
	}
}

// Whoever may not look the tag up is told of; in another cluster it may be
// otherwise.
func TestCaution(t *testing.T) {
	t.Parallel()
	eu := of(usage.Workload, "shop/deployment/api", "", 0, 0)
	us := eu
	us.Scope, us.Kept = "us", true
	for _, w := range deploy.Workloads([]usage.Use{eu, us}, "prod") {
		said := w.Caution([]usage.Use{eu, us}, "prod")
		if (w.Context == "us") != strings.Contains(said, "nodes that have prod already") || w.Caution([]usage.Use{eu, us}, "v1") != "" {
			t.Errorf("%+v: %q", w, said)
		}
	}
}

// Pods have settled only where there are some, and each runs the image.
func TestPodsSettle(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var p deploy.Pods
		bad := 0
		for _, d := range []ref.Digest{old, good, part, ""} {
			n := rapid.IntRange(0, 2).Draw(t, "pods")
			p.Running = append(p.Running, deploy.Count{Digest: d, Tasks: n})
			if d != good && d != part {
				bad += n
			}
		}
		p.Waiting = rapid.IntRange(0, 2).Draw(t, "waiting")
		v, says := deploy.JudgePods(p, []ref.Digest{good, part})
		if says == "" || (v == deploy.Settled) != (bad+p.Waiting == 0 && p.Total() > 0) {
			t.Fatalf("%s: %q of %+v", v, says, p)
		}
	})
}
