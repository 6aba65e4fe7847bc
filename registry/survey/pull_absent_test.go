package survey_test

import (
	"path/filepath"
	"strings"
	"testing"

	"regatta/model/plan"
	"regatta/model/ref"
	"regatta/registry/local"
	"regatta/registry/sandbox"
	"regatta/registry/survey"
)

// An index that has lost a manifest is written without it, and the plan says so.
func TestAPullNamesWhatAnIndexHasLost(t *testing.T) {
	t.Parallel()
	for _, gone := range []bool{false, true} {
		reg, c := newClient(t)
		amd := reg.PushImage(repo, sandbox.Image{Layers: []string{"amd"}})
		arm := reg.PushImage(repo, sandbox.Image{Layers: []string{"arm"}, Platform: "linux/arm64"})
		reg.Tag(repo, "v1", reg.PushIndex(repo, amd, arm), sandbox.Epoch())
		place, err := local.Open("oci:"+filepath.Join(t.TempDir(), "layout"), local.Options{})
		must(t, err)
		if gone && !reg.DropManifest(repo, arm) {
			t.Fatal("it is there still")
		}
		what := []ref.Reference{{Host: "registry.example", Repository: repo, Tag: "v1"}}
		catches, err := survey.Catches(t.Context(), c, what, place, nil)
		must(t, err)
		p, err := plan.ToPull(catches, "oci:layout", plan.Options{})
		must(t, err)
		said := strings.Join(p.Notes, "; ")
		if strings.Contains(said, ref.Digest(arm).Short()+": the registry does not have this manifest") != gone || !gone && said != "" {
			t.Errorf("gone: %v, notes are %q", gone, said)
		}
	}
}
