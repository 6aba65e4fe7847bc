package cli

import (
	"os"
	"path/filepath"
	"testing"

	"regatta/cmd/cli/changes"
	"regatta/cmd/cli/output"
	"regatta/cmd/cli/propose"
	"regatta/model/fault"
	"regatta/registry/sandbox"
)

// --plan writes over a plan, and over nothing else: what stands under the name stays.
func TestAPlanReplacesNothingButAPlan(t *testing.T) {
	t.Parallel()
	onConsole(t, sandbox.Options{}, func(c *console) {
		path := filepath.Join(c.t.TempDir(), "file")
		write := func(tag string) error {
			_, _, err := c.verb(func(ch *propose.Proposal) error {
				ch.Options.File = path
				return changes.RunUntag(c.t.Context(), ch, []string{"registry.example/shop/api:" + tag}, false)
			})
			return err
		}
		holds := func() string {
			raw, err := os.ReadFile(path)
			if err != nil {
				c.t.Fatal(err)
			}
			return string(raw)
		}
		if err := write("v3.0"); err != nil {
			c.t.Fatal(err)
		}
		first := holds()
		if err := write("v3.1"); err != nil || holds() == first || !propose.HoldsPlan(c.t.Context(), path) {
			c.t.Errorf("a plan that is there: %v", err)
		}
		for _, other := range []string{"my notes", first[:len(first)/2], "{}"} {
			if err := os.WriteFile(path, []byte(other), 0o600); err != nil {
				c.t.Fatal(err)
			}
			if err := write("v3.0"); !fault.Is(err, fault.Occupied) || output.ExitOf(err) != output.Refused || holds() != other {
				c.t.Errorf("%.20q is there: %v, and it holds %.20q", other, err, holds())
			}
		}
		if err := os.WriteFile(path, nil, 0o600); err != nil {
			c.t.Fatal(err)
		}
		if err := write("v3.0"); err != nil || !propose.HoldsPlan(c.t.Context(), path) {
			c.t.Errorf("an empty file is there: %v", err)
		}
	})
}
