package survey_test

import (
	"net/http"
	"testing"
	"time"

	"regatta/model/fault"
	"regatta/model/plan"
	"regatta/model/ref"
	"regatta/registry/httpx"
	"regatta/registry/oci"
	"regatta/registry/sandbox"
	"regatta/registry/store"
	"regatta/registry/survey"
)

const repo = "shop/api"

func must(tb testing.TB, err error) {
	tb.Helper()
	if err != nil {
		tb.Fatal(err)
	}
}

func newClient(t *testing.T) (*sandbox.Registry, *oci.Client) {
	t.Helper()
	now := func() time.Time { return sandbox.Epoch() }
	reg := sandbox.New(sandbox.Options{Now: now, Empty: true})
	cache := store.Open(store.Options{Path: store.Memory, Now: now})
	t.Cleanup(func() { _, _ = cache.Close(), reg.Close() })
	tr := httpx.New(httpx.Options{Now: now, Base: reg.Transport(), Retries: -1})
	return reg, oci.New("registry.sandbox.localhost", oci.Options{Transport: tr, Now: now, Cache: cache})
}

func TestACacheIsNotTheRegistry(t *testing.T) {
	t.Parallel()
	reg, c := newClient(t)
	amd, arm := reg.PushImage(repo, sandbox.Image{Layers: []string{"amd"}}), reg.PushImage(repo, sandbox.Image{Layers: []string{"arm"}})
	index := reg.PushIndex(repo, amd, arm)
	reg.Tag(repo, "v1", index, sandbox.Epoch())
	o := survey.Options{Referrers: true}
	v, err := survey.View(t.Context(), c, repo, o)
	must(t, err)
	if !v.Graph.Has(ref.Digest(arm)) || !v.Graph.Complete() {
		t.Errorf("gaps %v", v.Graph.Gaps())
	}
	must(t, c.DeleteManifest(t.Context(), repo, ref.Digest(arm)))
	v, err = survey.View(t.Context(), c, repo, o)
	must(t, err)
	if v.Graph.Has(ref.Digest(arm)) || !v.Graph.Complete() {
		t.Error("a child that is gone is still there")
	}
	o.Digests = []ref.Digest{ref.Digest(arm)}
	v, err = survey.View(t.Context(), c, repo, o)
	must(t, err)
	if _, err := plan.ToDelete(v, plan.Selection{Digests: o.Digests}, plan.Options{}); !fault.Is(err, fault.NotFound) {
		t.Errorf("deleting what is gone: %v", err)
	}
}

func TestGapsAndWhatStopsEverything(t *testing.T) {
	t.Parallel()
	reg, c := newClient(t)
	one := reg.PushImage(repo, sandbox.Image{Layers: []string{"one"}})
	reg.Tag(repo, "v1", one, sandbox.Epoch())
	reg.Tag(repo, "v2", reg.PushRaw(repo, "application/vnd.oci.image.manifest.v1+json", []byte("not JSON")), sandbox.Epoch())
	total, done := 0, 0
	v, err := survey.View(t.Context(), c, repo, survey.Options{Progress: func(more, through int) { total, done = total+more, done+through }})
	must(t, err)
	if gaps := v.Graph.Gaps(); len(gaps) != 1 || gaps[0].Reason == "" || total != 4 || done != 4 {
		t.Errorf("gaps %v, %d of %d", gaps, done, total)
	}
	reg.Inject(sandbox.Fault{Method: http.MethodHead, Effect: sandbox.Status{Code: http.StatusTooManyRequests}})
	if _, err := survey.View(t.Context(), c, repo, survey.Options{}); !fault.Is(err, fault.RateLimited) {
		t.Error(err)
	}
	if _, err := survey.View(t.Context(), c, "no/such", survey.Options{}); err == nil {
		t.Error("a repository that is not there has a view")
	}
}

// What describes an image that nothing lists is no orphan; what describes one
// that is not there is.
func TestSubjectsAreLookedFor(t *testing.T) {
	t.Parallel()
	reg, c := newClient(t)
	push := func(name string) string { return reg.PushImage(repo, sandbox.Image{Layers: []string{name}}) }
	loose, lost := push("loose"), push("lost")
	for _, d := range []string{loose, lost} {
		reg.Tag(repo, ref.Digest(d).FallbackTag()+".sig", push("signature of "+d), sandbox.Epoch())
	}
	must(t, c.DeleteManifest(t.Context(), repo, ref.Digest(lost)))
	for _, subjects := range []bool{false, true} {
		v, err := survey.View(t.Context(), c, repo, survey.Options{Referrers: true, Subjects: subjects})
		must(t, err)
		known, _ := v.Graph.Known(ref.Digest(loose))
		if known != subjects || v.Graph.Gone(ref.Digest(lost)) != subjects || !v.Graph.Complete() {
			t.Errorf("looked for: %v, known %v, gone %v", subjects, known, v.Graph.Gone(ref.Digest(lost)))
		}
	}
}
