package cli

import (
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// What each layer must not import, however it gets there. The test reads what
// the compiler does, so that no path around the linter goes unseen.
func TestLayers(t *testing.T) {
	t.Parallel()
	std := strings.Fields(goList(t, "list", "std"))
	for _, layer := range []struct {
		packages string
		allowed  func(dep string) bool
	}{
		{"regatta/model/...", func(dep string) bool {
			return strings.HasPrefix(dep, "regatta/model/") || dep == "github.com/dustin/go-humanize" ||
				strings.HasPrefix(dep, "github.com/Masterminds/semver/") ||
				slices.Contains(std, dep) && dep != "net/http" && dep != "os/exec"
		}},
		{"regatta/ui/...", func(dep string) bool {
			return !strings.HasPrefix(dep, "regatta/registry") && !strings.HasPrefix(dep, "regatta/cmd") &&
				!strings.Contains(dep, "go-containerregistry") && !strings.Contains(dep, "aws") && dep != "net/http"
		}},
		{"regatta/theme/...", func(dep string) bool {
			return !strings.HasPrefix(dep, "regatta/") || strings.HasPrefix(dep, "regatta/theme")
		}},
		{"regatta/cmd/app/...", func(dep string) bool {
			return !strings.HasPrefix(dep, "regatta/ui") && !strings.HasPrefix(dep, "regatta/theme") &&
				!strings.HasPrefix(dep, "charm.land/") && !strings.HasPrefix(dep, "github.com/spf13/") &&
				(!strings.HasPrefix(dep, "regatta/cmd") || dep == "regatta/cmd/config" || strings.HasPrefix(dep, "regatta/cmd/app"))
		}},
		{"regatta/cmd/tui/...", func(dep string) bool {
			return !strings.HasPrefix(dep, "github.com/spf13/cobra") && dep != "regatta/cmd" && !strings.HasPrefix(dep, "regatta/cmd/cli")
		}},
		{"regatta/cmd/cli/...", func(dep string) bool {
			return !strings.HasPrefix(dep, "regatta/ui") && !strings.HasPrefix(dep, "regatta/theme") &&
				!strings.HasPrefix(dep, "charm.land/") && dep != "regatta/cmd" && dep != "regatta/cmd/tui"
		}},
		{"regatta/registry/...", func(dep string) bool {
			return !strings.HasPrefix(dep, "regatta/ui") && !strings.HasPrefix(dep, "regatta/theme") &&
				!strings.HasPrefix(dep, "regatta/cmd") && !strings.HasPrefix(dep, "charm.land/")
		}},
	} {
		for dep := range strings.FieldsSeq(goList(t, "list", "-deps", layer.packages)) {
			if !layer.allowed(dep) {
				t.Errorf("%s depends on %s", layer.packages, dep)
			}
		}
	}
}

func goList(t *testing.T, args ...string) string {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "go", args...).Output()
	if err != nil {
		t.Fatal(err)
	}
	return string(out)
}
