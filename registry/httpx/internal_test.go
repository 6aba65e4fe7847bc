package httpx

import (
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"
)

func FuzzRetryAfter(f *testing.F) {
	for _, s := range []string{"1", "-1", "99999999999999999999", "9223372036854775807", "Wed, 21 Oct 2015 07:28:00 GMT", "soon", ""} {
		f.Add(s, s)
	}
	f.Fuzz(func(t *testing.T, a, b string) {
		h := http.Header{"Retry-After": {a}, "X-Retry-After": {b}}
		if d, ok := retryAfter(h, time.Unix(1e9, 0)); ok && d < 0 {
			t.Errorf("%q, %q: waits %s", a, b, d)
		}
	})
}

// TestCertificatesOfOddHosts: a registry may redirect to a host of any name.
func TestCertificatesOfOddHosts(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for _, name := range []string{"ca.crt", "certs.d/r.example/ca.crt"} {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	tr := New(Options{Now: func() time.Time { return time.Time{} }, CertDirs: []string{filepath.Join(dir, "certs.d")}})
	for host, want := range map[string]int{"r.example": 1, "..": 0, "../certs.d/r.example": 0, "r.example:5000": 0} {
		if got := tr.Authorities(host); len(got) != want {
			t.Errorf("%s: %q", host, got)
		}
	}
}
