package cli

import (
	"encoding/json"
	"maps"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"regatta/cmd/cli/contents"
	"regatta/cmd/cli/output"
	"regatta/registry/peertest"
	"regatta/registry/sandbox"
)

// said is what another program prints.
func said(t *testing.T, program string, args ...string) string {
	t.Helper()
	path := peertest.Find(t, program, "make tools")
	out, err := exec.CommandContext(t.Context(), path, args...).Output()
	if err != nil {
		t.Fatalf("%s %v: %v", program, args, err)
	}
	return string(out)
}

// TestPeersAgree compares manifests, configs and referrers with what crane and
// regctl say of the same images.
func TestPeersAgree(t *testing.T) {
	private(t)
	host, stop := serveSandbox(sandbox.Options{Now: sandbox.Epoch})
	defer stop()
	for _, name := range []string{"shop/web:prod", "shop/api:v3.3.0", "tools/backup:latest"} {
		at := host + "/" + name
		code, out, errOut := runOut(t, "referrers", at, "-o", "json")
		if code != output.Done {
			t.Fatal(errOut)
		}
		var doc contents.ReferrersJSON
		if err := json.Unmarshal([]byte(out), &doc); err != nil {
			t.Fatal(err)
		}
		if want := strings.TrimSpace(said(t, "crane", "digest", "--insecure", at)); string(doc.Tree.Digest) != want {
			t.Errorf("%s is %s, crane says %s", name, doc.Tree.Digest, want)
		}
		var index struct {
			Descriptors []struct{ Digest, ArtifactType string } `json:"descriptors"`
		}
		listed := said(t, "regctl", "--host", "reg="+host+",tls=disabled", "artifact", "list", "--digest-tags", at, "--format", "{{jsonPretty .}}")
		if err := json.Unmarshal([]byte(listed), &index); err != nil {
			t.Fatalf("%v:\n%s", err, listed)
		}
		want, got := map[string]bool{}, map[string]bool{}
		for _, d := range index.Descriptors {
			want[d.Digest] = true
		}
		for _, n := range doc.Tree.Referrers {
			if n.Via != nil {
				got[string(n.Digest)] = true
			}
		}
		if diff := cmp.Diff(slices.Sorted(maps.Keys(want)), slices.Sorted(maps.Keys(got))); diff != "" {
			t.Errorf("referrers of %s: %s", name, diff)
		}
		agreeOnConfig(t, at)
	}
}

// agreeOnConfig compares config and layers of linux/amd64 with crane's.
func agreeOnConfig(t *testing.T, at string) {
	t.Helper()
	var config struct {
		Created, Architecture string
		Config                struct{ Env, Entrypoint []string }
		RootFS                struct {
			DiffIDs []string `json:"diff_ids"`
		}
	}
	raw := said(t, "crane", "config", "--insecure", "--platform", "linux/amd64", at)
	if err := json.Unmarshal([]byte(raw), &config); err != nil {
		t.Fatal(err)
	}
	code, out, errOut := runOut(t, "inspect", at, "-o", "json")
	if code != output.Done {
		t.Fatal(errOut)
	}
	var doc contents.InspectJSON
	if err := json.Unmarshal([]byte(out), &doc); err != nil {
		t.Fatal(err)
	}
	if *doc.Config.Architecture != config.Architecture || !slices.Equal(doc.Config.Env, config.Config.Env) ||
		!slices.Equal(doc.Config.Entrypoint, config.Config.Entrypoint) || len(doc.Layers) != len(config.RootFS.DiffIDs) {
		t.Errorf("%s: %+v, crane says %+v", at, doc.Config, config)
	}
}
