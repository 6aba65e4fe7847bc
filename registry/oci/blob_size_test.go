package oci_test

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"regatta/model/image"
	"regatta/model/ref"
	"regatta/registry/httpx"
	"regatta/registry/oci"
)

// A blob that was cut where it is stored is not there: nobody can pull it. One whose HEAD
// counts otherwise than its GET is there.
func TestABlobOfAnotherSizeIsNotThere(t *testing.T) {
	t.Parallel()
	content := []byte("0123456789")
	for name, c := range map[string]struct {
		stored  []byte
		head    string // Content-Length; "": that of what is stored
		encoded bool
		whole   bool // no ranges
		want    bool
		answer  func(w http.ResponseWriter) // to GET; nil: what is stored
		fails   bool
	}{
		"as it says":                 {stored: content, want: true},
		"cut":                        {stored: content[:4]},
		"cut, without ranges":        {stored: content[:4], whole: true},
		"longer":                     {stored: append(content[:10:10], 'x')},
		"not counted":                {stored: content, head: "0", want: true},
		"counted otherwise":          {stored: content, head: "4", want: true},
		"counted so, without ranges": {stored: content, head: "4", whole: true, want: true},
		"encoded":                    {stored: content, head: "4", encoded: true, want: true},
		"a web page": {stored: content, head: "4", fails: true, answer: func(w http.ResponseWriter) {
			w.Header().Set("Content-Type", "text/html")
			_, _ = w.Write([]byte("<html>"))
		}},
		"refused": {stored: content, head: "4", fails: true, answer: func(w http.ResponseWriter) {
			w.WriteHeader(http.StatusBadRequest)
		}},
		"no such range": {stored: content, head: "4", fails: true, answer: func(w http.ResponseWriter) {
			w.WriteHeader(http.StatusRequestedRangeNotSatisfiable)
		}},
		"another range": {stored: content, head: "4", want: true, answer: func(w http.ResponseWriter) {
			w.Header().Set("Content-Range", "bytes 0-9/10")
			w.WriteHeader(http.StatusPartialContent)
			_, _ = w.Write(content)
		}},
		"it does not say": {stored: content, head: "4", fails: true, answer: func(w http.ResponseWriter) {
			w.WriteHeader(http.StatusPartialContent)
		}},
	} {
		srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			switch {
			case r.Method == http.MethodHead && c.head != "":
				if c.encoded {
					w.Header().Set("Content-Encoding", "gzip")
				}
				w.Header().Set("Content-Length", c.head)
			case c.answer != nil && r.Method == http.MethodGet && strings.Contains(r.URL.Path, "/blobs/"):
				c.answer(w)
			case c.whole:
				_, _ = w.Write(c.stored)
			default:
				http.ServeContent(w, r, "", time.Time{}, bytes.NewReader(c.stored))
			}
		}))
		tr := httpx.New(httpx.Options{Now: clock, CertDirs: []string{}})
		reg := oci.New(strings.TrimPrefix(srv.URL, "http://"), oci.Options{Transport: tr, Now: clock, Insecure: true})
		d := image.Descriptor{Digest: ref.DigestOf(content), Size: int64(len(content))}
		if there, err := reg.BlobExists(t.Context(), "app", d); (err != nil) != c.fails || there != c.want {
			t.Errorf("%s: %v, %v", name, there, err)
		}
		d.Size = 0
		if there, err := reg.BlobExists(t.Context(), "app", d); err != nil || !there {
			t.Errorf("%s, and no size was said: %v, %v", name, there, err)
		}
		tr.CloseIdleConnections()
		srv.Close()
	}
}
