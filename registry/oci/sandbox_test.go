package oci_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"regatta/model/image"
	"regatta/model/ref"
	"regatta/registry/httpx"
	"regatta/registry/oci"
	"regatta/registry/sandbox"
)

// clock is the machine's, or the bubble's inside synctest.
func clock() time.Time {
	return time.Now()
}

const sandboxHost = "registry.sandbox.localhost"

// memo is a Cache and Sightings in memory.
type memo struct {
	mu      sync.Mutex
	content map[ref.Digest][]byte
	media   map[ref.Digest]string
	seen    []image.Sighting
}

func newMemo() *memo {
	return &memo{content: map[ref.Digest][]byte{}, media: map[ref.Digest]string{}}
}

func (m *memo) Content(_ context.Context, d ref.Digest) (string, []byte, bool) {
	m.mu.Lock()
	defer m.mu.Unlock()
	raw, ok := m.content[d]
	return m.media[d], raw, ok
}

func (m *memo) PutContent(d ref.Digest, mediaType string, raw []byte) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.content[d], m.media[d] = raw, mediaType
}

func (m *memo) See(_, _, tag string, d ref.Digest) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.seen = append(m.seen, image.Sighting{Tag: tag, Digest: d, Last: time.Unix(int64(len(m.seen)), 0)})
}

func (m *memo) Tags(context.Context, string, string) ([]image.Sighting, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return append([]image.Sighting(nil), m.seen...), nil
}

// world is a client on a sandbox.
type world struct {
	registry  *sandbox.Registry
	transport *httpx.Transport
	memo      *memo
	client    *oci.Client
}

func newWorld(tb testing.TB, so sandbox.Options, oo oci.Options) *world {
	tb.Helper()
	if so.Now == nil {
		so.Now = clock
	}
	w := &world{registry: sandbox.New(so), memo: newMemo()}
	tb.Cleanup(func() { _ = w.registry.Close() })
	w.transport = httpx.New(httpx.Options{Now: clock, Base: w.registry.Transport()})
	oo.Transport, oo.Cache, oo.Sightings, oo.Now = w.transport, w.memo, w.memo, clock
	w.client = oci.New(sandboxHost, oo)
	return w
}

func listAll(tb testing.TB, c *oci.Client, repo string) []image.Image {
	tb.Helper()
	var all []image.Image
	for next := ""; ; {
		page, err := c.Images(tb.Context(), repo, next)
		if err != nil {
			tb.Fatalf("list %s: %v", repo, err)
		}
		all = append(all, page.Images...)
		if next = page.Next; next == "" {
			return all
		}
	}
}

// fill pushes an index of two platforms with three tags, a single image, a
// signature and an artifact.
func (w *world) fill() (index, single string) {
	at := time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC)
	amd := w.registry.PushImage("shop/api", sandbox.Image{Created: at, Layers: []string{"base", "amd"}})
	arm := w.registry.PushImage("shop/api", sandbox.Image{Platform: "linux/arm64/v8", Created: at, Layers: []string{"base", "arm"}})
	index = w.registry.PushIndex("shop/api", amd, arm)
	for _, tag := range []string{"1.0", "1.0.0", "latest"} {
		w.registry.Tag("shop/api", tag, index, at)
	}
	single = w.registry.PushImage("shop/api", sandbox.Image{Docker: true, Created: at.Add(time.Hour), Layers: []string{"base", "one"}})
	w.registry.Tag("shop/api", "single", single, at)
	sig := w.registry.PushArtifact("shop/api", sandbox.Artifact{Type: "application/x.sig", MediaType: "text/plain", Content: "s"})
	w.registry.Tag("shop/api", ref.Digest(index).FallbackTag()+".sig", sig, at)
	w.registry.PushArtifact("shop/api", sandbox.Artifact{Type: "application/spdx+json", Subject: index, MediaType: "text/plain", Content: "b"})
	return index, single
}

func TestDescribe(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Options{Empty: true}, oci.Options{PageSize: 2})
	index, single := w.fill()
	byTag := map[string]image.Image{}
	for _, img := range listAll(t, w.client, "shop/api") {
		got, err := w.client.Describe(t.Context(), "shop/api", img, false)
		must(t, err)
		byTag[got.Tags[0]] = got
	}
	if len(byTag) != 5 {
		t.Fatalf("%d tags, want 5", len(byTag))
	}
	multi := byTag["latest"]
	if string(multi.Digest) != index || multi.Kind != image.KindIndex || len(multi.Platforms) != 2 || multi.Created.Year() != 2026 {
		t.Errorf("index: %+v", multi)
	}
	sum := multi.Platforms[0].Size + multi.Platforms[1].Size
	if multi.Size != sum-int64(len("base")) {
		t.Errorf("an index of %d bytes, want %d less the shared layer", multi.Size, sum)
	}
	if got := byTag["single"]; string(got.Digest) != single || got.Kind != image.KindImage || got.Platforms[0].Architecture != "amd64" {
		t.Errorf("single: %+v", got)
	}
}

