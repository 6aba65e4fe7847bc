package run_test

import (
	"net/http"
	"strings"
	"testing"
	"testing/synctest"

	"regatta/model/plan"
	"regatta/model/ref"
	"regatta/registry/httpx"
	"regatta/registry/oci"
	"regatta/registry/sandbox"
)

// A dummy that cannot be deleted is named in what is said of the step: by digest and
// repository, so that it can be deleted.
func TestADummyThatStaysIsNamed(t *testing.T) {
	t.Parallel()
	for _, status := range []int{http.StatusTooManyRequests, http.StatusForbidden, http.StatusBadGateway} {
		synctest.Test(t, func(t *testing.T) {
			w, _ := racing(t, sandbox.Quirks{NoTagDelete: true}, httpx.HostOptions{})
			fill(w.registry)
			p := w.planUntag(t, "a")
			if p.Steps[0].Kind != plan.UntagByDummy {
				t.Fatalf("%+v", p.Steps)
			}
			w.registry.Inject(sandbox.Fault{Method: http.MethodDelete, Effect: sandbox.Status{Code: status}})
			r := w.run(t, p, "")
			_, dummy := oci.Dummy("run " + r.Run + " step 1 " + p.Steps[0].Reference.String())
			at := ref.Reference{Host: host, Repository: repo, Digest: dummy}
			if r.Failed != 1 || !strings.Contains(r.Steps[0].Error, "the dummy manifest "+at.String()+" is still there") {
				t.Errorf("%d: %+v", status, r)
			}
		})
	}
}
