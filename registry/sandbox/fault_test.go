package sandbox_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"regatta/registry/sandbox"
)

const tagsPath = "/v2/app/tags/list"

func TestFaultStatus(t *testing.T) {
	t.Parallel()
	rg, _ := small(t, sandbox.Quirks{})
	rg.Inject(sandbox.Fault{
		Method: "GET", Prefix: "/v2/app/tags", Times: 2,
		Effect: sandbox.Status{Code: 429, RetryAfter: 3 * time.Second},
	})
	for range 2 {
		ask(t, rg, "GET", tagsPath, "").want(t, 429, "TOOMANYREQUESTS").wantHeader(t, "Retry-After", "3")
	}
	ask(t, rg, "GET", tagsPath, "").want(t, 200, "v1")
}

func TestFaultRetryAtDate(t *testing.T) {
	t.Parallel()
	rg, _ := small(t, sandbox.Quirks{})
	rg.Inject(sandbox.Fault{Effect: sandbox.Status{Code: 503, RetryAt: sandbox.Epoch()}})
	got := ask(t, rg, "GET", tagsPath, "").want(t, 503, "UNKNOWN")
	got.wantHeader(t, "Retry-After", "Fri, 20 Nov 2026 09:00:00 GMT")
	rg.ClearFaults()
	ask(t, rg, "GET", tagsPath, "").want(t, 200, "v1")
}

func TestFaultEveryThird(t *testing.T) {
	t.Parallel()
	rg, _ := small(t, sandbox.Quirks{})
	rg.Inject(sandbox.Fault{Pattern: regexp.MustCompile(`/tags/`), Every: 3, Effect: sandbox.Status{Code: 500}})
	for i := 1; i <= 6; i++ {
		want := 200
		if i%3 == 0 {
			want = 500
		}
		ask(t, rg, "GET", tagsPath, "").want(t, want, "")
	}
}

func TestFaultMatchesByFunc(t *testing.T) {
	t.Parallel()
	rg, _ := small(t, sandbox.Quirks{})
	rg.Inject(sandbox.Fault{
		Match:  func(r *http.Request) bool { return r.URL.Query().Get("last") != "" },
		Effect: sandbox.Status{Code: 502},
	})
	ask(t, rg, "GET", tagsPath, "").want(t, 200, "")
	ask(t, rg, "GET", tagsPath+"?last=v1", "").want(t, 502, "")
}

func TestFaultHTML(t *testing.T) {
	t.Parallel()
	rg, _ := small(t, sandbox.Quirks{})
	rg.Inject(sandbox.Fault{Effect: sandbox.HTML(200), Times: 1})
	ask(t, rg, "GET", tagsPath, "").want(t, 200, "<html>").wantHeader(t, "Content-Type", "text/html; charset=utf-8")
	rg.Inject(sandbox.Fault{Effect: sandbox.Body{ContentType: "application/json", Text: `{"tags":[1]}`}})
	ask(t, rg, "GET", tagsPath, "").want(t, 200, "[1]")
}

// A cut and a corrupted body look the same in process and over a socket.
func TestFaultCutAndCorrupt(t *testing.T) {
	t.Parallel()
	for _, size := range []int{1000, 400_000} {
		rg := open(t, sandbox.Options{Empty: true})
		content := strings.Repeat("x", size)
		rg.PushImage("app", sandbox.Image{Layers: []string{content}})
		path := "/v2/app/blobs/" + digestOf(content)
		rg.Inject(sandbox.Fault{Times: 2, Effect: sandbox.Cut{After: 700}})
		inProcess := ask(t, rg, "GET", path, "")
		socket := askSocket(t, rg, path)
		for _, got := range []answer{inProcess, socket} {
			if !errors.Is(got.err, io.ErrUnexpectedEOF) || len(got.body) != 700 {
				t.Errorf("%d bytes of %d, error %v", len(got.body), size, got.err)
			}
		}
		rg.Inject(sandbox.Fault{Effect: sandbox.Corrupt{At: 500, Count: 2}})
		bad := ask(t, rg, "GET", path, "").want(t, 200, "")
		if bad.body == content || bad.body[:500]+"xx"+bad.body[502:] != content {
			t.Error("other bytes than 500 and 501 changed, or none")
		}
	}
}

