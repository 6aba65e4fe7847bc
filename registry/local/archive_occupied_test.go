//go:build unix

package local_test

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"regatta/model/fault"
	"regatta/registry/local"
)

// Nothing but an archive of an image is written over, whether it was there when the plan
// was made or came since.
func TestOnlyAnArchiveIsWrittenOver(t *testing.T) {
	t.Parallel()
	c, _, single := source(t)
	for name, put := range map[string]func(file string) error{
		"text":      func(file string) error { return os.WriteFile(file, []byte("precious"), 0o600) },
		"empty":     func(file string) error { return os.WriteFile(file, nil, 0o600) },
		"other tar": func(file string) error { return os.WriteFile(file, make([]byte, 1024), 0o600) },
		"pipe":      func(file string) error { return syscall.Mkfifo(file, 0o600) },
		"link":      func(file string) error { return os.Symlink("elsewhere.tar", file) },
		"directory": func(file string) error { return os.Mkdir(file, 0o700) },
	} {
		file := filepath.Join(t.TempDir(), "image.tar")
		p := openPlace(t, "docker-archive:"+file, local.Options{})
		must(t, p.Ready(t.Context()))
		must(t, put(file))
		for _, err := range []error{p.Ready(t.Context()), p.Save(t.Context(), c, single, silent)} {
			if !fault.Is(err, fault.Occupied) || !strings.Contains(err.Error(), file) {
				t.Errorf("%s: %v", name, err)
			}
		}
		if left, err := filepath.Glob(filepath.Join(filepath.Dir(file), "*")); err != nil || len(left) != 1 {
			t.Errorf("%s: there is %v, %v", name, left, err)
		}
		if name != "text" {
			continue
		}
		if raw, err := os.ReadFile(file); err != nil || string(raw) != "precious" {
			t.Errorf("it is %q, %v", raw, err)
		}
	}
}

// An archive that is there is named, with what it holds.
func TestAnArchiveIsWrittenOverByName(t *testing.T) {
	t.Parallel()
	c, _, single := source(t)
	p := openPlace(t, filepath.Join(t.TempDir(), "image.tar"), local.Options{})
	if over, err := p.Replaces(); len(over) != 0 || err != nil {
		t.Errorf("%v, %v", over, err)
	}
	must(t, p.Save(t.Context(), c, single, silent))
	over, err := p.Replaces()
	must(t, err)
	if len(over) != 1 || over[0].Image != configOf(t, c, single) || len(over[0].Tags) != 1 || !strings.HasSuffix(over[0].Tags[0], "shop/api:amd") {
		t.Errorf("%+v", over)
	}
	must(t, p.Ready(t.Context()))
	must(t, p.Save(t.Context(), c, single, silent))
}
