package oci_test

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-containerregistry/pkg/authn"

	"regatta/model/fault"
	"regatta/model/image"
	"regatta/model/ref"
	"regatta/registry/oci"
)

// hosts answers for every host in the world, and remembers what it was asked.
type hosts struct {
	answer func(*http.Request) *http.Response

	mu    sync.Mutex
	asked []*http.Request
}

func (h *hosts) RoundTrip(req *http.Request) (*http.Response, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.asked = append(h.asked, req)
	resp := h.answer(req)
	resp.Request = req
	return resp, nil
}

func says(status int, body string, header ...string) *http.Response {
	h := http.Header{}
	for i := 0; i < len(header); i += 2 {
		h.Set(header[i], header[i+1])
	}
	return &http.Response{
		StatusCode: status, Header: h, Body: io.NopCloser(strings.NewReader(body)), ContentLength: int64(len(body)),
	}
}

// TestOnlyTheRegistryAsksForCredentials has the host that blobs are redirected
// to ask for a token from a service of its own.
func TestOnlyTheRegistryAsksForCredentials(t *testing.T) {
	t.Parallel()
	world := &hosts{answer: func(req *http.Request) *http.Response {
		switch {
		case req.URL.Host == "cdn.example":
			return says(401, "", "WWW-Authenticate", `Bearer realm="https://thief.example/token"`)
		case req.URL.Host == "thief.example":
			return says(200, `{"token":"x"}`)
		case req.Header.Get("Authorization") == "":
			return says(401, "", "WWW-Authenticate", `Basic realm="r"`)
		case strings.Contains(req.URL.Path, "/blobs/"):
			return says(307, "", "Location", "https://cdn.example/blob")
		}
		return says(200, `{"name":"a/b","tags":["v1"]}`)
	}}
	c := oci.New("r.example", oci.Options{
		Transport: world, Now: clock, Keychain: fixed{&authn.Basic{Username: "u", Password: "p"}},
	})
	if _, err := c.Blob(t.Context(), "a/b", image.Descriptor{Digest: ref.DigestOf(nil), Size: 5}, 0); !fault.Is(err, fault.Auth) {
		t.Errorf("read a blob that its host refuses: %v", err)
	}
	if _, err := c.Images(t.Context(), "a/b", ""); err != nil {
		t.Error(err)
	}
	for _, req := range world.asked {
		if req.URL.Host != "r.example" && (req.URL.Host != "cdn.example" || req.Header.Get("Authorization") != "") {
			t.Errorf("asked %s with %q", req.URL.Host, req.Header.Get("Authorization"))
		}
	}
}

// TestTokenThatLastsForCenturies counts how often a token is fetched.
func TestTokenThatLastsForCenturies(t *testing.T) {
	t.Parallel()
	tokens := 0
	world := &hosts{answer: func(req *http.Request) *http.Response {
		switch {
		case req.URL.Path == "/token":
			tokens++
			return says(200, `{"token":"x","expires_in":3153600000}`)
		case req.Header.Get("Authorization") == "":
			return says(401, "", "WWW-Authenticate", `Bearer realm="https://r.example/token"`)
		}
		return says(200, `{"name":"a/b","tags":["v1"]}`)
	}}
	c := oci.New("r.example", oci.Options{Transport: world, Now: clock})
	for range 5 {
		if _, err := c.Images(t.Context(), "a/b", ""); err != nil {
			t.Fatal(err)
		}
	}
	if tokens != 1 {
		t.Errorf("%d tokens for 5 requests, want 1", tokens)
	}
}

// helperAtWork is an identity that is being looked up.
type helperAtWork struct {
	*authn.Basic

	begun, end chan struct{}
}

func (h helperAtWork) Forget() {
	close(h.begun)
	<-h.end
}

