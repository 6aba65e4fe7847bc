package run_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"regatta/model/plan"
	"regatta/model/ref"
	"regatta/registry/httpx"
	"regatta/registry/sandbox"
)

// standBeside tags an image as what describes d by its tag alone.
func standBeside(w *world, d, role string) {
	img := w.registry.PushImage(repo, sandbox.Image{Layers: []string{"beside", role, d}})
	w.registry.Tag(repo, ref.Digest(d).FallbackTag()+role, img, clock())
}

// A signature that goes by its tag comes when the tags of its image are gone already, or
// when the plan is read back. The image stays; what the plan takes along itself goes.
func TestASignatureByItsTagHoldsWhatItSigns(t *testing.T) {
	t.Parallel()
	for quirk, q := range map[string]sandbox.Quirks{"referrers": {}, "none": {NoReferrers: true}} {
		for name, late := range map[string]bool{"before": false, "tags are gone": true} {
			t.Run(quirk+" "+name, func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					w, _ := racing(t, q, httpx.HostOptions{})
					digests := fill(w.registry)
					d := string(digests["twice"])
					standBeside(w, d, ".sig")
					p := w.planDelete(t, plan.Selection{Digests: []ref.Digest{digests["twice"]}})
					sign := func() { standBeside(w, d, ".att") }
					if late {
						atDelete(w, 2, sign)
						slowly(w, 1200*time.Millisecond)
					} else {
						sign()
					}
					r := w.run(t, p, "")
					s := outcomeOf(t, r, digests["twice"])
					if s.Outcome != plan.Skipped || !strings.Contains(s.Error, "the attestation "+digests["twice"].FallbackTag()+".att describes it now") {
						t.Errorf("%+v", s)
					}
					if _, err := w.bare.Resolve(t.Context(), repo, d); err != nil {
						t.Errorf("what was signed is gone: %v", err)
					}
				})
			})
		}
		t.Run(quirk+" planned", func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w, _ := racing(t, q, httpx.HostOptions{})
				digests := fill(w.registry)
				standBeside(w, string(digests["twice"]), ".sig")
				standBeside(w, string(digests["twice"]), "")
				allDone(t, w.run(t, w.planDelete(t, plan.Selection{Digests: []ref.Digest{digests["twice"]}}), ""))
			})
		})
	}
}
