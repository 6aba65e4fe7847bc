package sandbox_test

import (
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"

	"regatta/registry/sandbox"
)

func TestRequestsAreNoted(t *testing.T) {
	t.Parallel()
	rg, _ := small(t, sandbox.Quirks{})
	ask(t, rg, "GET", "/v2/app/tags/list?n=1", "")
	ask(t, rg, "DELETE", "/v2/app/manifests/none", "")
	want := []sandbox.Request{
		{Method: "GET", Path: "/v2/app/tags/list", Query: "n=1", Status: 200},
		{Method: "DELETE", Path: "/v2/app/manifests/none", Status: 404},
	}
	if got := rg.Requests(); !slices.Equal(got, want) {
		t.Errorf("served %v", got)
	}
	rg.ResetRequests()
	if got := rg.Requests(); len(got) != 0 {
		t.Errorf("served %v after a reset", got)
	}
}

// Things that vanish behind the registry's back.
func TestTamper(t *testing.T) {
	t.Parallel()
	rg, digest := small(t, sandbox.Quirks{NoDelete: true})
	if got, ok := rg.Resolve("app", "v1"); !ok || got != digest {
		t.Errorf("v1 is %s", got)
	}
	if !rg.SetPushed("app", digest, clock()) || !rg.Untag("app", "v1") || !rg.DropBlob("app", digestOf("layer")) {
		t.Error("something was not there")
	}
	ask(t, rg, "GET", "/v2/app/blobs/"+digestOf("layer"), "").want(t, 404, "BLOB_UNKNOWN")
	if !rg.DropManifest("app", digest) {
		t.Error("the manifest was not there")
	}
	ask(t, rg, "GET", "/v2/app/tags/list", "").want(t, 200, `"tags":[]`)
	if raw := rg.PushRaw("app", "text/x-odd", []byte("not JSON")); raw != digestOf("not JSON") {
		t.Errorf("raw manifest is %s", raw)
	}
	ask(t, rg, "GET", "/v2/app/manifests/"+digestOf("not JSON"), "").want(t, 200, "not JSON").
		wantHeader(t, "Content-Type", "text/x-odd")
}

// A manifest of any media type is kept as it is, and pushed by tag, digest or
// both.
func TestPushAnyMediaType(t *testing.T) {
	t.Parallel()
	rg := open(t, sandbox.Options{Empty: true})
	body := `{"anything": [1, 2]}`
	put := ask(t, rg, "PUT", "/v2/app/manifests/v1", body, "Content-Type: application/vnd.example+json").want(t, 201, "")
	put.wantHeader(t, "Docker-Content-Digest", digestOf(body))
	ask(t, rg, "PUT", "/v2/app/manifests/"+digestOf(body), body, "Content-Type: application/vnd.example+json").want(t, 201, "")
	got := ask(t, rg, "GET", "/v2/app/manifests/v1", "").want(t, 200, body)
	got.wantHeader(t, "Content-Type", "application/vnd.example+json")
}

func TestManyAtOnce(t *testing.T) {
	t.Parallel()
	rg := open(t, sandbox.Options{})
	var group sync.WaitGroup
	for i := range 8 {
		group.Go(func() {
			content := fmt.Sprint("blob ", i)
			digest := digestOf(content)
			ask(t, rg, "POST", "/v2/shop/api/blobs/uploads/?digest="+digest, content).want(t, 201, "")
			ask(t, rg, "PUT", fmt.Sprint("/v2/shop/api/manifests/many-", i), emptyIndex, indexType).want(t, 201, "")
			ask(t, rg, "GET", "/v2/shop/api/tags/list", "").want(t, 200, "prod")
			ask(t, rg, "DELETE", fmt.Sprint("/v2/shop/api/manifests/many-", i), "").want(t, 202, "")
			rg.SetQuirks(sandbox.Quirks{})
			rg.Requests()
		})
	}
	group.Wait()
}

func BenchmarkNew(b *testing.B) {
	for b.Loop() {
		sandbox.New(sandbox.Options{Now: clock})
	}
}

// BenchmarkFirstPage is a start and a look at the busiest repository.
func BenchmarkFirstPage(b *testing.B) {
	for b.Loop() {
		rg := sandbox.New(sandbox.Options{Now: clock})
		ask(b, rg, "GET", "/v2/shop/web/tags/list", "").want(b, 200, "prod")
	}
}

func BenchmarkPullInProcess(b *testing.B) {
	rg := open(b, sandbox.Options{})
	digest, ok := rg.Resolve("ml/ranker", "prod")
	if !ok {
		b.Fatal("no tag prod")
	}
	image := ask(b, rg, "GET", "/v2/ml/ranker/manifests/"+digest, "").want(b, 200, "layers")
	_, rest, _ := strings.Cut(image.body, `"layers"`)
	at := strings.Index(rest, "sha256:")
	url := "https://any.test/v2/ml/ranker/blobs/" + rest[at:at+len(noDigest)]
	for b.Loop() {
		req, err := http.NewRequestWithContext(b.Context(), http.MethodGet, url, nil)
		if err != nil {
			b.Fatal(err)
		}
		res, err := rg.Transport().RoundTrip(req)
		if err != nil {
			b.Fatal(err)
		}
		n, err := io.Copy(io.Discard, res.Body)
		if err := res.Body.Close(); err != nil {
			b.Fatal(err)
		}
		if err != nil {
			b.Fatal(err)
		}
		b.SetBytes(n)
	}
}
