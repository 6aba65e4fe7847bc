package cli

import (
	"bytes"
	"path/filepath"
	"testing"

	"regatta/cmd/app/change"
	"regatta/cmd/cli/changes"
	"regatta/cmd/cli/output"
	"regatta/cmd/cli/propose"
	"regatta/model/fault"
	"regatta/registry/sandbox"
)

// What rules ask for on the screen can be kept as a file for review, which apply
// carries out, and refuses once the repository has changed.
func TestCleanupBecomesAPlanFile(t *testing.T) { //nolint:paralleltest // the plan is kept where the program runs
	t.Chdir(t.TempDir())
	perform(t, wide(in("shop/api")), func(s *stage) {
		s.Advance(settle).Press("X").Advance(settle)
		rule("m", "git-*")(s)
		rule("n", "12")(s)
		s.See("× remove 10").Press("w").Advance(settle).See("STEPS").Press("ctrl+s").Advance(settle).See("saved the plan to regatta-plan-")
		s.reads(t)
		files, err := filepath.Glob("regatta-plan-*.json")
		if err != nil || len(files) != 1 {
			t.Fatal(files, err)
		}
		apply := func() error {
			var out bytes.Buffer
			c := &propose.Proposal{App: s.session, Streams: output.Streams{Out: &out, Err: &out}, Options: propose.Options{Yes: true}}
			return changes.RunApply(s.ctx, c, files[0], change.Asked{})
		}
		gone := func(tag string) bool {
			_, there := s.reg.Resolve("shop/api", tag)
			return !there
		}
		was, _ := s.reg.Resolve("shop/api", "git-434212f")
		s.reg.Tag("shop/api", "prod", was, sandbox.Epoch())
		if err := apply(); !fault.Is(err, fault.Drift) || gone("git-434212f") || gone("git-341b620") {
			t.Errorf("it was applied to another repository: %v", err)
		}
		s.reg.Untag("shop/api", "prod")
		if err := apply(); err != nil || !gone("git-434212f") || !gone("git-341b620") || gone("git-26af278") {
			t.Errorf("it was not applied: %v", err)
		}
	})
}
