package oci_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-containerregistry/pkg/authn"

	"regatta/model/fault"
	"regatta/model/image"
	"regatta/model/plan"
	"regatta/model/ref"
	"regatta/registry/httpx"
	"regatta/registry/oci"
	"regatta/registry/peertest"
	"regatta/registry/sandbox"
)

func wantKind(tb testing.TB, err error, want fault.Kind) {
	tb.Helper()
	if !fault.Is(err, want) {
		tb.Errorf("error %v, want kind %v", err, want)
	}
}

func TestWritesOnPeers(t *testing.T) {
	t.Parallel()
	for _, p := range peertest.Peers() {
		for _, w := range ways(t)[:2] {
			t.Run(p.Name+" "+w.name, func(t *testing.T) {
				t.Parallel()
				r := peertest.Start(t, p, w.peer)
				tr := peerTransport(w.access)
				t.Cleanup(tr.CloseIdleConnections)
				pushFixture(t, r.Host, tr, w.auth)
				c := oci.New(r.Host, oci.Options{Transport: tr, Keychain: fixed{w.auth}, Now: clock})
				checkWrites(t, c, p.Name == "registry")
			})
		}
	}
}

// checkWrites removes v1, which shares its digest with v2 and v3, in the way
// that the registry has.
func checkWrites(t *testing.T, c *oci.Client, tagDelete bool) {
	t.Helper()
	const repo = "team/app"
	ctx := t.Context()
	m, err := c.Manifest(ctx, repo, "v1")
	must(t, err)
	can, err := c.ProbeDelete(ctx, repo)
	must(t, err)
	want := plan.Capabilities{TagDelete: plan.No, ManifestDelete: plan.Yes}
	if tagDelete {
		want.TagDelete = plan.Yes
	}
	if !reflect.DeepEqual(can, want) {
		t.Errorf("can delete %+v, want %+v", can, want)
	}
	err = c.DeleteTag(ctx, repo, "v1", "")
	if tagDelete {
		must(t, err)
		must(t, c.PutManifest(ctx, repo, "v1", m.MediaType, m.Raw))
	} else {
		wantKind(t, err, fault.Unsupported)
	}
	must(t, c.PrepareDummy(ctx, repo))
	must(t, c.UntagByDummy(ctx, repo, "v1", m, "run 1, step 1"))
	_, err = c.Resolve(ctx, repo, "v1")
	wantKind(t, err, fault.NotFound)
	_, dummy := oci.Dummy("run 1, step 1")
	_, err = c.Resolve(ctx, repo, string(dummy))
	wantKind(t, err, fault.NotFound)
	for _, tag := range []string{"v2", "v3"} {
		if d, err := c.Resolve(ctx, repo, tag); err != nil || d.Digest != m.Digest {
			t.Errorf("%s: %v, %v", tag, d, err)
		}
	}
	must(t, c.PutManifest(ctx, repo, "v9", m.MediaType, m.Raw))
	must(t, c.DeleteManifest(ctx, repo, m.Digest))
	_, err = c.Resolve(ctx, repo, "v9")
	wantKind(t, err, fault.NotFound)
	wantKind(t, c.DeleteManifest(ctx, repo, m.Digest), fault.NotFound)
	must(t, c.PutManifest(ctx, repo, string(m.Digest), m.MediaType, m.Raw))
	for _, layer := range m.Layers {
		if ok, err := c.BlobExists(ctx, repo, layer); err != nil || !ok {
			t.Errorf("blob %s: %v, %v", layer.Digest, ok, err)
		}
		if ok, err := c.Mount(ctx, "team/other", repo, layer.Digest); err != nil || !ok {
			t.Errorf("mount %s: %v, %v", layer.Digest, ok, err)
		}
	}
	if ok, err := c.Mount(ctx, "team/other", repo, ref.DigestOf([]byte("nothing"))); ok || err != nil {
		t.Errorf("mount of nothing: %v, %v", ok, err)
	}
}

