package httpx_test

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"regatta/model/fault"
	"regatta/registry/httpx"
)

func clock() time.Time {
	return time.Now()
}

// play answers requests in this process, so that it works in a synctest bubble.
type play func(n int, req *http.Request) (*http.Response, error)

type stage struct {
	mu   sync.Mutex
	n    int
	at   []time.Time
	play play
}

func (s *stage) RoundTrip(req *http.Request) (*http.Response, error) {
	s.mu.Lock()
	s.n++
	n := s.n
	s.at = append(s.at, clock())
	s.mu.Unlock()
	return s.play(n, req)
}

func reply(status int, body string, headers ...string) *http.Response {
	r := &http.Response{StatusCode: status, Header: http.Header{}, Body: io.NopCloser(strings.NewReader(body)), ContentLength: int64(len(body))}
	for i := 0; i < len(headers); i += 2 {
		r.Header.Add(headers[i], headers[i+1])
	}
	return r
}

func whole(d time.Duration) time.Duration { return d }

func setUp(p play, o httpx.Options) (*httpx.Transport, *stage) {
	s := &stage{play: p}
	o.Now, o.Base, o.Jitter = clock, s, whole
	return httpx.New(o), s
}

func do(t *testing.T, tr http.RoundTripper, method, url string) (*http.Response, error) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, url, nil)
	if err != nil {
		t.Fatal(err)
	}
	return tr.RoundTrip(req)
}

func finish(t *testing.T, resp *http.Response, err error) string {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	return string(b)
}

func TestRetryWaits(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name    string
		headers func(now time.Time) []string
		want    time.Duration
	}{
		{"backs off", func(time.Time) []string { return nil }, 250 * time.Millisecond},
		{"seconds", func(time.Time) []string { return []string{"Retry-After", "7"} }, 7 * time.Second},
		{"date", func(now time.Time) []string {
			return []string{"Retry-After", now.Add(9 * time.Second).UTC().Format(http.TimeFormat)}
		}, 9 * time.Second},
		{"unix", func(now time.Time) []string {
			return []string{"X-Retry-After", itoa(now.Add(5 * time.Second).Unix())}
		}, 5 * time.Second},
		{"nonsense", func(time.Time) []string { return []string{"Retry-After", "soon"} }, 250 * time.Millisecond},
	}
	for _, test := range tests {
		for _, status := range []int{429, 503} {
			t.Run(test.name+" "+itoa(int64(status)), func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					tr, s := setUp(func(n int, _ *http.Request) (*http.Response, error) {
						if n == 1 {
							return reply(status, "no", test.headers(clock())...), nil
						}
						return reply(200, "yes"), nil
					}, httpx.Options{})
					resp, err := do(t, tr, "GET", "https://r.example/v2/")
					if got := finish(t, resp, err); got != "yes" {
						t.Errorf("got %q", got)
					}
					if got := s.at[1].Sub(s.at[0]); got != test.want {
						t.Errorf("waited %s, want %s", got, test.want)
					}
					if e := tr.Entries(); len(e) != 2 || e[1].Attempt != 2 || e[1].Waited != test.want || e[0].Status != status {
						t.Errorf("log %+v", e)
					}
				})
			})
		}
	}
}

func itoa(n int64) string {
	var b []byte
	for ; n > 0; n /= 10 {
		b = append([]byte{byte('0' + n%10)}, b...)
	}
	return string(b)
}

func TestThrottlePausesTheWholeHost(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		tr, _ := setUp(func(n int, _ *http.Request) (*http.Response, error) {
			if n == 1 {
				return reply(429, "", "Retry-After", "30"), nil
			}
			return reply(200, ""), nil
		}, httpx.Options{})
		start := clock()
		var first sync.WaitGroup
		defer first.Wait()
		first.Go(func() {
			resp, err := do(t, tr, "GET", "https://r.example/first")
			finish(t, resp, err)
		})
		synctest.Wait()
		resp, err := do(t, tr, "GET", "https://other.example/")
		finish(t, resp, err)
		if got := clock().Sub(start); got != 0 {
			t.Errorf("another host waited %s", got)
		}
		resp, err = do(t, tr, "DELETE", "https://r.example/second")
		finish(t, resp, err)
		if got := clock().Sub(start); got != 30*time.Second {
			t.Errorf("the same host waited %s, want 30s", got)
		}
	})
}

