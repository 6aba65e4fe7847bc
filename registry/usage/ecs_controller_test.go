package usage_test

import (
	"slices"
	"testing"

	"regatta/registry/sandbox"
)

// What somebody else than ECS deploys is told by its task definition, also while
// none of its tasks runs, and its deployments are not asked for.
func TestECSDeployedElsewhere(t *testing.T) {
	t.Parallel()
	rg, source := account(t, nil)
	rg.Control("prod", "shop-api", "EXTERNAL")
	rg.Control("staging", "shop-api", "CODE_DEPLOY")
	a := source.Ask(t.Context())
	if a.Err != nil {
		t.Fatal(a.Err)
	}
	got := lines(a, "shop/api")
	for _, want := range []string{"ecs service prod/shop-api :prod", "ecs service staging/shop-api :staging"} {
		if !slices.Contains(got, want) {
			t.Errorf("%q is not among %q", want, got)
		}
	}
}

// A service whose deployments are too long ago to be listed follows its tag all the
// same.
func TestECSDeployedLongAgo(t *testing.T) {
	t.Parallel()
	rg, source := account(t, nil)
	rg.Inject(sandbox.Fault{
		Operation: "ecs:ListServiceDeployments",
		Effect:    sandbox.Body{ContentType: "application/x-amz-json-1.1", Text: `{"serviceDeployments":[]}`},
	})
	a := source.Ask(t.Context())
	if got := lines(a, "shop/api"); a.Err != nil || !slices.Contains(got, "ecs service prod/shop-api :prod") {
		t.Errorf("%v: %q", a.Err, got)
	}
}
