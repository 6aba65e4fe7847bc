package httpx_test

import (
	"context"
	"errors"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"regatta/model/fault"
	"regatta/registry/httpx"
)

// ask makes a request under ctx, whose answer has no body worth reading.
func ask(ctx context.Context, tr http.RoundTripper, method, url string) (int, error) {
	req, err := http.NewRequestWithContext(ctx, method, url, http.NoBody)
	if err != nil {
		return 0, err
	}
	resp, err := tr.RoundTrip(req)
	if err != nil {
		return 0, err
	}
	return resp.StatusCode, resp.Body.Close()
}

// The rate is waited for before the first of the requests, and between them
// nothing is; whoever comes next pays for what was not waited for.
func TestAMomentWaitsBeforeItBegins(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		tr, s := setUp(func(int, *http.Request) (*http.Response, error) { return reply(200, ""), nil }, httpx.Options{
			Host: func(string) httpx.HostOptions { return httpx.HostOptions{Rate: 0.2, Concurrency: 1} },
		})
		start := clock()
		for n := range 2 {
			inner, end, err := tr.Moment(t.Context(), "r.example", 2)
			if err != nil {
				t.Fatal(err)
			}
			for _, method := range []string{"HEAD", "PUT"} {
				if _, err := ask(inner, tr, method, "https://r.example/v2/a/manifests/x"); err != nil {
					t.Fatal(err)
				}
			}
			if a, b := s.at[2*n], s.at[2*n+1]; !a.Equal(b) {
				t.Errorf("%s lie between the look and the write", b.Sub(a))
			}
			end()
			end()
		}
		if took := clock().Sub(start); took != 15*time.Second {
			t.Errorf("four requests at one in 5 s took %s, want 15 s", took)
		}
		inner, end, err := tr.Moment(t.Context(), "r.example", 1)
		if err != nil {
			t.Fatal(err)
		}
		for range 3 {
			if _, err := ask(inner, tr, "HEAD", "https://r.example/"); err != nil {
				t.Fatal(err)
			}
		}
		end()
		before := clock()
		if _, err := ask(t.Context(), tr, "HEAD", "https://r.example/"); err != nil {
			t.Fatal(err)
		}
		if took := clock().Sub(before); took != 15*time.Second {
			t.Errorf("after two requests that did not wait the next has waited %s, want 15 s", took)
		}
	})
}

// Whatever the answer is, it comes back at once, also to a request that reads; the
// pause that it asks for comes before the next moment.
func TestAMomentIsNotRepeated(t *testing.T) {
	t.Parallel()
	for _, status := range []int{http.StatusTooManyRequests, http.StatusServiceUnavailable} {
		for _, method := range []string{"HEAD", "DELETE", "PUT"} {
			synctest.Test(t, func(t *testing.T) {
				tr, s := setUp(func(n int, _ *http.Request) (*http.Response, error) {
					if n == 1 {
						return reply(status, "", "Retry-After", "7"), nil
					}
					return reply(200, ""), nil
				}, httpx.Options{})
				start := clock()
				inner, end, err := tr.Moment(t.Context(), "r.example", 2)
				if err != nil {
					t.Fatal(err)
				}
				got, err := ask(inner, tr, method, "https://r.example/v2/a/manifests/x")
				end()
				if err != nil || got != status || s.n != 1 || clock() != start {
					t.Errorf("%s %d: answer %d after %d tries and %s, %v", method, status, got, s.n, clock().Sub(start), err)
				}
				_, end, err = tr.Moment(t.Context(), "r.example", 2)
				if err != nil {
					t.Fatal(err)
				}
				end()
				if took := clock().Sub(start); took != 7*time.Second {
					t.Errorf("%s %d: the next moment began after %s, want 7 s", method, status, took)
				}
			})
		}
	}
}

// However a request or a moment ends, its place is free again, and a moment that
// has ended is none.
func TestThePlacesAreWholeAgain(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		const places = 2
		tr, _ := setUp(func(_ int, req *http.Request) (*http.Response, error) {
			switch req.URL.Path {
			case "/broken":
				return nil, errors.New("broken")
			case "/slow":
				<-req.Context().Done()
				return nil, req.Context().Err()
			}
			return reply(200, "body"), nil
		}, httpx.Options{Retries: -1, Host: func(string) httpx.HostOptions { return httpx.HostOptions{Concurrency: places} }})
		for range 3 * places {
			_, _ = ask(t.Context(), tr, "GET", "https://r.example/broken")
			_, _ = ask(t.Context(), tr, "GET", "https://r.example/fine")
			short, cancel := context.WithTimeout(t.Context(), time.Second)
			_, _ = ask(short, tr, "GET", "https://r.example/slow")
			cancel()
			_, _ = ask(httpx.Streaming(t.Context()), tr, "GET", "https://r.example/fine")
			inner, end, err := tr.Moment(t.Context(), "r.example", 1)
			if err != nil {
				t.Fatal(err)
			}
			_, _ = ask(inner, tr, "GET", "https://r.example/broken")
			_, _ = ask(inner, tr, "GET", "https://r.example/fine")
			end()
			if httpx.InMoment(inner) {
				t.Error("it has ended")
			}
			_, _ = ask(inner, tr, "GET", "https://r.example/fine")
		}
		var ends []func()
		for range places {
			short, cancel := context.WithTimeout(t.Context(), time.Second)
			defer cancel()
			_, end, err := tr.Moment(short, "r.example", 1)
			if err != nil {
				t.Fatalf("%d of %d places are left", len(ends), places)
			}
			ends = append(ends, end)
		}
		short, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, _, err := tr.Moment(short, "r.example", 1); !fault.Is(err, fault.Timeout) {
			t.Errorf("there are more than %d places: %v", places, err)
		}
		for _, end := range ends {
			end()
		}
	})
}

// Requests are held back until they may be made; what hold says is their error.
func TestHeldRequestsWait(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		tr, s := setUp(func(int, *http.Request) (*http.Response, error) { return reply(200, ""), nil }, httpx.Options{})
		held := httpx.Held(t.Context(), func(context.Context) error {
			time.Sleep(3 * time.Second)
			return nil
		})
		start := clock()
		if _, err := ask(held, tr, "GET", "https://r.example/"); err != nil || clock().Sub(start) != 3*time.Second {
			t.Errorf("it waited %s, %v", clock().Sub(start), err)
		}
		refused := httpx.Held(t.Context(), func(context.Context) error { return context.Canceled })
		if _, err := ask(refused, tr, "GET", "https://r.example/"); !fault.Is(err, fault.Cancelled) || s.n != 1 {
			t.Errorf("%v after %d requests", err, s.n)
		}
		inner, end, err := tr.Moment(refused, "r.example", 1)
		if err != nil {
			t.Fatal(err)
		}
		defer end()
		if _, err := ask(inner, tr, "GET", "https://r.example/"); err != nil {
			t.Error(err)
		}
	})
}
