package survey_test

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"regatta/model/fault"
	"regatta/model/plan"
	"regatta/model/ref"
	"regatta/registry/sandbox"
	"regatta/registry/survey"
)

// The source is asked for what is to be copied; what it lacks is no plan, unless the
// target has it.
func TestTheSourceIsAskedBeforeACopy(t *testing.T) {
	t.Parallel()
	reg, c := newClient(t)
	image := reg.PushImage(repo, sandbox.Image{Layers: []string{"base", "own"}})
	reg.Tag(repo, "v1", image, sandbox.Epoch())
	own := ref.DigestOf([]byte("own"))
	blobs := "/v2/" + repo + "/blobs/"
	copies := func() (plan.Plan, error) {
		from := ref.Reference{Host: c.Host(), Repository: repo, Tag: "v1"}
		to := ref.Reference{Host: c.Host(), Repository: "mirror", Tag: "v1"}
		trees, err := survey.Trees(t.Context(), c, []plan.Move{{From: from, To: to}}, false)
		must(t, err)
		return survey.Copy(t.Context(), c, c, trees, "", plan.Options{}, nil)
	}
	p, err := copies()
	must(t, err)
	whole := len(p.Steps)

	// One that says of no blob that it is there serves it nevertheless.
	reg.Inject(sandbox.Fault{Method: http.MethodHead, Prefix: blobs, Times: 3, Effect: sandbox.Status{Code: http.StatusNotFound}})
	if p, err = copies(); err != nil || len(p.Steps) != whole {
		t.Errorf("%d steps, %v", len(p.Steps), err)
	}

	reg.Inject(sandbox.Fault{Method: http.MethodHead, Prefix: blobs, Times: 3, Effect: sandbox.Status{Code: http.StatusForbidden}})
	if p, err = copies(); err != nil || !strings.Contains(strings.Join(p.Notes, "; "), "3 configs and layers of the source were not looked at: the source does not say (denied)") {
		t.Errorf("%v, %v", p.Notes, err)
	}

	reg.DropBlob(repo, string(own))
	_, err = copies()
	refused, ok := errors.AsType[*plan.RefusedError](err)
	if !ok || refused.Why != plan.SourceLacks || !fault.Is(err, fault.Incomplete) || !strings.Contains(err.Error(), "does not have its layer "+own.Short()) {
		t.Fatal(err)
	}
}