// TestARefusalHoldsUpOnlyItsOwnRequest asks for one repository while the
// identity for another is looked up again.
func TestARefusalHoldsUpOnlyItsOwnRequest(t *testing.T) {
	t.Parallel()
	world := &hosts{answer: func(req *http.Request) *http.Response {
		if req.Header.Get("Authorization") == "" || strings.Contains(req.URL.Path, "/private/") {
			return says(401, "", "WWW-Authenticate", `Basic realm="r"`)
		}
		return says(200, `{"name":"a/b","tags":["v1"]}`)
	}}
	helper := helperAtWork{&authn.Basic{Username: "u", Password: "p"}, make(chan struct{}), make(chan struct{})}
	defer close(helper.end)
	c := oci.New("r.example", oci.Options{Transport: world, Now: clock, Keychain: fixed{helper}})
	go func() { _, _ = c.Images(t.Context(), "private/b", "") }()
	<-helper.begun
	listed := make(chan error, 1)
	go func() {
		_, err := c.Images(t.Context(), "open/b", "")
		listed <- err
	}()
	select {
	case err := <-listed:
		must(t, err)
	case <-time.After(10 * time.Second):
		t.Error("it waits for the other's helper")
	}
}

// TestAnAnswerThatBreaksOffIsAskedForOnceMore and not again and again.
func TestAnAnswerThatBreaksOffIsAskedForOnceMore(t *testing.T) {
	t.Parallel()
	for good, want := range map[int]int64{2: 2, 9: 2} {
		var asked atomic.Int64
		c := hostile(t, func(w http.ResponseWriter, _ *http.Request) {
			if int(asked.Add(1)) < good {
				w.Header().Set("Content-Length", "1000")
			}
			_, _ = io.WriteString(w, `{"name":"a/b","tags":["v1"]}`)
		})
		_, err := c.Images(t.Context(), "a/b", "")
		if (err == nil) != (good == 2) || asked.Load() != want {
			t.Errorf("whole from answer %d on: asked %d times, %v", good, asked.Load(), err)
		}
	}
}

func TestEndlessReferrers(t *testing.T) {
	t.Parallel()
	var asked atomic.Int64
	c := hostile(t, func(w http.ResponseWriter, r *http.Request) {
		n := asked.Add(1)
		w.Header().Set("Link", fmt.Sprintf(`<%s?page=%d>; rel="next"`, r.URL.Path, n))
		w.Header().Set("Content-Type", image.MediaTypeOCIIndex)
		_, _ = io.WriteString(w, `{"schemaVersion":2,"manifests":[{}]}`)
	})
	_, err := c.Subjects(t.Context(), "a/b", ref.DigestOf(nil))
	if !fault.Is(err, fault.TooLarge) || asked.Load() > 100 {
		t.Errorf("%d pages, %v", asked.Load(), err)
	}
}

// TestAnIdentityTokenIsExchanged as docker login leaves it (docker's token
// authentication, POST with a refresh token).
func TestAnIdentityTokenIsExchanged(t *testing.T) {
	t.Parallel()
	world := &hosts{answer: func(req *http.Request) *http.Response {
		switch {
		case req.URL.Path == "/token":
			if err := req.ParseForm(); err != nil || req.PostForm.Get("refresh_token") != "identity" {
				return says(401, "")
			}
			return says(200, `{"access_token":"for-`+req.PostForm.Get("scope")+`"}`)
		case req.Header.Get("Authorization") == "Bearer for-repository:a/b:pull":
			return says(200, `{"name":"a/b","tags":["v1"]}`)
		}
		return says(401, "", "WWW-Authenticate", `Bearer realm="https://auth.example/token",service="r"`)
	}}
	c := oci.New("r.example", oci.Options{
		Transport: world, Now: clock, Keychain: fixed{authn.FromConfig(authn.AuthConfig{IdentityToken: "identity"})},
	})
	if _, err := c.Images(t.Context(), "a/b", ""); err != nil {
		t.Error(err)
	}
}
