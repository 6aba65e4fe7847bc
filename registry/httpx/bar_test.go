package httpx_test

import (
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"regatta/model/fault"
	"regatta/registry/httpx"
)

func TestLongRetryAfterIsReported(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		tr, s := setUp(func(int, *http.Request) (*http.Response, error) {
			return reply(429, "", "Retry-After", "21600"), nil
		}, httpx.Options{})
		start := clock()
		resp, err := do(t, tr, "GET", "https://r.example/")
		finish(t, resp, err)
		if s.n != 1 || clock().Sub(start) != 0 || resp.StatusCode != http.StatusTooManyRequests {
			t.Errorf("%d tries, %s, status %d; want the refusal at once", s.n, clock().Sub(start), resp.StatusCode)
		}
		resp, err = do(t, tr, "GET", "https://r.example/")
		if !fault.Is(err, fault.RateLimited) || s.n != 1 {
			finish(t, resp, nil)
			t.Errorf("%d tries, %v; want no second one", s.n, err)
		}
		resp, err = do(t, tr, "GET", "https://r.example/v2/app/tags/list")
		finish(t, resp, err)
		if s.n != 2 || clock().Sub(start) != 0 {
			t.Errorf("%d tries after %s: what is not refused has to go on", s.n, clock().Sub(start))
		}
		if got := tr.Load().PausedUntil.Sub(start); got != 6*time.Hour {
			t.Errorf("the host is said to refuse for %s", got)
		}
		time.Sleep(6*time.Hour + time.Second)
		resp, err = do(t, tr, "GET", "https://r.example/")
		finish(t, resp, err)
		if s.n != 3 {
			t.Errorf("%d tries: after its time the request has to go out", s.n)
		}
	})
}
