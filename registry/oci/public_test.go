package oci_test

import (
	"strings"
	"testing"

	"regatta/model/fault"
	"regatta/registry/oci"
	"regatta/registry/sandbox"
)

// Amazon ECR Public is browsed without an account: its token is for everything,
// its catalog is refused, and what is named or pinned is there all the same.
func TestPublicECR(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Options{
		Empty: true, Auth: sandbox.Auth{Bearer: true}, Quirks: sandbox.Quirks{PublicECR: true},
	}, oci.Options{Pins: []string{"shop/api"}})
	w.fill()
	page, err := w.client.Repositories(t.Context(), "")
	if !fault.Is(err, fault.Auth) || len(page.Repositories) != 1 || !page.Repositories[0].Pinned {
		t.Errorf("the catalog %+v, %v", page, err)
	}
	images := listAll(t, w.client, "shop/api")
	if len(images) == 0 {
		t.Fatal("no images")
	}
	for _, img := range images {
		if _, err := w.client.Describe(t.Context(), "shop/api", img, false); err != nil {
			t.Errorf("describe %s: %v", img.Tags, err)
		}
	}
	err = w.client.DeleteTag(t.Context(), "shop/api", images[0].Tags[0], images[0].Digest)
	if !fault.Is(err, fault.Denied) {
		t.Errorf("a tag is deleted: %v", err)
	}
	asked := 0
	for _, r := range w.registry.Requests() {
		if strings.HasPrefix(r.Path, "/token/") {
			asked++
		}
	}
	if asked == 0 {
		t.Errorf("no token was asked for: %v", w.registry.Requests())
	}
}