func TestWriteScopes(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Options{Empty: true, Auth: sandbox.Auth{
		Users: map[string]string{"me": "secret"}, Bearer: true,
		Allow: func(_, repo, action string) bool { return repo != "shop/locked" || action == "pull" },
	}}, oci.Options{Keychain: fixed{&authn.Basic{Username: "me", Password: "secret"}}})
	w.fill()
	w.registry.Tag("shop/locked", "v1", w.registry.PushImage("shop/locked", sandbox.Image{}), clock())
	must(t, w.client.DeleteTag(t.Context(), "shop/api", "single", ""))
	_, err := w.client.Resolve(t.Context(), "shop/api", "1.0")
	must(t, err)
	_, err = w.client.Resolve(t.Context(), "shop/locked", "v1")
	must(t, err)
	wantKind(t, w.client.DeleteTag(t.Context(), "shop/locked", "v1", ""), fault.Auth)
	m, err := w.client.Manifest(t.Context(), "shop/api", "1.0")
	must(t, err)
	child, err := w.client.Manifest(t.Context(), "shop/api", string(m.Children[0].Digest))
	must(t, err)
	ok, err := w.client.Mount(t.Context(), "shop/new", "shop/api", child.Layers[0].Digest)
	if err != nil || !ok {
		t.Errorf("mount: %v, %v", ok, err)
	}
}

// A token service that gives nothing where one of the repositories may not be read does
// not keep the blob from being sent.
func TestARefusedMountLeavesTheTokenAsItWas(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Options{Empty: true, Auth: sandbox.Auth{
		Users: map[string]string{"me": "secret"}, Bearer: true,
	}}, oci.Options{Keychain: fixed{&authn.Basic{Username: "me", Password: "secret"}}})
	w.registry.Inject(sandbox.Fault{
		Match: func(r *http.Request) bool {
			return slices.Contains(r.URL.Query()["scope"], "repository:shop/locked:pull")
		},
		Effect: sandbox.Status{Code: http.StatusForbidden},
	})
	content := "a layer"
	d := image.Descriptor{Digest: ref.DigestOf([]byte(content)), Size: int64(len(content))}
	if mounted, err := w.client.Mount(t.Context(), "shop/new", "shop/locked", d.Digest); mounted || err == nil {
		t.Fatalf("mount: %v, %v", mounted, err)
	}
	must(t, w.client.PushBlob(t.Context(), "shop/new", d, func(_ context.Context, at int64) (io.ReadCloser, error) {
		return io.NopCloser(strings.NewReader(content[at:])), nil
	}))
}

func TestDummyThatCannotBeDeletedIsTakenBack(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Options{Empty: true, Quirks: sandbox.Quirks{NoDelete: true}}, oci.Options{})
	index, _ := w.fill()
	was, err := w.client.Manifest(t.Context(), "shop/api", index)
	must(t, err)
	must(t, w.client.PrepareDummy(t.Context(), "shop/api"))
	err = w.client.UntagByDummy(t.Context(), "shop/api", "1.0", was, "x")
	wantKind(t, err, fault.Unsupported)
	if !strings.Contains(err.Error(), "the tag points to "+ref.Digest(index).Short()+" again") {
		t.Error(err)
	}
	if d, err := w.client.Resolve(t.Context(), "shop/api", "1.0"); err != nil || string(d.Digest) != index {
		t.Errorf("1.0 is %v, %v", d, err)
	}
	before := len(w.registry.Requests())
	wantKind(t, w.client.PrepareDummy(t.Context(), "shop/api"), fault.Unsupported)
	if n := len(w.registry.Requests()); n != before {
		t.Errorf("%d requests, though deletes are known to be refused", n-before)
	}
}

func TestProbeDeletesNothing(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		quirks sandbox.Quirks
		want   plan.Capabilities
	}{
		{sandbox.Quirks{}, plan.Capabilities{TagDelete: plan.Yes, ManifestDelete: plan.Yes}},
		{sandbox.Quirks{NoTagDelete: true}, plan.Capabilities{TagDelete: plan.No, ManifestDelete: plan.Yes}},
		{sandbox.Quirks{NoDelete: true}, plan.Capabilities{TagDelete: plan.No, ManifestDelete: plan.No}},
	} {
		w := newWorld(t, sandbox.Options{Empty: true, Quirks: tt.quirks}, oci.Options{})
		w.fill()
		for range 2 {
			if can, err := w.client.ProbeDelete(t.Context(), "shop/api"); err != nil || !reflect.DeepEqual(can, tt.want) {
				t.Errorf("%+v: %+v, %v", tt.quirks, can, err)
			}
		}
		if n := len(listAll(t, w.client, "shop/api")); n != 5 {
			t.Errorf("%d tags, want 5", n)
		}
	}
}

