package cli

import (
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"regatta/cmd/app/change"
	"regatta/cmd/cli/changes"
	"regatta/cmd/cli/propose"
	"regatta/model/fault"
	"regatta/model/plan"
	"regatta/model/ref"
	"regatta/registry/sandbox"
)

// A plan file that was altered so that nobody looks at an image any more is looked at all
// the same, and its tag moves only where that was asked for.
func TestAnAlteredPlanIsLookedAt(t *testing.T) {
	t.Parallel()
	onConsole(t, sandbox.Options{Quirks: sandbox.Quirks{SparseImages: true}}, func(c *console) {
		b, err := c.app.Open("registry.example")
		if err != nil {
			c.t.Fatal(err)
		}
		m, err := b.Manifest(c.t.Context(), "shop/api", "v3.0")
		for err == nil && len(m.Children) > 0 {
			m, err = b.Manifest(c.t.Context(), "shop/api", string(m.Children[0].Digest))
		}
		if err != nil {
			c.t.Fatal(err)
		}
		c.reg.DropBlob("shop/api", string(m.Layers[0].Digest))
		at := ref.Reference{Host: "registry.example", Repository: "shop/api", Tag: "v3.1"}
		was := c.points("v3.1")
		path := filepath.Join(c.t.TempDir(), "plan.json")
		writeAltered(c.t, path, plan.Plan{Registry: at.Host, Repository: at.Repository, CreatedAt: sandbox.Epoch(), Steps: []plan.Step{{
			Kind: plan.Retag, Reference: at, Digest: m.Digest, Expect: plan.Expect{Tag: at.Tag, Digest: was}, Unchecked: true,
		}}})
		for _, notWhole := range []bool{false, true} {
			_, said, err := c.verb(func(ch *propose.Proposal) error {
				return changes.RunApply(c.t.Context(), ch, path, change.Asked{NotWhole: notWhole})
			})
			if moved := c.points("v3.1") == m.Digest; moved != notWhole || fault.Is(err, fault.Incomplete) == notWhole {
				c.t.Errorf("not whole is asked for: %t, moved: %t, %v\n%s", notWhole, moved, err, said)
			}
		}
	})
}

// writeAltered writes a plan as somebody does who has taken its checksum off.
func writeAltered(t *testing.T, path string, p plan.Plan) {
	t.Helper()
	raw, err := plan.Encode(p)
	if err != nil {
		t.Fatal(err)
	}
	var doc map[string]any
	if err := json.Unmarshal(raw, &doc); err != nil {
		t.Fatal(err)
	}
	delete(doc, "checksum")
	delete(doc, "risks")
	if raw, err = json.Marshal(doc); err == nil {
		err = os.WriteFile(path, raw, 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
}
