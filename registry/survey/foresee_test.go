package survey_test

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"regatta/model/image"
	"regatta/model/plan"
	"regatta/model/ref"
	"regatta/registry/oci"
	"regatta/registry/sandbox"
	"regatta/registry/survey"
)

// goners are the plans that take v1 away from its image, or the image itself; v2 is
// another one.
func goners(t *testing.T, c *oci.Client) map[string]func() (plan.Plan, error) {
	t.Helper()
	v, err := survey.View(t.Context(), c, repo, survey.Options{Referrers: true})
	must(t, err)
	d, _ := v.Graph.Resolve("v1")
	at := func(tag string) ref.Reference { return ref.Reference{Host: v.Registry, Repository: repo, Tag: tag} }
	return map[string]func() (plan.Plan, error){
		"delete": func() (plan.Plan, error) {
			return survey.Delete(t.Context(), c, v, plan.Selection{Digests: []ref.Digest{d}}, plan.Options{}, nil)
		},
		"prune": func() (plan.Plan, error) {
			return survey.Prune(t.Context(), c, v, plan.Pruning{Deletes: []ref.Digest{d}}, plan.Options{}, nil)
		},
		"untag": func() (plan.Plan, error) {
			return survey.Untag(t.Context(), c, v, []string{"v1"}, plan.Options{}, nil)
		},
		"retag": func() (plan.Plan, error) {
			return survey.Retag(t.Context(), c, []plan.View{v}, []plan.Move{{From: at("v2"), To: at("v1")}}, plan.Options{}, nil)
		},
	}
}

// The plan of every change asks whether undo would have what it needs, each thing once,
// and names what may not come back.
func TestThePlanAsksForWhatUndoNeeds(t *testing.T) {
	t.Parallel()
	reg, c := newClient(t)
	for tag, own := range map[string]string{"v1": "first", "v2": "second"} {
		reg.Tag(repo, tag, reg.PushImage(repo, sandbox.Image{Layers: []string{"base", own}}), sandbox.Epoch())
	}
	plans := goners(t, c)
	for name, build := range plans {
		p, err := build()
		must(t, err)
		if len(p.Lost) != 0 || strings.Contains(strings.Join(p.Notes, "; "), "may not come back") {
			t.Errorf("%s of what is whole says %+v, %v", name, p.Lost, p.Notes)
		}
	}
	gone := ref.DigestOf([]byte("first"))
	reg.DropBlob(repo, string(gone))
	for name, build := range plans {
		reg.ResetRequests()
		p, err := build()
		must(t, err)
		if len(p.Lost) != 1 || !p.Lost[0].Maybe || len(p.Lost[0].Tags) != 1 || !strings.Contains(p.Lost[0].Reason, gone.Short()) {
			t.Errorf("%s says %+v", name, p.Lost)
		}
		asked := 0
		for _, r := range reg.Requests() {
			if r.Method == http.MethodHead && r.Path == "/v2/"+repo+"/blobs/"+string(gone) {
				asked++
			}
		}
		if asked != 1 {
			t.Errorf("%s asks %d times for the layer", name, asked)
		}
	}
}

// Where the registry does not say, the plan says that, and what is left is not asked for.
func TestThePlanSaysWhatItCouldNotAskFor(t *testing.T) {
	t.Parallel()
	reg, c := newClient(t)
	reg.Tag(repo, "v1", reg.PushImage(repo, sandbox.Image{Layers: []string{"base", "first"}}), sandbox.Epoch())
	untag := goners(t, c)["untag"]
	reg.Inject(sandbox.Fault{Method: http.MethodHead, Prefix: "/v2/" + repo + "/blobs/", Effect: sandbox.Status{Code: http.StatusForbidden}})
	p, err := untag()
	must(t, err)
	said := strings.Join(p.Notes, "; ")
	if len(p.Lost) != 0 || !strings.Contains(said, "what goes may not come back: 3 parts of it were not looked at: the registry does not say") {
		t.Errorf("%+v, %s", p.Lost, said)
	}
}

// counting says that everything is there, and how often it was asked.
type counting struct {
	survey.Shelf // nothing else is asked

	asked atomic.Int64
}

func (*counting) Resolve(context.Context, string, string) (image.Descriptor, error) {
	return image.Descriptor{}, nil
}

func (*counting) Repositories(context.Context, string) (image.RepositoryPage, error) {
	return image.RepositoryPage{}, nil
}

func (c *counting) BlobExists(context.Context, string, image.Descriptor) (bool, error) {
	c.asked.Add(1)
	return true, nil
}

// Two thousand questions are the limit, and the plan says so.
func TestThePlanDoesNotAskForEver(t *testing.T) {
	t.Parallel()
	reg, c := newClient(t)
	var layers []string
	for i := range 2100 {
		layers = append(layers, strconv.Itoa(i))
	}
	reg.Tag(repo, "v1", reg.PushImage(repo, sandbox.Image{Layers: layers}), sandbox.Epoch())
	v, err := survey.View(t.Context(), c, repo, survey.Options{})
	must(t, err)
	asked := &counting{}
	p, err := survey.Untag(t.Context(), asked, v, []string{"v1"}, plan.Options{}, nil)
	must(t, err)
	said := strings.Join(p.Notes, "; ")
	if n := asked.asked.Load(); n != 2000 || !strings.Contains(said, "101 parts of it were not looked at: 2,000 requests are the limit") {
		t.Errorf("asked %d times: %s", n, said)
	}
}

// What is asked to know whether an image is whole is not asked again for its undo, nor
// for another image that shares it.
func TestMovingTagsAsksForEachBlobOnce(t *testing.T) {
	t.Parallel()
	reg, c := newClient(t)
	for tag, own := range map[string]string{"v1": "first", "v2": "second", "v3": "third"} {
		reg.Tag(repo, tag, reg.PushImage(repo, sandbox.Image{Layers: []string{"base", own}}), sandbox.Epoch())
	}
	v, err := survey.View(t.Context(), c, repo, survey.Options{})
	must(t, err)
	at := func(tag string) ref.Reference { return ref.Reference{Host: v.Registry, Repository: repo, Tag: tag} }
	reg.ResetRequests()
	moves := []plan.Move{{From: at("v2"), To: at("v1")}, {From: at("v3"), To: at("new")}}
	_, err = survey.Retag(t.Context(), c, []plan.View{v}, moves, plan.Options{}, nil)
	must(t, err)
	asked := map[string]int{}
	for _, r := range reg.Requests() {
		if r.Method == http.MethodHead && strings.Contains(r.Path, "/blobs/") {
			asked[r.Path]++
		}
	}
	for path, n := range asked {
		if n != 1 {
			t.Errorf("%s was asked for %d times", path, n)
		}
	}
	if len(asked) != 7 { // the base, and a config and a layer each
		t.Errorf("asked for %d blobs: %v", len(asked), asked)
	}
}
