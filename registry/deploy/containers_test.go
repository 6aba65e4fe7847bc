package deploy_test

import (
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	model "regatta/model/deploy"
	"regatta/model/ref"
	"regatta/registry/deploy"
	"regatta/registry/sandbox"
)

const foreign = "sha256:" + "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

// beside are containers that stand in the tasks of shop-api and have nothing to do
// with the tag that it follows.
var beside = map[string]sandbox.Container{
	"of the repository, pinned": {Name: "migrate", Image: "shop/api@" + foreign, Digest: foreign},
	"of the repository, pinned beside the tag": {
		Name: "migrate", Image: "shop/api:prod@" + foreign, Digest: foreign,
	},
	"of the repository, another tag": {Name: "canary", Image: "shop/api:staging", Digest: foreign},
	"of another repository":          {Name: "proxy", Image: "edge/proxy:prod", Digest: foreign},
	"of another registry":            {Name: "agent", Image: "registry.example.com/shop/api:prod", Digest: foreign},
	"that tells no digest":           {Name: "migrate", Image: "shop/api@" + foreign},
}

// settles deploys what prod points to then, and watches it.
func settles(t *testing.T, rg *sandbox.Registry, e *deploy.ECS) (model.Wanted, deploy.Report) {
	t.Helper()
	w := back(t, rg, e)
	return w, deploy.Watch(t.Context(), e, service, image, w, 15*time.Second, func(deploy.Report) {})
}

// Only containers that follow the tag are looked at, whatever stands beside them and
// however tasks name their images; with the names of the task definition or, where
// that may not be asked, without.
func TestOnlyWhatFollowsTheTagCounts(t *testing.T) {
	t.Parallel()
	for name, c := range beside {
		for _, denied := range [][]string{nil, {"ecs:DescribeTaskDefinition"}} {
			synctest.Test(t, func(t *testing.T) {
				rg, e := account(t, denied...)
				rg.Beside("prod", "shop-api", c)
				before, _ := rg.Resolve("shop/api", "prod")
				w, r := settles(t, rg, e)
				if r.Verdict != model.Settled || r.State.Pinned != w.Digests[0] || len(r.State.Digests()) != 1 ||
					r.State.Digests()[0] != (model.Count{Digest: w.Digests[0], Tasks: 4}) {
					t.Errorf("%s, denied %v: %s %q, pinned %s, %v", name, denied, r.Verdict, r.Text, r.State.Pinned, r.State.Digests())
				}
				past, err := e.Past(t.Context(), service, image)
				if err != nil || len(past) != 2 || past[0].Digest != w.Digests[0] || past[1].Digest != ref.Digest(before) {
					t.Errorf("%s, denied %v: %v, %+v", name, denied, err, past)
				}
			})
		}
	}
}

// A task that names digests is told by the name of its container. Where nothing
// tells which containers follow the tag, it is not known what runs.
func TestTasksThatNameDigests(t *testing.T) {
	t.Parallel()
	for _, denied := range [][]string{nil, {"ecs:DescribeTaskDefinition"}} {
		synctest.Test(t, func(t *testing.T) {
			rg, e := account(t, denied...)
			rg.Beside("prod", "shop-api", beside["of the repository, pinned"])
			rg.NameDigests("prod", "shop-api")
			w := back(t, rg, e)
			time.Sleep(2 * time.Minute)
			s, err := e.Look(t.Context(), service, image)
			if err != nil {
				t.Fatal(err)
			}
			verdict, said := model.Judge(s, w)
			switch {
			case denied == nil && (verdict != model.Settled || s.Pinned != w.Digests[0]):
				t.Errorf("%s %q, pinned %s", verdict, said, s.Pinned)
			case denied != nil && (verdict != model.Going || s.Pinned != "" || !strings.Contains(said, "4 tasks are not known to run")):
				t.Errorf("%s %q, pinned %s", verdict, said, s.Pinned)
			}
		})
	}
}

// Two containers that follow the tag both count: a task of which one has pulled
// something else is not known to run the image.
func TestEveryContainerThatFollowsCounts(t *testing.T) {
	t.Parallel()
	for _, other := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			rg, e := account(t)
			good, _ := rg.Resolve("shop/api", "staging")
			second := sandbox.Container{Name: "worker", Image: "shop/api:prod", Digest: good}
			want := model.Settled
			if other {
				second.Digest, want = foreign, model.Going
			}
			rg.Beside("prod", "shop-api", second)
			w := back(t, rg, e)
			time.Sleep(2 * time.Minute)
			s, err := e.Look(t.Context(), service, image)
			if verdict, said := model.Judge(s, w); err != nil || verdict != want {
				t.Errorf("another image %v: %v: %s %q", other, err, verdict, said)
			}
		})
	}
}

// A task of a former revision, which named another tag for the same container, is
// told by what it runs; and a task definition is asked for once.
func TestTasksOfAFormerRevision(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		rg, e := account(t)
		latest := image
		latest.Tag = "latest"
		before, _ := rg.Resolve("shop/api", "prod")
		rg.ResetRequests()
		for range 2 {
			s, err := e.Look(t.Context(), service, latest)
			if err != nil || s.Pinned != "" || len(s.Digests()) != 1 || s.Digests()[0].Digest != "" {
				t.Errorf("%v: prod follows latest: %+v", err, s)
			}
		}
		asked := 0
		for _, r := range rg.Requests() {
			if r.Operation == "ecs:DescribeTaskDefinition" {
				asked++
			}
		}
		if asked != 1 {
			t.Errorf("the task definition was asked for %d times", asked)
		}
		update(t, rg, "prod-shop-api:6") // of latest
		s, err := e.Look(t.Context(), service, latest)
		if counts := s.Digests(); err != nil || len(counts) != 2 || counts[1] != (model.Count{Digest: ref.Digest(before), Tasks: 4}) &&
			counts[0] != (model.Count{Digest: ref.Digest(before), Tasks: 4}) {
			t.Errorf("%v: %v", err, s.Digests())
		}
	})
}

// What fails for a while is not taken for not known.
func TestTaskDefinitionThatFails(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		rg, e := account(t)
		rg.Inject(sandbox.Fault{
			Operation: "ecs:DescribeTaskDefinition", Times: 9,
			Effect: sandbox.APIError{Code: "ServerException", Status: http.StatusInternalServerError},
		})
		if s, err := e.Look(t.Context(), service, image); err == nil {
			t.Errorf("%+v", s)
		}
	})
}
