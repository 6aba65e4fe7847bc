package httpx

import (
	"net/http"
	"testing"
	"testing/synctest"
	"time"
)

// What requests take is told apart from what they wait for.
func TestMeasured(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		n := 0
		busy := roundTrip(func(req *http.Request) (*http.Response, error) {
			time.Sleep(300 * time.Millisecond)
			if n++; n == 2 {
				return &http.Response{
					StatusCode: http.StatusTooManyRequests, Body: http.NoBody, Request: req, Header: http.Header{"Retry-After": {"5"}},
				}, nil
			}
			return &http.Response{StatusCode: http.StatusOK, Body: http.NoBody, Request: req}, nil
		})
		client := New(Options{Base: busy, Now: time.Now, Host: func(string) HostOptions { return HostOptions{Rate: 0.5} }})
		ctx, took := Measured(t.Context())
		began := time.Now()
		for range 3 {
			req, err := http.NewRequestWithContext(ctx, http.MethodGet, "https://registry.example/v2/", nil)
			if err != nil {
				t.Fatal(err)
			}
			resp, err := client.RoundTrip(req)
			if err != nil {
				t.Fatal(err)
			}
			_ = resp.Body.Close()
		}
		if n != 4 || took() != 4*300*time.Millisecond || time.Since(began) < took()+5*time.Second {
			t.Errorf("%d requests took %s of %s", n, took(), time.Since(began))
		}
	})
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(req *http.Request) (*http.Response, error) { return f(req) }
