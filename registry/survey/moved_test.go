package survey_test

import (
	"net/http"
	"strings"
	"testing"

	"regatta/model/plan"
	"regatta/model/ref"
	"regatta/registry/sandbox"
	"regatta/registry/survey"
)

// A copy onto a tag names the image that the tag moves off where undo may not set the tag
// on it again: it lacks a layer that no other repository has. No blob is asked for twice.
func TestACopyOntoATagSaysWhatUndoNeeds(t *testing.T) {
	t.Parallel()
	reg, c := newClient(t)
	old := reg.PushImage(repo, sandbox.Image{Layers: []string{"base", "old"}})
	reg.Tag(repo, "v1", old, sandbox.Epoch())
	reg.Tag("shop/new", "v2", reg.PushImage("shop/new", sandbox.Image{Layers: []string{"base", "new"}}), sandbox.Epoch())
	at := func(repository, tag string) ref.Reference {
		return ref.Reference{Host: c.Host(), Repository: repository, Tag: tag}
	}
	planned := func() plan.Plan {
		trees, err := survey.Trees(t.Context(), c, []plan.Move{{From: at("shop/new", "v2"), To: at(repo, "v1")}}, false)
		must(t, err)
		reg.ResetRequests()
		p, err := survey.Copy(t.Context(), nil, c, trees, "", plan.Options{}, nil)
		must(t, err)
		return p
	}
	if p := planned(); len(p.Lost) != 0 || strings.Contains(strings.Join(p.Notes, "; "), "may not come back") {
		t.Errorf("of what is whole: %+v, %v", p.Lost, p.Notes)
	}
	layer := ref.DigestOf([]byte("old"))
	reg.DropBlob(repo, string(layer))
	p := planned()
	if len(p.Lost) != 1 || !p.Lost[0].Maybe || string(p.Lost[0].Digest) != old ||
		!strings.Contains(p.Lost[0].Reason, "the registry no longer has its blob "+layer.Short()) {
		t.Errorf("lost is %+v", p.Lost)
	}
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
	reg.PushImage("shop/other", sandbox.Image{Layers: []string{"old"}})
	if p := planned(); len(p.Lost) != 0 {
		t.Errorf("another repository has the layer, and lost is %+v", p.Lost)
	}
}
