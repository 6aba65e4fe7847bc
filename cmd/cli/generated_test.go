package cli

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"regatta/cmd/tui/keys"

	"github.com/google/go-cmp/cmp"
)

func update() bool {
	f := flag.Lookup("update")
	return f != nil && f.Value.String() == "true"
}

// golden compares got with the file, or writes the file with -update.
func golden(t *testing.T, path, got string) {
	t.Helper()
	if update() {
		if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s is stale (make docs writes it anew):\n%s", path, diff)
	}
}

// TestKeysOfEveryScreen finds the screen whose keys nobody could look up or bind
// anew.
func TestKeysOfEveryScreen(t *testing.T) {
	t.Parallel()
	listed, err := os.ReadFile("../tui/keys/keys.go")
	if err != nil {
		t.Fatal(err)
	}
	screens, err := os.ReadDir("../../ui/screen")
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range screens {
		if !strings.Contains(string(listed), `"regatta/ui/screen/`+s.Name()+`"`) {
			t.Errorf("the keys of ui/screen/%s are on no page", s.Name())
		}
	}
}

func TestGeneratedKeysPage(t *testing.T) {
	t.Parallel()
	golden(t, "../../docs/keys.md", keys.Page())
}
