package cli

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	rollbacks "regatta/cmd/app/rollback"

	"regatta/cmd/cli/output"
	"regatta/cmd/cli/propose"
	"regatta/cmd/cli/rollback"
	"regatta/registry/sandbox"
)

// The plan of a rollback names what is left behind where undo may not set the tag on it
// again, without asking for its blobs a second time.
func TestARollbackSaysWhatUndoMayNotBringBack(t *testing.T) {
	t.Parallel()
	onConsole(t, sandbox.Options{}, func(c *console) {
		t := c.t
		back := rollback.Options{To: "previous", Keep: rollbacks.DefaultKeep}
		b, err := c.app.Open("registry.example")
		if err != nil {
			t.Fatal(err)
		}
		m, err := b.Manifest(t.Context(), "shop/api", "prod")
		if err != nil {
			t.Fatal(err)
		}
		child := m
		if len(m.Children) > 0 {
			child.Digest = m.Children[0].Digest
			c.reg.DropManifest("shop/api", string(child.Digest))
		} else {
			child.Digest = m.Config.Digest
			c.reg.DropBlob("shop/api", string(child.Digest))
		}
		c.reg.ResetRequests()
		out, said, err := c.verb(func(ch *propose.Proposal) error {
			ch.Options.DryRun, ch.Options.Output = true, output.Table
			return rollback.Run(t.Context(), ch, strings.Fields("registry.example/shop/api:prod"), back)
		})
		if err != nil || !strings.Contains(out+said, m.Digest.Short()+" (prod)") || !strings.Contains(out+said, child.Digest.Short()) ||
			!strings.Contains(out+said, "may not come back") {
			t.Errorf("%v\n%s%s", err, out, said)
		}
		if strings.Contains(out+said, rollbacks.DefaultKeep) || !strings.Contains(out+said, "no tag keeps what prod leaves") {
			t.Errorf("a tag is to keep what is not whole:\n%s%s", out, said)
		}
		asked := map[string]int{}
		for _, r := range c.reg.Requests() {
			if r.Method == http.MethodHead && strings.Contains(r.Path, "/blobs/") {
				asked[r.Path]++
			}
		}
		for path, n := range asked {
			if n > 2 { // by each of the two images that are checked
				t.Errorf("%s was asked for %d times", path, n)
			}
		}
		was := c.points("prod")
		if out, said, err = c.verb(func(ch *propose.Proposal) error {
			return rollback.Run(t.Context(), ch, strings.Fields("registry.example/shop/api:prod"), back)
		}); err != nil || c.points("prod") == was || c.points("prod") == "" {
			t.Errorf("prod went from %s to %s: %v\n%s%s", was, c.points("prod"), err, out, said)
		}
	})
}

// A registry that does not say whether a layer is there: the doubt is told before, with
// --yes too, and afterwards nobody says that all of it is there.
func TestARollbackSaysWhatNobodyAnswered(t *testing.T) {
	t.Parallel()
	onConsole(t, sandbox.Options{}, func(c *console) {
		c.reg.Inject(sandbox.Fault{
			Method: http.MethodHead, Pattern: regexp.MustCompile("/blobs/"), Effect: sandbox.Status{Code: http.StatusForbidden},
		})
		out, said, err := c.verb(func(ch *propose.Proposal) error {
			return rollback.Run(c.t.Context(), ch, strings.Fields("registry.example/shop/api:prod"), rollback.Options{To: "previous"})
		})
		if err != nil || !strings.Contains(said, "careful: content: there was no answer for") {
			c.t.Errorf("%v\n%s", err, said)
		}
		if all := out + said; strings.Contains(all, "all of which is there") || !strings.Contains(said, "; there was no answer for") {
			c.t.Errorf("what nobody has answered is told as\n%s", all)
		}
	})
}