func TestAnswersToChanges(t *testing.T) {
	t.Parallel()
	raw := []byte(`{"schemaVersion":2}`)
	for _, tt := range []struct {
		name    string
		handler http.HandlerFunc
		want    fault.Kind
	}{
		{"conflict", body(409, jsonType, `{"errors":[{"code":"CONFLICT"}]}`), fault.Immutable},
		{"precondition", body(412, jsonType, `{"errors":[{"code":"PRECONDITION"}]}`), fault.Immutable},
		{"ECR", body(400, jsonType, `{"errors":[{"code":"TAG_INVALID","message":"The image tag 'a' already exists in the 'b' `+
			`repository and cannot be overwritten because the tag is immutable."}]}`), fault.Immutable},
		{"denied", body(403, jsonType, `{"errors":[{"code":"DENIED"}]}`), fault.Denied},
		{"web page", body(200, "text/html", "<html>"), fault.Protocol},
		{"another digest", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Docker-Content-Digest", string(ref.DigestOf([]byte("x"))))
			w.WriteHeader(http.StatusCreated)
		}, fault.Corrupt},
		{"redirected to a GET", func(w http.ResponseWriter, r *http.Request) {
			if r.Method == http.MethodPut {
				http.Redirect(w, r, r.URL.Path, http.StatusFound)
			}
		}, fault.Protocol},
		{"server error", body(500, jsonType, "{}"), fault.Unavailable},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c := hostile(t, tt.handler)
			wantKind(t, c.PutManifest(t.Context(), "a/b", "v1", image.MediaTypeOCIManifest, raw), tt.want)
		})
	}
}

func TestATagIsNoDigestAndTheOtherWayRound(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Options{Empty: true}, oci.Options{})
	index, _ := w.fill()
	before := len(w.registry.Requests())
	wantKind(t, w.client.DeleteTag(t.Context(), "shop/api", index, ""), fault.Invalid)
	wantKind(t, w.client.DeleteManifest(t.Context(), "shop/api", "latest"), fault.Invalid)
	wantKind(t, w.client.PutManifest(t.Context(), "shop/api", index, "x/y", []byte("{}")), fault.Corrupt)
	if len(w.registry.Requests()) != before {
		t.Error("it was asked")
	}
}

func TestUploadsStayOnSafeHosts(t *testing.T) {
	t.Parallel()
	for _, location := range []string{"", "ftp://x/y", "http://user:pw@127.0.0.1/x", "http://169.254.169.254/x"} {
		asked := []string{}
		c := hostile(t, func(w http.ResponseWriter, r *http.Request) {
			asked = append(asked, r.Method)
			switch {
			case strings.HasSuffix(r.URL.Path, "/manifests/"+string(ref.DigestOf([]byte("{}")))):
				_, _ = w.Write([]byte("{}"))
			case r.Method == http.MethodPost:
				w.Header().Set("Location", location)
				w.WriteHeader(http.StatusAccepted)
			default:
				w.WriteHeader(http.StatusNotFound)
			}
		})
		err := c.PrepareDummy(t.Context(), "a/b")
		if err == nil || slices.Contains(asked, http.MethodPut) {
			t.Errorf("%q: %v after %q", location, err, asked)
		}
	}
}

// A change is sent once, whatever the registry says: who decided on it has to look
// again.
func TestChangesAreSentOnce(t *testing.T) {
	t.Parallel()
	for status, kind := range map[int]fault.Kind{
		429: fault.RateLimited, 503: fault.Unavailable, 500: fault.Unavailable, 502: fault.Unavailable,
	} {
		w := newWorld(t, sandbox.Options{Empty: true}, oci.Options{})
		w.fill()
		m, err := w.client.Manifest(t.Context(), "shop/api", "latest")
		must(t, err)
		for method, change := range map[string]func() error{
			http.MethodDelete: func() error { return w.client.DeleteTag(t.Context(), "shop/api", "latest", "") },
			http.MethodPut: func() error {
				return w.client.PutManifest(t.Context(), "shop/api", "latest", m.MediaType, m.Raw)
			},
		} {
			w.registry.ResetRequests()
			w.registry.Inject(sandbox.Fault{
				Method: method, Times: 1, Effect: sandbox.Status{Code: status, RetryAfter: time.Millisecond},
			})
			wantKind(t, change(), kind)
			n := 0
			for _, r := range w.registry.Requests() {
				if r.Method == method {
					n++
				}
			}
			if n != 1 {
				t.Errorf("%s %d: %d requests", method, status, n)
			}
		}
	}
}