func TestWhatIsRetried(t *testing.T) {
	t.Parallel()
	tests := []struct {
		method, path string
		status       int
		body         io.Reader
		want         int // tries
	}{
		{"GET", "/v2/a/tags/list", 500, nil, 4},
		{"GET", "/v2/a/tags/list", 408, nil, 4},
		{"GET", "/v2/a/tags/list", 404, nil, 1},
		{"GET", "/v2/a/tags/list", 401, nil, 1},
		{"HEAD", "/v2/a/manifests/x", 502, nil, 4},
		{"POST", "/v2/a/blobs/uploads/", 503, nil, 1},
		{"PATCH", "/v2/a/blobs/uploads/1", 503, strings.NewReader("x"), 1},
		{"PUT", "/v2/a/manifests/sha256:ab", 500, strings.NewReader("x"), 1},
		{"PUT", "/v2/a/manifests/tag", 500, strings.NewReader("x"), 1},
		{"PUT", "/v2/a/manifests/tag", 429, strings.NewReader("x"), 1},
		{"PUT", "/v2/a/manifests/tag", 503, io.MultiReader(strings.NewReader("x")), 1},
		{"DELETE", "/v2/a/manifests/sha256:ab", 504, nil, 1},
		{"DELETE", "/v2/a/manifests/sha256:ab", 503, nil, 1},
		{"DELETE", "/v2/a/manifests/tag", 429, nil, 1},
	}
	for _, test := range tests {
		t.Run(test.method+" "+test.path, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				tr, s := setUp(func(int, *http.Request) (*http.Response, error) {
					return reply(test.status, ""), nil
				}, httpx.Options{})
				req, err := http.NewRequestWithContext(t.Context(), test.method, "https://r.example"+test.path, test.body)
				if err != nil {
					t.Fatal(err)
				}
				resp, err := tr.RoundTrip(req)
				finish(t, resp, err)
				if s.n != test.want {
					t.Errorf("%d tries, want %d", s.n, test.want)
				}
			})
		})
	}
}

func TestConcurrencyLimit(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var now, most atomic.Int32
		tr, _ := setUp(func(int, *http.Request) (*http.Response, error) {
			n := now.Add(1)
			most.Store(max(most.Load(), n))
			time.Sleep(time.Second)
			now.Add(-1)
			return reply(200, "x"), nil
		}, httpx.Options{Host: func(string) httpx.HostOptions { return httpx.HostOptions{Concurrency: 3} }})
		start := clock()
		var wg sync.WaitGroup
		for range 9 {
			wg.Go(func() {
				resp, err := do(t, tr, "GET", "https://r.example/")
				finish(t, resp, err)
			})
		}
		wg.Wait()
		if most.Load() != 3 || clock().Sub(start) != 3*time.Second {
			t.Errorf("%d at a time, %s; want 3, 3s", most.Load(), clock().Sub(start))
		}
	})
}

func TestRate(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		tr, _ := setUp(func(int, *http.Request) (*http.Response, error) { return reply(200, ""), nil },
			httpx.Options{Host: func(string) httpx.HostOptions { return httpx.HostOptions{Rate: 2} }})
		start := clock()
		for range 6 {
			resp, err := do(t, tr, "GET", "https://r.example/")
			finish(t, resp, err)
		}
		if got := clock().Sub(start); got != 2*time.Second {
			t.Errorf("6 requests took %s, want 2s: two at once, then 2 a second", got)
		}
	})
}

func TestWhoGivesUpWaitingCostsNoRate(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		tr, _ := setUp(func(int, *http.Request) (*http.Response, error) { return reply(200, ""), nil },
			httpx.Options{Host: func(string) httpx.HostOptions { return httpx.HostOptions{Rate: 1} }})
		resp, err := do(t, tr, "GET", "https://r.example/")
		finish(t, resp, err)
		for range 20 { // a user who scrolls past what is not read yet
			ctx, cancel := context.WithTimeout(t.Context(), time.Millisecond)
			var crowd sync.WaitGroup
			for range 16 {
				crowd.Go(func() {
					req, _ := http.NewRequestWithContext(ctx, http.MethodGet, "https://r.example/", nil)
					if _, err := tr.RoundTrip(req); err == nil { //nolint:bodyclose // there is none
						t.Error("the rate lets it through")
					}
				})
			}
			crowd.Wait()
			cancel()
		}
		start := clock()
		resp, err = do(t, tr, "GET", "https://r.example/")
		finish(t, resp, err)
		if got := clock().Sub(start); got > time.Second {
			t.Errorf("the next request waits %s for those that were given up", got)
		}
	})
}

