package sandbox_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"testing"

	"regatta/registry/sandbox"
)

// askSocket gets a path over loopback HTTP.
func askSocket(t *testing.T, rg *sandbox.Registry, path string) answer {
	t.Helper()
	server := httptest.NewServer(rg)
	defer server.Close()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL+path, nil)
	if err != nil {
		t.Fatal(err)
	}
	res, err := server.Client().Do(req)
	if err != nil {
		return answer{err: err}
	}
	defer func() { _ = res.Body.Close() }()
	raw, err := io.ReadAll(res.Body)
	return answer{Response: res, body: string(raw), err: err}
}
