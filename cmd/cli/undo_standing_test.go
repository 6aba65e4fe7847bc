package cli

import (
	"net/http"
	"path/filepath"
	"strings"
	"testing"

	"regatta/cmd/app/change"
	"regatta/cmd/cli/changes"
	"regatta/cmd/cli/output"
	"regatta/cmd/cli/propose"
	"regatta/registry/sandbox"
)

// What an undo leaves alone, as somebody was there since, is said before it begins: the
// preview and the undo agree.
func TestAnUndoLeavesWhatMovedSince(t *testing.T) {
	t.Parallel()
	onConsole(t, sandbox.Options{}, func(c *console) {
		t := c.t
		if _, said, err := c.verb(func(ch *propose.Proposal) error {
			return changes.RunRetag(t.Context(), ch, []string{"registry.example/shop/api:v3.0", "new"}, false)
		}); err != nil {
			t.Fatal(err, said)
		}
		theirs := c.points("v3.1")
		c.reg.Tag("shop/api", "new", string(theirs), c.app.Now())
		for _, dry := range []bool{true, false} {
			_, said, err := c.verb(func(ch *propose.Proposal) error {
				ch.Options.DryRun = dry
				return changes.RunUndo(t.Context(), ch, nil, change.Asked{})
			})
			if output.ExitOf(err) != output.Refused || !strings.Contains(said, "the tag new points to") {
				t.Errorf("dry %v: exit code %d: %v\n%s", dry, output.ExitOf(err), err, said)
			}
		}
		if c.points("new") != theirs {
			t.Errorf("new points to %q", c.points("new"))
		}
	})
}

// Going on names what it will skip.
func TestGoingOnNamesWhatItSkips(t *testing.T) {
	t.Parallel()
	onConsole(t, sandbox.Options{}, func(c *console) {
		t := c.t
		const moved, stays = "registry.example/shop/api:v3.0", "registry.example/shop/api:v3.1"
		c.reg.Inject(sandbox.Fault{Method: "DELETE", Effect: sandbox.Status{Code: 403}})
		_, _, err := c.verb(func(ch *propose.Proposal) error {
			return changes.RunUntag(t.Context(), ch, []string{moved, stays}, false)
		})
		if err == nil {
			t.Fatal("nothing has failed")
		}
		c.reg.ClearFaults()
		runs, err := c.app.Journal().Runs(t.Context(), 1)
		if err != nil {
			t.Fatal(err)
		}
		c.reg.Tag("shop/api", "v3.0", string(c.points("v3.1")), c.app.Now())
		out, said, err := c.verb(func(ch *propose.Proposal) error {
			ch.Options.DryRun = true
			return changes.RunResume(t.Context(), ch, runs[0].ID, change.Asked{})
		})
		if err != nil || !strings.Contains(out+said, "v3.0 will be skipped: the tag v3.0 points to") {
			t.Errorf("%v\n%s%s", err, out, said)
		}
	})
}

// A plan to move a tag is asked again whether its image is whole, and says what could not
// be looked at.
func TestApplyAsksWhetherTheImageIsWhole(t *testing.T) {
	t.Parallel()
	onConsole(t, sandbox.Options{}, func(c *console) {
		t := c.t
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
		file := filepath.Join(t.TempDir(), "p.json")
		retag := func(ch *propose.Proposal) error {
			return changes.RunRetag(t.Context(), ch, []string{"registry.example/shop/api:v3.0", "new"}, false)
		}
		c.reg.Inject(sandbox.Fault{Method: "HEAD", Effect: sandbox.Status{Code: 403}, Match: func(r *http.Request) bool {
			return strings.Contains(r.URL.Path, string(m.Config.Digest))
		}})
		if out, said, err := c.verb(func(ch *propose.Proposal) error { ch.Options.DryRun, ch.Options.File = true, file; return retag(ch) }); err != nil ||
			!strings.Contains(out+said, "1 part of ") || !strings.Contains(out+said, "could not be looked at: denied") {
			t.Errorf("%v\n%s%s", err, out, said)
		}
		c.reg.ClearFaults()
		c.reg.DropBlob("shop/api", string(m.Config.Digest))
		_, said, err := c.verb(func(ch *propose.Proposal) error {
			ch.Options.DryRun = true
			return changes.RunApply(t.Context(), ch, file, change.Asked{})
		})
		if output.ExitOf(err) != output.Refused || !strings.Contains(err.Error(), "not whole") {
			t.Errorf("exit code %d: %v\n%s", output.ExitOf(err), err, said)
		}
	})
}
