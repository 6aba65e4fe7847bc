package survey

import (
	"strings"
	"testing"

	"regatta/model/fault"
	"regatta/model/image"
	"regatta/model/ref"
)

// A tree with a manifest of schema 1 anywhere is not pulled.
func TestSchema1IsNotPulled(t *testing.T) {
	t.Parallel()
	what := ref.Reference{Host: "registry.example", Repository: "a/b", Tag: "v1"}
	old := image.Manifest{Kind: image.KindSchema1, Digest: ref.DigestOf(nil)}
	for _, tree := range [][]image.Manifest{{old}, {{Kind: image.KindIndex}, {Kind: image.KindImage}, old}} {
		if err := refuseSchema1(what, tree); !fault.Is(err, fault.Unsupported) || !strings.Contains(err.Error(), "schema 1") {
			t.Error(err)
		}
	}
	if err := refuseSchema1(what, []image.Manifest{{Kind: image.KindIndex}, {Kind: image.KindImage}}); err != nil {
		t.Error(err)
	}
}
