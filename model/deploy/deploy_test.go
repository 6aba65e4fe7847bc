package deploy_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"regatta/model/deploy"
	"regatta/model/ref"
)

var (
	old  = ref.DigestOf([]byte("old"))
	good = ref.DigestOf([]byte("good"))
	part = ref.DigestOf([]byte("part of good"))
)

func TestServiceNames(t *testing.T) {
	t.Parallel()
	s := deploy.Service{Region: "eu-central-1", Cluster: "prod", Name: "shop-api"}
	if back, err := deploy.ParseService(s.String()); err != nil || back != s || s.Place() != "prod/shop-api" {
		t.Errorf("%v, %v", back, err)
	}
	for _, bad := range []string{"", "ecs:", "ecs:a/b", "ecs:a/b/c/d", "a/b/c", "ecs:a//c", "ecs:a/b/\x1b[2J", "ecs:a/b/c d"} {
		if s, err := deploy.ParseService(bad); err == nil {
			t.Errorf("%q is %v", bad, s)
		}
	}
}

func task(d ref.Digest) deploy.Task { return deploy.Task{Digest: d, Status: "RUNNING"} }

func TestJudge(t *testing.T) {
	t.Parallel()
	primary := func(id string, r deploy.Rollout, running int) deploy.Deployment {
		return deploy.Deployment{ID: id, Primary: true, Rollout: r, Desired: 2, Running: running, Pending: 2 - running}
	}
	before := deploy.Deployment{ID: "before", Rollout: deploy.Completed, Desired: 2, Running: 1}
	failed := deploy.Deployment{ID: "ours", Rollout: deploy.Failed, Reason: "tasks failed to start."}
	for name, x := range map[string]struct {
		state deploy.State
		want  deploy.Verdict
		says  string
	}{
		"nothing": {deploy.State{}, deploy.Going, "no deployment"},
		"on the way": {deploy.State{
			Deployments: []deploy.Deployment{primary("ours", deploy.InProgress, 1), before}, Tasks: []deploy.Task{task(good), task(old)},
		}, deploy.Going, "1 of 2 tasks run, 1 pending"},
		"settled": {deploy.State{
			Deployments: []deploy.Deployment{primary("ours", deploy.Completed, 2)}, Pinned: good,
			Tasks: []deploy.Task{task(good), task(part)},
		}, deploy.Settled, "2 of 2 run " + good.Short()},
		"still draining": {deploy.State{
			Deployments: []deploy.Deployment{primary("ours", deploy.Completed, 2)}, Tasks: []deploy.Task{task(good), task(old)},
		}, deploy.Going, "1 task of what ran before is still there"},
		"nobody tells what a task runs": {deploy.State{
			Deployments: []deploy.Deployment{primary("ours", deploy.Completed, 2)}, Tasks: []deploy.Task{task(good), task("")},
		}, deploy.Going, "1 task is not known to run " + good.Short()},
		"one is not listed": {deploy.State{
			Deployments: []deploy.Deployment{primary("ours", deploy.Completed, 2)}, Tasks: []deploy.Task{task(good)},
		}, deploy.Going, "1 task is not known to run " + good.Short()},
		"the deployment tells what its tasks run": {deploy.State{
			Deployments: []deploy.Deployment{primary("ours", deploy.Completed, 2)}, Pinned: good,
			Tasks: []deploy.Task{task(good), {Deployment: "ours", Status: "RUNNING"}},
		}, deploy.Settled, "2 of 2 run " + good.Short()},
		"and not what another's run": {deploy.State{
			Deployments: []deploy.Deployment{primary("ours", deploy.Completed, 2)}, Pinned: good,
			Tasks: []deploy.Task{task(good), task(good), {Deployment: "before", Status: "RUNNING"}},
		}, deploy.Going, "1 task is not known to run " + good.Short()},
		"failed": {deploy.State{Deployments: []deploy.Deployment{primary("ours", deploy.Failed, 0)}}, deploy.Broken, "failed"},
		"taken back": {deploy.State{
			Deployments: []deploy.Deployment{primary("before", deploy.Completed, 2), failed},
		}, deploy.Broken, "went back to what ran before"},
		"overtaken": {deploy.State{
			Deployments: []deploy.Deployment{primary("theirs", deploy.InProgress, 0)},
		}, deploy.Broken, "another deployment has taken its place"},
		"another image": {deploy.State{
			Deployments: []deploy.Deployment{primary("ours", deploy.InProgress, 0)}, Pinned: old,
		}, deploy.Broken, "starts tasks of " + old.Short()},
	} {
		got, says := deploy.Judge(x.state, deploy.Wanted{ID: "ours", Digests: []ref.Digest{good, part}})
		if got != x.want || !strings.Contains(says, x.says) {
			t.Errorf("%s: %s, %q", name, got, says)
		}
	}
}

// Whatever a service says, it has settled only where its own deployment has
// completed and every task is known to run the image, by itself or by its deployment.
func TestSettledIsTrue(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		digest := rapid.SampledFrom([]ref.Digest{"", old, good, part})
		var s deploy.State
		s.Pinned = digest.Draw(t, "pinned")
		for range rapid.IntRange(0, 3).Draw(t, "deployments") {
			s.Deployments = append(s.Deployments, deploy.Deployment{
				ID: rapid.SampledFrom([]string{"ours", "theirs"}).Draw(t, "id"), Primary: rapid.Bool().Draw(t, "primary"),
				Rollout: rapid.SampledFrom([]deploy.Rollout{deploy.InProgress, deploy.Completed, deploy.Failed, ""}).Draw(t, "rollout"),
			})
		}
		for range rapid.IntRange(0, 3).Draw(t, "tasks") {
			one := task(digest.Draw(t, "task"))
			one.Deployment = rapid.SampledFrom([]string{"ours", "theirs"}).Draw(t, "of")
			s.Tasks = append(s.Tasks, one)
		}
		verdict, says := deploy.Judge(s, deploy.Wanted{ID: "ours", Digests: []ref.Digest{good, part}})
		if says == "" {
			t.Fatal("it says nothing")
		}
		now, _ := s.Primary()
		other := false
		for _, one := range s.Tasks {
			runs := one.Digest
			if runs == "" && one.Deployment == now.ID {
				runs = s.Pinned
			}
			other = other || runs != good && runs != part
		}
		if verdict == deploy.Settled && (now.ID != "ours" || now.Rollout != deploy.Completed || other || s.Pinned == old) {
			t.Fatalf("settled: %+v", s)
		}
	})
}

func TestEventsSince(t *testing.T) {
	t.Parallel()
	at := time.Unix(1000, 0)
	s := deploy.State{Events: []deploy.Event{{at.Add(2), "two"}, {at, "one"}, {at.Add(-1), "before"}}}
	if got := s.Since(at); len(got) != 2 || got[0].Text != "one" || got[1].Text != "two" {
		t.Errorf("%v", got)
	}
}

// What is not known is not drawn as about to start, nor the other way round.
func TestDigestsOfTasks(t *testing.T) {
	t.Parallel()
	s := deploy.State{Tasks: []deploy.Task{
		task(good), task(good), task(good), {Status: "RUNNING"}, {Status: "STOPPING"}, {Status: "PENDING"},
	}}
	var got []string
	for _, c := range s.Digests() {
		got = append(got, fmt.Sprintf("%d %s", c.Tasks, c))
	}
	if want := []string{"3 " + good.Short(), "2 not known", "1 about to start"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}