func TestNoAnswer(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		tr, s := setUp(func(_ int, req *http.Request) (*http.Response, error) {
			<-req.Context().Done()
			return nil, req.Context().Err()
		}, httpx.Options{})
		start := clock()
		_, err := do(t, tr, "GET", "https://r.example/") //nolint:bodyclose // there is none
		if !fault.Is(err, fault.Timeout) || s.n != 2 {
			t.Errorf("%d tries, %v; want a timeout after 2", s.n, err)
		}
		if got := clock().Sub(start); got > 61*time.Second {
			t.Errorf("gave up after %s", got)
		}
		ctx, cancel := context.WithCancel(t.Context())
		time.AfterFunc(time.Second, cancel)
		req, _ := http.NewRequestWithContext(ctx, http.MethodGet, "https://r.example/", nil)
		if _, err := tr.RoundTrip(req); !fault.Is(err, fault.Cancelled) { //nolint:bodyclose // there is none
			t.Errorf("cancelled: %v", err)
		}
	})
}

// TestALongUploadIsNoSilence sends for longer than an answer may take.
func TestALongUploadIsNoSilence(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		tr, _ := setUp(func(_ int, req *http.Request) (*http.Response, error) {
			buf := make([]byte, 1)
			for {
				time.Sleep(20 * time.Second) // the network is slow
				if req.Context().Err() != nil {
					return nil, req.Context().Err()
				}
				if n, _ := req.Body.Read(buf); n == 0 {
					return reply(201, ""), nil
				}
			}
		}, httpx.Options{HeaderTimeout: 30 * time.Second, Retries: -1})
		req, _ := http.NewRequestWithContext(t.Context(), http.MethodPut, "https://r.example/upload", strings.NewReader("abcdef"))
		resp, err := tr.RoundTrip(req)
		finish(t, resp, err)
	})
}

func TestStreamsDoNotHoldSlots(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		tr, _ := setUp(func(int, *http.Request) (*http.Response, error) { return reply(200, "x"), nil },
			httpx.Options{Host: func(string) httpx.HostOptions { return httpx.HostOptions{Concurrency: 1} }})
		req, _ := http.NewRequestWithContext(httpx.Streaming(t.Context()), http.MethodGet, "https://r.example/blob", nil)
		stream, err := tr.RoundTrip(req)
		if err != nil {
			t.Fatal(err)
		}
		resp, err := do(t, tr, "PUT", "https://r.example/upload")
		finish(t, resp, err)
		finish(t, stream, nil)
	})
}

func TestConnectionErrors(t *testing.T) {
	t.Parallel()
	plain := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	t.Cleanup(plain.Close)
	secure := httptest.NewTLSServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	t.Cleanup(secure.Close)
	closed := httptest.NewServer(nil)
	closed.Close()
	tr := httpx.New(httpx.Options{Now: clock, CertDirs: []string{}})
	for url, want := range map[string]fault.Kind{
		"https" + strings.TrimPrefix(plain.URL, "http"): fault.Protocol,
		secure.URL: fault.TLS, closed.URL: fault.Unreachable, "https://no.such.host.invalid/": fault.Unresolved,
	} {
		_, err := do(t, tr, "GET", url) //nolint:bodyclose // there is none
		if !fault.Is(err, want) {
			t.Errorf("%s: %v, want %s", url, err, want)
		}
	}
}

func TestCredentialsNeedTLS(t *testing.T) {
	t.Parallel()
	allowed := func(host string) httpx.HostOptions { return httpx.HostOptions{PlainHTTP: host == "plain.example"} }
	tr, s := setUp(func(int, *http.Request) (*http.Response, error) { return reply(200, ""), nil }, httpx.Options{Host: allowed})
	for url, ok := range map[string]bool{
		"http://r.example/": false, "http://plain.example/": true, "http://127.0.0.1:5000/": true, "https://r.example/": true,
	} {
		req, _ := http.NewRequestWithContext(t.Context(), http.MethodGet, url, nil)
		req.Header.Set("Authorization", "Basic x")
		resp, err := tr.RoundTrip(req)
		if (err == nil) != ok {
			t.Errorf("%s: %v", url, err)
		}
		if err == nil {
			finish(t, resp, nil)
		}
	}
	if s.n != 3 {
		t.Errorf("%d requests, want 3", s.n)
	}
	form := strings.NewReader("grant_type=refresh_token&refresh_token=x")
	req, _ := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://r.example/token", form)
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	if _, err := tr.RoundTrip(req); !fault.Is(err, fault.TLS) { //nolint:bodyclose // there is none
		t.Errorf("a refresh token without TLS: %v", err)
	}
}
