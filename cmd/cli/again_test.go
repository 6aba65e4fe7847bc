package cli

import (
	"context"
	"encoding/json"
	"net/http"
	"strings"
	"testing"

	"regatta/cmd/app/change"
	"regatta/cmd/cli/changes"
	"regatta/cmd/cli/output"
	"regatta/cmd/cli/propose"
	"regatta/model/plan"
	"regatta/registry/sandbox"
)

// What was undone is not planned to be undone once more, and what is finished is not
// gone on with: both say so, and show nothing that nobody is going to do.
func TestWhatIsOverSaysSo(t *testing.T) {
	t.Parallel()
	onConsole(t, sandbox.Options{}, func(c *console) {
		ctx := c.t.Context()
		out, _, err := c.verb(func(ch *propose.Proposal) error {
			return changes.RunUntag(ctx, ch, strings.Fields("registry.example/shop/api:v3.0"), false)
		})
		var run plan.Result
		if err != nil || json.Unmarshal([]byte(out), &run) != nil || run.Done != 1 {
			c.t.Fatal(err, out)
		}
		resume := func(dry bool) (string, string, error) {
			return c.verb(func(ch *propose.Proposal) error {
				ch.Options.DryRun = dry
				return changes.RunResume(ctx, ch, run.Run, change.Asked{})
			})
		}
		for _, dry := range []bool{true, false} {
			out, said, err := resume(dry)
			var again plan.Result
			if json.Unmarshal([]byte(out), &again) != nil || again.Run != run.Run || again.Done != 1 {
				c.t.Errorf("a finished run, dry %t, as JSON: %s", dry, out)
			}
			if err != nil || !strings.Contains(said, "nothing is left to do in run "+run.Run) || strings.Contains(said, "these are left") {
				c.t.Errorf("a finished run, dry %t: %v\n%s\n%s", dry, err, out, said)
			}
		}
		said := c.says(func(ch *propose.Proposal) error { return changes.RunResume(ctx, ch, run.Run, change.Asked{}) })
		if want := "nothing is left to do in run " + run.Run + "\n"; said != want {
			c.t.Errorf("a finished run reads as if it was done once more:\n%s", said)
		}
		undo := func(dry bool) (string, error) {
			out, said, err := c.verb(func(ch *propose.Proposal) error {
				ch.Options.DryRun = dry
				return changes.RunUndo(ctx, ch, []string{run.Run}, change.Asked{})
			})
			return out + said, err
		}
		if said, err := undo(false); err != nil {
			c.t.Fatal(err, said)
		}
		for _, dry := range []bool{true, false} {
			said, err := undo(dry)
			if output.ExitOf(err) != output.Refused || said != "" || !strings.Contains(err.Error(), "has undone it already") {
				c.t.Errorf("an undone run, dry %t: %v\n%s", dry, err, said)
			}
			if _, said, err := resume(dry); output.ExitOf(err) != output.Refused || said != "" {
				c.t.Errorf("to go on with an undone run, dry %t: %v\n%s", dry, err, said)
			}
		}
	})
}

// Whoever cancels is told how to go on, and how to take back what was done.
func TestACancelledRunSaysHowToGoOn(t *testing.T) {
	t.Parallel()
	onConsole(t, sandbox.Options{}, func(c *console) {
		ctx, cancel := context.WithCancel(c.t.Context())
		defer cancel()
		c.reg.Inject(sandbox.Fault{Match: func(r *http.Request) bool {
			if r.Method == http.MethodDelete && strings.HasSuffix(r.URL.Path, "/v3.0") {
				cancel()
			}
			return false
		}, Effect: sandbox.Status{Code: http.StatusTeapot}})
		out, said, err := c.verb(func(ch *propose.Proposal) error {
			return changes.RunDelete(ctx, ch, []string{"registry.example/shop/api:v3.0"}, changes.DeleteOptions{Options: ch.Options, WithTags: true})
		})
		var run plan.Result
		if output.ExitOf(err) == output.Done || json.Unmarshal([]byte(out), &run) != nil || run.Run == "" {
			c.t.Fatalf("%v\n%s", err, out)
		}
		if want := "regatta apply --resume " + run.Run + " continues it, regatta undo " + run.Run + " reverts it"; !strings.Contains(said, want) {
			c.t.Errorf("it says\n%s", said)
		}
	})
}