func TestFaultExpiredToken(t *testing.T) {
	t.Parallel()
	rg := open(t, sandbox.Options{Empty: true, Auth: sandbox.Auth{Bearer: true}})
	digest := rg.PushImage("app", sandbox.Image{})
	rg.Tag("app", "v1", digest, clock())
	token := "Authorization: Bearer " + fetchToken(t, rg, "repository:app:pull")
	ask(t, rg, "GET", tagsPath, "", token).want(t, 200, "v1")
	rg.Inject(sandbox.Fault{Prefix: "/v2/", Times: 1, Effect: sandbox.ExpireToken{}})
	got := ask(t, rg, "GET", tagsPath, "", token).want(t, 401, "UNAUTHORIZED")
	got.wantHeader(t, "WWW-Authenticate",
		`Bearer realm="https://registry.test/token",service="registry.test",scope="repository:app:pull",error="invalid_token"`)
	ask(t, rg, "GET", tagsPath, "", token).want(t, 401, "")
	token = "Authorization: Bearer " + fetchToken(t, rg, "repository:app:pull")
	ask(t, rg, "GET", tagsPath, "", token).want(t, 200, "v1")
}

func TestFaultHangEndsWithContext(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		rg, _ := small(t, sandbox.Quirks{})
		rg.Inject(sandbox.Fault{Effect: sandbox.Hang{}})
		ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
		defer cancel()
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, "https://any.test"+tagsPath, nil)
		if err != nil {
			t.Fatal(err)
		}
		res, err := rg.Transport().RoundTrip(req)
		if !errors.Is(err, context.DeadlineExceeded) {
			_ = res.Body.Close()
			t.Errorf("error %v", err)
		}
		if served := rg.Requests(); len(served) != 1 || served[0].Status != 0 {
			t.Errorf("served %v", served)
		}
	})
}

// virtualNow is the clock of a synctest bubble.
func virtualNow() time.Time {
	return time.Now()
}

// Slow bytes and Retry-After take virtual time and no real time.
func TestVirtualTime(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		rg := open(t, sandbox.Options{Empty: true, Now: virtualNow})
		content := strings.Repeat("x", 1<<20)
		rg.PushImage("app", sandbox.Image{Layers: []string{content}})
		rg.Inject(sandbox.Fault{Times: 1, Effect: sandbox.Status{Code: 429, RetryAfter: time.Minute}})
		rg.Inject(sandbox.Fault{Effect: sandbox.Slow{First: 2 * time.Second, Each: time.Second, Chunk: 64 << 10}})
		start := virtualNow()
		first := ask(t, rg, "GET", "/v2/app/blobs/"+digestOf(content), "").want(t, 429, "")
		seconds, err := time.ParseDuration(first.Header.Get("Retry-After") + "s")
		if err != nil {
			t.Fatal(err)
		}
		<-time.After(seconds)
		got := ask(t, rg, "GET", "/v2/app/blobs/"+digestOf(content), "").want(t, 200, "")
		if took := virtualNow().Sub(start); got.body != content || took != (60+2+16)*time.Second {
			t.Errorf("%d bytes after %s", len(got.body), took)
		}
	})
}

// A client that leaves in the middle of a body leaves nothing running:
// synctest fails if a goroutine is left.
func TestLeavingEarly(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		rg := open(t, sandbox.Options{})
		layer := firstLayer(t, rg, "ml/ranker")
		for _, leave := range []string{"close", "cancel"} {
			ctx, cancel := context.WithCancel(t.Context())
			req, err := http.NewRequestWithContext(ctx, http.MethodGet, "https://any.test/v2/ml/ranker/blobs/"+layer, nil)
			if err != nil {
				t.Fatal(err)
			}
			res, err := rg.Transport().RoundTrip(req)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := io.CopyN(io.Discard, res.Body, 1<<20); err != nil {
				t.Fatal(err)
			}
			if leave == "cancel" {
				cancel()
				if _, err := io.Copy(io.Discard, res.Body); !errors.Is(err, context.Canceled) {
					t.Errorf("error %v", err)
				}
			}
			if err := res.Body.Close(); err != nil {
				t.Fatal(err)
			}
			cancel()
		}
	})
}