// Credentials are got before the look. Where they are refused nevertheless, the
// change is not sent again with others: its caller looks first, and is then given
// new ones.
func TestReadyCredentials(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Options{Empty: true, Auth: sandbox.Auth{Bearer: true}}, oci.Options{})
	w.fill()
	now, end, err := w.client.Ready(t.Context(), "shop/api", 2)
	must(t, err)
	w.registry.ResetRequests()
	_, err = w.client.Resolve(now, "shop/api", "latest")
	must(t, err)
	must(t, w.client.DeleteTag(now, "shop/api", "latest", ""))
	end()
	if got := w.registry.Requests(); len(got) != 2 || got[0].Method != http.MethodHead || got[1].Method != http.MethodDelete {
		t.Errorf("between the look and the change: %+v", got)
	}
	now, end, err = w.client.Ready(t.Context(), "shop/api", 2)
	must(t, err)
	w.registry.Inject(sandbox.Fault{Method: http.MethodDelete, Times: 1, Effect: sandbox.ExpireToken{}})
	w.registry.ResetRequests()
	wantKind(t, w.client.DeleteTag(now, "shop/api", "1.0", ""), fault.Auth)
	end()
	if got := w.registry.Requests(); len(got) != 1 {
		t.Errorf("after a refusal: %+v", got)
	}
	now, end, err = w.client.Ready(t.Context(), "shop/api", 2)
	must(t, err)
	defer end()
	must(t, w.client.DeleteTag(now, "shop/api", "1.0", ""))
}

// A registry that honours If-None-Match answers without a manifest, one that
// does not answers as always; both say when the tag has moved.
func TestResolveFrom(t *testing.T) {
	t.Parallel()
	for _, p := range peertest.Peers() {
		t.Run(p.Name, func(t *testing.T) {
			t.Parallel()
			r := peertest.Start(t, p, peertest.Options{})
			tr := peerTransport(httpx.HostOptions{})
			t.Cleanup(tr.CloseIdleConnections)
			pushFixture(t, r.Host, tr, authn.Anonymous)
			c := oci.New(r.Host, oci.Options{Transport: tr, Now: clock})
			now, err := c.Resolve(t.Context(), "team/app", "v1")
			must(t, err)
			for _, before := range []ref.Digest{"", now.Digest, ref.DigestOf([]byte("another"))} {
				d, err := c.ResolveFrom(t.Context(), "team/app", "v1", before)
				if err != nil || d.Digest != now.Digest {
					t.Errorf("from %q: %v, %v", before, d, err)
				}
			}
			_, err = c.ResolveFrom(t.Context(), "team/app", "nothing", now.Digest)
			wantKind(t, err, fault.NotFound)
		})
	}
}

// A change is not sent on to where an answer says: somebody may have changed what it
// was decided by.
func TestChangesAreNotRedirected(t *testing.T) {
	t.Parallel()
	for _, status := range []int{http.StatusTemporaryRedirect, http.StatusPermanentRedirect} {
		asked := 0
		srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Method == http.MethodPut || r.Method == http.MethodDelete {
				asked++
				http.Redirect(w, r, r.URL.Path, status)
			}
		}))
		t.Cleanup(srv.Close)
		c := oci.New(strings.TrimPrefix(srv.URL, "http://"), oci.Options{Transport: httpx.New(httpx.Options{Now: clock}), Now: clock})
		for _, err := range []error{
			c.PutManifest(t.Context(), "shop/api", "latest", ociType, []byte("{}")), c.DeleteTag(t.Context(), "shop/api", "latest", ""),
			c.DeleteManifest(t.Context(), "shop/api", ref.DigestOf(nil)),
		} {
			wantKind(t, err, fault.Protocol)
		}
		if asked != 3 {
			t.Errorf("%d: three changes made %d requests", status, asked)
		}
	}
}
