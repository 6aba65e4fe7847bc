package oci

import (
	"net/http"
	"net/url"
	"testing"
)

func TestCheckRedirect(t *testing.T) {
	t.Parallel()
	tests := []struct {
		from, to      string
		ok, keepsAuth bool
	}{
		{"https://r.example/a", "https://r.example/b", true, true},
		{"https://r.example/a", "https://cdn.example/b", true, false},
		{"https://r.example/a", "https://sub.r.example/b", true, false},
		{"https://r.example/a", "https://r.example:8443/b", true, false},
		{"https://r.example/a", "http://r.example/b", false, false},
		{"https://r.example/a", "https://127.0.0.1/b", false, false},
		{"https://r.example/a", "https://169.254.169.254/latest", false, false},
		{"https://r.example/a", "https://[::1]/", false, false},
		{"https://r.example/a", "https://10.0.0.7/minio", true, false},
		{"http://127.0.0.1:5000/a", "http://127.0.0.1:9000/minio", true, false},
		{"http://localhost:5000/a", "http://127.0.0.1:9000/minio", true, false},
	}
	for _, test := range tests {
		from, err := url.Parse(test.from)
		if err != nil {
			t.Fatal(err)
		}
		to, err := url.Parse(test.to)
		if err != nil {
			t.Fatal(err)
		}
		req := &http.Request{URL: to, Header: http.Header{"Authorization": {"x"}}}
		err = checkRedirect(req, []*http.Request{{URL: from}})
		if (err == nil) != test.ok || err == nil && (req.Header.Get("Authorization") != "") != test.keepsAuth {
			t.Errorf("%s → %s: %v, credentials %q", test.from, test.to, err, req.Header.Get("Authorization"))
		}
	}
}
