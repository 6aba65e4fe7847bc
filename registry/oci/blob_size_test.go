package oci_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"regatta/model/image"
	"regatta/model/ref"
	"regatta/registry/httpx"
	"regatta/registry/oci"
)

// A blob that was cut where it is stored is not there: nobody can pull it.
func TestABlobOfAnotherSizeIsNotThere(t *testing.T) {
	t.Parallel()
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Length", "3")
	}))
	defer srv.Close()
	tr := httpx.New(httpx.Options{Now: clock, CertDirs: []string{}})
	defer tr.CloseIdleConnections()
	c := oci.New(strings.TrimPrefix(srv.URL, "http://"), oci.Options{Transport: tr, Now: clock, Insecure: true})
	for size, want := range map[int64]bool{3: true, 4: false, 0: true} {
		d := image.Descriptor{Digest: ref.DigestOf([]byte("abc")), Size: size}
		if there, err := c.BlobExists(t.Context(), "app", d); err != nil || there != want {
			t.Errorf("of %d bytes: %v, %v", size, there, err)
		}
	}
}
