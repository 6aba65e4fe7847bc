package usage_test

import (
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"regatta/model/fault"
	model "regatta/model/usage"
	"regatta/registry/usage"
)

func listed(t *testing.T, content string) model.Answer {
	t.Helper()
	path := filepath.Join(t.TempDir(), "keep.txt")
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return usage.File{Path: path}.Ask(t.Context())
}

const aDigest = "sha256:65789f813fd07f231952bb651615ecb61a22624c37e6b3a48115b5a3e141c7b3"

func TestFile(t *testing.T) {
	t.Parallel()
	a := listed(t, "# kept for the audit\n\n  "+registry+"/shop/api:v1 # until June\r\n"+
		registry+"/shop/api:v2@"+aDigest+"\n"+registry+"/shop/api\nnginx")
	if a.Err != nil {
		t.Fatal(a.Err)
	}
	want := []string{
		"file listed line 3 :v1", "file listed line 4 @65789f813fd0", "file listed line 5 :latest",
	}
	if diff := cmp.Diff(want, lines(a, "shop/api")); diff != "" {
		t.Error(diff)
	}
}

// A line that is no reference is told, and the others count.
func TestFileWithMistakes(t *testing.T) {
	t.Parallel()
	a := listed(t, registry+"/shop/api:v1\nregistry.example/Shop:v1\n\x1b[2J\n")
	if !fault.Is(a.Err, fault.Invalid) || !strings.Contains(a.Err.Error(), "line 2: ") || len(a.Uses) != 1 {
		t.Errorf("%d uses, error %v", len(a.Uses), a.Err)
	}
	if a := listed(t, strings.Repeat("x", 10_000)); !fault.Is(a.Err, fault.Invalid) {
		t.Errorf("a line without end: %v", a.Err)
	}
	a = usage.File{Path: filepath.Join(t.TempDir(), "none")}.Ask(t.Context())
	if !fault.Is(a.Err, fault.NotFound) || !strings.HasSuffix(a.Err.Error(), "no such file or directory") {
		t.Errorf("no file: %v", a.Err)
	}
}

// FuzzFile: whatever a file holds, what comes of it can be shown and is a
// reference.
func FuzzFile(f *testing.F) {
	f.Add("registry.example/shop/api:v1\n# nothing\n")
	f.Add("a@b@c\n\x00\n:\n/")
	f.Fuzz(func(t *testing.T, content string) {
		sound(t, listed(t, content))
	})
}

// What is cancelled is not read to its end.
func TestFileIsCancelled(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "keep.txt")
	if err := os.WriteFile(path, []byte(registry+"/shop/api:v1\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if a := (usage.File{Path: path}).Ask(ctx); !fault.Is(a.Err, fault.Cancelled) || len(a.Uses) > 0 {
		t.Errorf("%d uses, error %v", len(a.Uses), a.Err)
	}
}
