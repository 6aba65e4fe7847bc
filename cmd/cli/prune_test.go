package cli

import (
	"bytes"
	"os"
	"strings"
	"testing"
	"time"

	"regatta/cmd/cli/output"
	"regatta/registry/sandbox"
)

// A grace of two weeks: what is marked today is there until then, and goes then
// unless a rule has spared it meanwhile.
func TestPruneAfterAGrace(t *testing.T) {
	private(t)
	host, stop := serveSandbox(sandbox.Options{Now: sandbox.Epoch, Empty: true})
	defer stop()
	prune := func(days int, args ...string) string {
		var out, errOut bytes.Buffer
		streams := output.Streams{In: strings.NewReader(""), Out: &out, Err: &errOut, Env: os.Getenv}
		now := func() time.Time { return sandbox.Epoch().Add(time.Duration(days) * 24 * time.Hour) }
		all := append([]string{"prune", host + "/team/app", "--match", "v*", "--match", "latest", "--grace", "14d"}, args...)
		if code := run(t.Context(), all, streams, now); code != output.Done {
			t.Errorf("after %d days: exit code %d: %s", days, code, errOut.String())
		}
		return out.String() + errOut.String()
	}
	has := func(out string, want ...string) {
		t.Helper()
		for _, w := range want {
			if !strings.Contains(out, w) {
				t.Errorf("no %q in\n%s", w, out)
			}
		}
	}
	has(prune(0, "--yes"), "2 done")
	has(prune(13, "--yes"), "there is nothing to do")
	has(prune(14, "--dry-run"), "remove 5, mark 0, keep 0", "and marked to go after 2026-12-04 09:00:00")
	has(prune(14, "--exclude", "v0*", "--yes"), "untag", "delete", " 0 failed")
	has(prune(15, "--dry-run"), "remove 0, mark 1, keep 0", "it goes after 2026-12-19 09:00:00: all tags match")
}
