package oci_test

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"regatta/model/fault"
	"regatta/model/image"
	"regatta/model/ref"
)

func TestBlob(t *testing.T) {
	t.Parallel()
	content := strings.Repeat("0123456789", 1000)
	d := image.Descriptor{Digest: ref.DigestOf([]byte(content)), Size: int64(len(content))}
	whole := func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, content) }
	ranged := func(w http.ResponseWriter, r *http.Request) {
		var from int
		if _, err := fmt.Sscanf(r.Header.Get("Range"), "bytes=%d-", &from); err == nil {
			w.Header().Set("Content-Range", fmt.Sprintf("bytes %d-%d/%d", from, len(content)-1, len(content)))
			w.WriteHeader(http.StatusPartialContent)
		}
		_, _ = io.WriteString(w, content[from:])
	}
	tests := []struct {
		name    string
		handler http.HandlerFunc
		d       image.Descriptor
		offset  int64
		want    fault.Kind // Unknown: none
	}{
		{"whole", whole, d, 0, fault.Unknown},
		{"without a size", whole, image.Descriptor{Digest: d.Digest}, 0, fault.Unknown},
		{"part", ranged, d, 9990, fault.Unknown},
		{"part where ranges are ignored", whole, d, 9990, fault.Unknown},
		{"nothing left", whole, d, 10000, fault.Unknown},
		{"past the end", whole, d, 10001, fault.Invalid},
		{"another range", func(w http.ResponseWriter, r *http.Request) {
			r.Header.Set("Range", "bytes=5-")
			ranged(w, r)
		}, d, 9990, fault.Protocol},
		{"foreign", whole, image.Descriptor{Digest: d.Digest, URLs: []string{"https://elsewhere.example"}}, 0, fault.Unsupported},
		{"no digest", whole, image.Descriptor{Digest: "../x"}, 0, fault.Invalid},
		{"other content", func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, strings.Repeat("x", 10000)) }, d, 0, fault.Corrupt},
		{"more content", func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, content+"x") }, d, 0, fault.Corrupt},
		{"less content", func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, content[1:]) }, d, 0, fault.Unreachable},
		{"broken off", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Length", "10000")
			_, _ = io.WriteString(w, content[1:])
		}, d, 0, fault.Unreachable},
		{"a page", body(200, "text/html", "<html>"), d, 0, fault.Protocol},
		{"missing", body(404, jsonType, ""), d, 0, fault.NotFound},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			c := hostile(t, test.handler)
			got, err := read(c.Blob(t.Context(), "a/b", test.d, test.offset))
			if fault.KindOf(err) != test.want {
				t.Fatalf("%v, want %s", err, test.want)
			}
			if err == nil && got != content[test.offset:] {
				t.Errorf("%d bytes: %.20q", len(got), got)
			}
		})
	}
}

func read(r io.ReadCloser, err error) (string, error) {
	if err != nil {
		return "", err
	}
	defer func() { _ = r.Close() }()
	b, err := io.ReadAll(r)
	return string(b), err
}

func TestRedirects(t *testing.T) {
	t.Parallel()
	d := image.Descriptor{Digest: ref.DigestOf([]byte("x")), Size: 1}
	loops := hostile(t, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, r.URL.Path+"?again", http.StatusFound)
	})
	if _, err := read(loops.Blob(t.Context(), "a/b", d, 0)); !fault.Is(err, fault.Protocol) {
		t.Errorf("a redirect loop: %v", err)
	}
}
