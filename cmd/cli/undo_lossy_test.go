package cli

import (
	"net/http"
	"strings"
	"testing"

	"regatta/cmd/app/change"
	"regatta/cmd/cli/changes"
	"regatta/cmd/cli/output"
	"regatta/cmd/cli/propose"
	"regatta/registry/sandbox"
)

// An undo that could not bring everything back says before what may not come back, does
// not end as one that did, and the journal does not call the run undone.
func TestAnUndoThatLosesSomethingSaysSo(t *testing.T) {
	t.Parallel()
	onConsole(t, sandbox.Options{}, func(c *console) {
		t := c.t
		const gone, stays = "registry.example/shop/api:v3.0", "registry.example/shop/api:v3.1"
		kept := c.points("v3.1")
		b, err := c.app.Open("registry.example")
		if err != nil {
			t.Fatal(err)
		}
		m, err := b.Manifest(t.Context(), "shop/api", "v3.0")
		for err == nil && len(m.Children) > 0 {
			m, err = b.Manifest(t.Context(), "shop/api", string(m.Children[0].Digest))
		}
		if err != nil {
			t.Fatal(err)
		}
		if _, said, err := c.verb(func(ch *propose.Proposal) error {
			return changes.RunDelete(t.Context(), ch, []string{gone, stays}, changes.DeleteOptions{Options: ch.Options, WithTags: true})
		}); err != nil {
			t.Fatal(err, said)
		}
		c.reg.DropBlob("shop/api", string(m.Config.Digest)) // as a garbage collector does
		_, said, err := c.verb(func(ch *propose.Proposal) error { return changes.RunUndo(t.Context(), ch, nil, change.Asked{}) })
		if output.ExitOf(err) != output.Partly || !strings.Contains(said, "v3.0") ||
			!strings.Contains(said, "may not come back") || !strings.Contains(err.Error(), "not everything was done") {
			t.Errorf("exit code %d: %v\n%s", output.ExitOf(err), err, said)
		}
		if c.points("v3.1") != kept || c.points("v3.0") != "" {
			t.Errorf("v3.1 points to %q, v3.0 to %q", c.points("v3.1"), c.points("v3.0"))
		}
		runs, err := c.app.Journal().Runs(t.Context(), 2)
		if err != nil || len(runs[1].Undone) != 0 || len(runs[1].UndoneInPart) != 1 || changes.KnownUndo(runs[1]) != "undone in part" {
			t.Errorf("%v: undone by %v, in part by %v", err, runs[1].Undone, runs[1].UndoneInPart)
		}
	})
}

// An undo of which the registry refuses all is not done: the run stands, which is
// neither success nor a mistake of whoever asked.
func TestAnUndoThatIsRefusedIsNotDone(t *testing.T) {
	t.Parallel()
	onConsole(t, sandbox.Options{}, func(c *console) {
		t := c.t
		if _, said, err := c.verb(func(ch *propose.Proposal) error {
			return changes.RunRetag(t.Context(), ch, []string{"registry.example/shop/api:v3.0", "v3.1"}, false)
		}); err != nil {
			t.Fatal(err, said)
		}
		moved := c.points("v3.1")
		c.reg.Inject(sandbox.Fault{Method: http.MethodPut, Effect: sandbox.Status{Code: http.StatusForbidden}})
		_, said, err := c.verb(func(ch *propose.Proposal) error { return changes.RunUndo(t.Context(), ch, nil, change.Asked{}) })
		if output.ExitOf(err) != output.Partly || !strings.Contains(err.Error(), "nothing could be put back") || c.points("v3.1") != moved {
			t.Errorf("exit code %d: %v\n%s", output.ExitOf(err), err, said)
		}
	})
}
