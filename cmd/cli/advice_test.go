package cli

import (
	"strings"
	"testing"

	"regatta/cmd/cli/output"
	"regatta/model/fault"
	"regatta/model/plan"
)

// Where the source lacks a layer, --not-whole does not help, and is not advised.
func TestNothingHelpsWhereTheSourceLacksALayer(t *testing.T) {
	t.Parallel()
	for why, helps := range map[plan.Why]bool{plan.SourceLacks: false, plan.IncompleteImage: true} {
		got := output.Advice(&plan.RefusedError{Why: why, Kind: fault.Incomplete})
		if strings.Contains(got, "--not-whole") != helps || got == "" {
			t.Errorf("%s: %s", why, got)
		}
	}
}
