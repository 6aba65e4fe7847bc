package cli

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"regatta/cmd/cli/output"
)

// What a layout lacks, or has otherwise than it says, is found before anything is pushed.
func TestPushLooksAtTheLayoutFirst(t *testing.T) {
	private(t)
	reg, host := servedSandbox(t)
	digests := pushLayers(t, host, "app", "v1", tarOf(t, "etc/", "etc/hostname=one"), tarOf(t, "bin/", "bin/sh=two"))
	for name, spoil := range map[string]func(path string) error{
		"gone": os.Remove,
		"cut":  func(path string) error { return os.Truncate(path, 9) },
		"other": func(path string) error {
			raw, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			raw[len(raw)/2] ^= 1
			return os.WriteFile(path, raw, 0o600)
		},
	} {
		dir := filepath.Join(t.TempDir(), "layout")
		if code, _, errOut := runOut(t, "pull", host+"/app:v1", "--to", "oci:"+dir, "--yes"); code != output.Done {
			t.Fatalf("pull: exit code %d: %s", code, errOut)
		}
		blob := filepath.Join(dir, "blobs/sha256", digests[1].Hex())
		if err := os.Chmod(blob, 0o600); err != nil {
			t.Fatal(err)
		}
		if err := spoil(blob); err != nil {
			t.Fatal(err)
		}
		before := len(reg.Requests())
		for _, args := range [][]string{{"--dry-run"}, {"--yes"}} {
			code, _, errOut := runOut(t, append([]string{"push", "oci:" + dir, host + "/" + name + ":v1"}, args...)...)
			if code != output.Failed || !strings.Contains(errOut, digests[1].Short()) {
				t.Errorf("%s, %v: exit code %d: %s", name, args, code, errOut)
			}
		}
		for _, r := range reg.Requests()[before:] {
			if r.Method != http.MethodGet && r.Method != http.MethodHead {
				t.Errorf("%s: %s %s", name, r.Method, r.Path)
			}
		}
	}
}