func TestDescribeKnownTagCostsOneHead(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Options{Empty: true}, oci.Options{})
	w.fill()
	img := image.Image{Tags: []string{"latest"}}
	_, err := w.client.Describe(t.Context(), "shop/api", img, false)
	must(t, err)
	before := len(w.registry.Requests())
	again := oci.New(sandboxHost, oci.Options{Transport: w.transport, Cache: w.memo, Sightings: w.memo, Now: clock})
	_, err = again.Describe(t.Context(), "shop/api", img, false)
	must(t, err)
	var asked []string
	for _, r := range w.registry.Requests()[before:] {
		asked = append(asked, r.Method+" "+r.Path)
	}
	if len(asked) != 2 || asked[1] != "HEAD /v2/shop/api/manifests/latest" {
		t.Errorf("asked %q, want a ping and one HEAD", asked)
	}
}

func TestSurveyAndKnown(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Options{Empty: true}, oci.Options{PageSize: 2})
	index, _ := w.fill()
	r, err := w.client.SurveyRepository(t.Context(), "shop/api")
	must(t, err)
	if r.Tags != 5 || r.Images != 2 || r.Size == 0 || r.LastPush.Hour() != 6 {
		t.Errorf("survey: %+v", r)
	}
	before := len(w.registry.Requests())
	known, err := w.client.Known(t.Context(), "shop/api")
	must(t, err)
	if len(known) != 3 || len(w.registry.Requests()) != before {
		t.Errorf("knows %d images with %d requests, want 3 with none", len(known), len(w.registry.Requests())-before)
	}
	for _, img := range known {
		if string(img.Digest) == index && (len(img.Tags) != 3 || img.State != image.Cached || len(img.Platforms) != 2) {
			t.Errorf("known index: %+v", img)
		}
	}
	d, err := w.client.DescribeRepository(t.Context(), "shop/api")
	must(t, err)
	if d.Tags != 5 || d.More || d.Size != r.Size || d.Images != 2 {
		t.Errorf("describe: %+v, want the size of the survey %+v", d, r)
	}
}

func TestReferrers(t *testing.T) {
	t.Parallel()
	for _, q := range []sandbox.Quirks{{}, {NoReferrers: true}} {
		w := newWorld(t, sandbox.Options{Empty: true, Quirks: q}, oci.Options{})
		index, _ := w.fill()
		refs, err := w.client.Referrers(t.Context(), "shop/api", ref.Digest(index))
		must(t, err)
		if len(refs) != 2 || refs[len(refs)-1].Annotations["org.opencontainers.image.ref.name"] == "" {
			t.Errorf("%+v: referrers %+v, want 2", q, refs)
		}
	}
}

func TestEqualRequestsAreOne(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Options{Empty: true}, oci.Options{})
	index, _ := w.fill()
	w.registry.Inject(sandbox.Fault{Prefix: "/v2/shop/api/", Effect: sandbox.Slow{First: 50 * time.Millisecond}})
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() {
			if _, err := w.client.Manifest(t.Context(), "shop/api", index); err != nil {
				t.Error(err)
			}
		})
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := w.client.Manifest(ctx, "shop/api", index); err == nil {
		t.Error("who left gets an answer")
	}
	wg.Wait()
	if n := requests(w, "/v2/shop/api/manifests/"+index); n != 1 {
		t.Errorf("%d requests, want 1", n)
	}
}

func TestMovedTag(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Options{Empty: true}, oci.Options{})
	index, single := w.fill()
	img, err := w.client.Describe(t.Context(), "shop/api", image.Image{Tags: []string{"latest", "1.0"}}, false)
	must(t, err)
	w.registry.Tag("shop/api", "latest", single, clock())
	for _, fresh := range []bool{false, true} {
		got, err := w.client.Describe(t.Context(), "shop/api", img, fresh)
		must(t, err)
		if string(got.Digest) != single || len(got.Tags) != 1 || string(img.Digest) != index {
			t.Errorf("fresh %v: %+v", fresh, got)
		}
	}
}

func TestPoisonedCache(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Options{Empty: true}, oci.Options{})
	index, _ := w.fill()
	w.memo.PutContent(ref.Digest(index), image.MediaTypeOCIIndex, []byte(`{"schemaVersion":2,"manifests":[]}`))
	m, err := w.client.Manifest(t.Context(), "shop/api", index)
	must(t, err)
	if len(m.Children) != 2 {
		t.Errorf("the cache was believed: %s", m.Raw)
	}
}

func TestWholeCompany(t *testing.T) {
	t.Parallel()
	if testing.Short() {
		t.Skip("reads every repository of the sandbox")
	}
	w := newWorld(t, sandbox.Options{}, oci.Options{})
	page, err := w.client.Repositories(t.Context(), "")
	must(t, err)
	for _, r := range page.Repositories {
		got, err := w.client.SurveyRepository(t.Context(), r.Name)
		if err != nil {
			t.Errorf("%s: %v", r.Name, err)
		}
		t.Logf("%+v", got)
	}
}
