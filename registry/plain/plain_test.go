package plain_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"regatta/registry/plain"
)

func TestRead(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "f")
	if err := os.WriteFile(path, []byte("four"), 0o600); err != nil {
		t.Fatal(err)
	}
	if raw, err := plain.Read(path, 4); string(raw) != "four" || err != nil {
		t.Errorf("%q, %v", raw, err)
	}
	if raw, err := plain.Read(path, 3); len(raw) > 0 || !is[*plain.SizeError](err) {
		t.Errorf("%q, %v", raw, err)
	}
	if _, err := plain.Read(path+"x", 3); !errors.Is(err, fs.ErrNotExist) {
		t.Error(err)
	}
}

func TestWhatIsNoRegularFile(t *testing.T) {
	t.Parallel()
	for path, want := range map[string]string{t.TempDir(): "a directory", os.DevNull: "a device"} {
		if _, err := plain.Open(path); !is[*plain.KindError](err) || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v", path, err)
		}
	}
}

func is[T error](err error) bool {
	_, ok := errors.AsType[T](err)
	return ok
}
