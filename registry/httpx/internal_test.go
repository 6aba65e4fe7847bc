package httpx

import (
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
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

func FuzzRedact(f *testing.F) {
	f.Add("https://h/x?token=CANARY")
	f.Add("Authorization: Basic Q0FOQVJZ")
	f.Fuzz(func(_ *testing.T, s string) {
		RedactText(s)
		if u, err := url.Parse(s); err == nil {
			RedactURL(u)
		}
	})
}

func TestRedactText(t *testing.T) {
	t.Parallel()
	for _, s := range []string{
		`Get "https://u:CANARY@s3.example/b?X-Amz-Signature=CANARY&X-Amz-Credential=CANARY%2F1": refused`,
		`bad header "Authorization: Bearer CANARY.x"`,
		"basic CANARYCANARY",
		`{"token":"CANARY","access_token": "CANARY"}`,
		"password=CANARY", "Set-Cookie: CANARY", "x-amz-security-token: CANARY",
		"?sig=CANARY&se=2026", "eyJCANARYxxx.CANARYpayload.CANARYsig",
	} {
		if got := RedactText(s); strings.Contains(got, "CANARY") {
			t.Errorf("%s → %s", s, got)
		}
	}
	for _, s := range []string{"manifest unknown", "the basic idea", "basic authentication required", "https://h/v2/a/tags/list?n=100&last=b"} {
		if got := RedactText(s); got != s {
			t.Errorf("%s → %s", s, got)
		}
	}
}

func TestRedactURL(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"https://u:CANARY@cdn.example/b?CANARY":           "https://cdn.example/b?…",
		"https://cdn.example/b?CANARY&n=5":                "https://cdn.example/b?…&n=5",
		"https://cdn.example/b?X-Sig=CANARY&last=a%2Fb":   "https://cdn.example/b?X-Sig=…&last=a%2Fb",
		"https://r.example/v2/a/blobs/uploads/?mount=x&&": "https://r.example/v2/a/blobs/uploads/?mount=x&&",
	} {
		u, err := url.Parse(in)
		if err != nil {
			t.Fatal(err)
		}
		if got := RedactURL(u); got != want {
			t.Errorf("%s → %s, want %s", in, got, want)
		}
	}
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
