package ecr_test

import (
	"slices"
	"testing"
	"time"

	"regatta/registry/sandbox"
)

// A password is asked for once, and again before it runs out.
func TestPasswordIsRenewed(t *testing.T) {
	t.Parallel()
	w := open(t, nil)
	digest := w.push("one")
	m, err := w.Manifest(t.Context(), "app", string(digest))
	if err != nil {
		t.Fatal(err)
	}
	read := func() {
		t.Helper()
		blob, err := w.Blob(t.Context(), "app", m.Layers[0], 0)
		if err != nil {
			t.Fatal(err)
		}
		if err := blob.Close(); err != nil {
			t.Fatal(err)
		}
	}
	read()
	read()
	if n := count(w.calls(), "ecr:GetAuthorizationToken"); n != 1 {
		t.Errorf("asked %d times", n)
	}
	expires := w.Expires()
	w.at = w.at.Add(12*time.Hour - time.Minute)
	read()
	if n := count(w.calls(), "ecr:GetAuthorizationToken"); n != 1 || !w.Expires().After(expires) {
		t.Errorf("asked %d times", n)
	}
}

// A password that is over before its time, in the middle of work, is replaced.
func TestPasswordExpiresEarly(t *testing.T) {
	t.Parallel()
	w := open(t, nil)
	digest := w.push("one")
	m, err := w.Manifest(t.Context(), "app", string(digest))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Config(t.Context(), "app", m); err != nil {
		t.Fatal(err)
	}
	w.sandbox.Inject(sandbox.Fault{Prefix: "/v2/app/blobs/", Effect: sandbox.ExpirePasswords{}, Times: 1})
	w.calls()
	blob, err := w.Blob(t.Context(), "app", m.Layers[0], 0)
	if err != nil {
		t.Fatal(err)
	}
	if err := blob.Close(); err != nil {
		t.Error(err)
	}
	layer := "GET /v2/app/blobs/" + string(m.Layers[0].Digest)
	if calls := w.calls(); !slices.Equal(calls, []string{layer, "ecr:GetAuthorizationToken", layer}) {
		t.Errorf("calls %v", calls)
	}
}
