package sandbox_test

import (
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"regatta/registry/sandbox"
)

const host = "registry.test"

// clock is a fixed clock at the end of the seeded history.
func clock() time.Time { return sandbox.Epoch() }

// open makes a registry that ends with the test.
func open(tb testing.TB, o sandbox.Options) *sandbox.Registry {
	tb.Helper()
	if o.Now == nil {
		o.Now = clock
	}
	rg := sandbox.New(o)
	tb.Cleanup(func() {
		if err := rg.Close(); err != nil {
			tb.Error(err)
		}
	})
	return rg
}

// answer is a response read to its end.
type answer struct {
	*http.Response

	body string
	err  error
}

// ask sends one request in process. Headers are "Name: value".
func ask(tb testing.TB, rg *sandbox.Registry, method, path, body string, headers ...string) answer {
	tb.Helper()
	req, err := http.NewRequestWithContext(tb.Context(), method, "https://"+host+path, strings.NewReader(body))
	if err != nil {
		tb.Fatal(err)
	}
	for _, header := range headers {
		name, value, _ := strings.Cut(header, ": ")
		req.Header.Set(name, value)
	}
	res, err := rg.Transport().RoundTrip(req)
	if err != nil {
		return answer{err: err}
	}
	defer func() { _ = res.Body.Close() }()
	raw, err := io.ReadAll(res.Body)
	return answer{Response: res, body: string(raw), err: err}
}

// want checks the status of an answer, and that its body holds a text.
func (a answer) want(tb testing.TB, status int, text string) answer {
	tb.Helper()
	if a.err != nil {
		tb.Fatalf("answer: %v", a.err)
	}
	if a.StatusCode != status || !strings.Contains(a.body, text) {
		tb.Fatalf("status %d, body %.300q; want %d with %q", a.StatusCode, a.body, status, text)
	}
	return a
}

// wantHeader checks one header.
func (a answer) wantHeader(tb testing.TB, name, value string) {
	tb.Helper()
	if got := a.Header.Get(name); got != value {
		tb.Errorf("header %s is %q, want %q", name, got, value)
	}
}
