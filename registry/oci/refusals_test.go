package oci_test

import (
	"net/http"
	"testing"
	"time"

	"regatta/model/fault"
	"regatta/model/plan"
	"regatta/model/ref"
	"regatta/registry/oci"
	"regatta/registry/sandbox"
	"regatta/registry/store"
)

var refusedOn = time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)

// TestRefusalsOutliveTheClient has one client refused, asks another one on the
// same store, and lets the registry change its mind.
func TestRefusalsOutliveTheClient(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		quirks        sandbox.Quirks
		tag, manifest int
	}{
		"no delete":     {sandbox.Quirks{NoDelete: true}, 405, 405},
		"no tag delete": {sandbox.Quirks{NoTagDelete: true}, 405, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			keep := store.Open(store.Options{Path: store.Memory, Now: func() time.Time { return refusedOn }})
			t.Cleanup(func() { _ = keep.Close() })
			w := newWorld(t, sandbox.Options{Empty: true, Quirks: tt.quirks}, oci.Options{Refusals: keep})
			index, _ := w.fill()
			_, err := w.client.ProbeDelete(t.Context(), "shop/api")
			must(t, err)

			next := oci.New(sandboxHost, oci.Options{Transport: w.transport, Refusals: keep, Now: clock})
			wantRefused(t, next, "shop/api", tt.tag, tt.manifest)
			wantRefused(t, next, "shop/other", 0, 0)

			w.registry.SetQuirks(sandbox.Quirks{})
			wantKind(t, next.DeleteManifest(t.Context(), "shop/api", ref.DigestOf([]byte("no such"))), fault.NotFound)
			wantRefused(t, next, "shop/api", tt.tag, tt.manifest)
			must(t, next.DeleteTag(t.Context(), "shop/api", "1.0", ""))
			wantRefused(t, next, "shop/api", 0, tt.manifest)
			must(t, next.DeleteManifest(t.Context(), "shop/api", ref.Digest(index)))
			wantRefused(t, next, "shop/api", 0, 0)
		})
	}
}

func wantRefused(t *testing.T, c *oci.Client, repo string, tag, manifest int) {
	t.Helper()
	can, err := c.ReadDelete(t.Context(), repo)
	must(t, err)
	for _, one := range []struct {
		what string
		got  plan.Refusal
		want int
	}{{"tags", can.TagRefused, tag}, {"manifests", can.ManifestRefused, manifest}} {
		if one.got.Status != one.want || one.want != 0 && !one.got.At.Equal(refusedOn) {
			t.Errorf("%s of %s were refused: %+v, want %d", one.what, repo, one.got, one.want)
		}
	}
}

// noDeletes is a line on which no delete gets through.
type noDeletes struct{ http.RoundTripper }

func (n noDeletes) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.Method == http.MethodDelete {
		return nil, &fault.Error{Op: "reach", Object: req.URL.Host, Kind: fault.Unreachable, Detail: "EOF"}
	}
	return n.RoundTripper.RoundTrip(req)
}

// Who did not ask what the registry deletes is told that nothing was changed by asking.
func TestAProbeThatFailsSaysWhatItWas(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Options{Empty: true}, oci.Options{})
	w.fill()
	client := oci.New(sandboxHost, oci.Options{Transport: noDeletes{w.transport}, Now: clock})
	_, err := client.ProbeDelete(t.Context(), "shop/api")
	wantKind(t, err, fault.Unreachable)
	want := "find out what is deleted in " + sandboxHost + "/shop/api: unreachable: nothing was changed: EOF"
	if err == nil || err.Error() != want {
		t.Errorf("it says %v, want %s", err, want)
	}
}
