//go:build linux

package bench

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// loopSample is how many images the loops read; their time is scaled.
const loopSample = 96

// loop is how scripts read a table: programs started for each image, 16 at a
// time.
type loop struct {
	name  string
	lines []string // for one image, with REF in place of the reference
}

func loops() []loop {
	return []loop{
		{"crane", []string{"manifest REF", "config REF"}},
		{"regctl", []string{
			"--host reg=HOST,tls=disabled manifest get --format raw-body REF",
			"--host reg=HOST,tls=disabled image config REF",
		}},
		{"skopeo", []string{"inspect --tls-verify=false --no-tags docker://REF"}},
	}
}

// find is the path of a program in PATH or in the repository's bin.
func find(name string) (string, bool) {
	if path, err := exec.LookPath(name); err == nil {
		return path, true
	}
	path, err := filepath.Abs(filepath.Join("..", "..", "bin", name))
	if err != nil {
		return "", false
	}
	_, err = os.Stat(path)
	return path, err == nil
}

// run goes through the sample and returns the time for all n references. ok is
// false if the program is missing.
func (l loop) run(b *testing.B, host string, reference func(i int) string, n int) (took time.Duration, ok bool) {
	b.Helper()
	path, ok := find(l.name)
	if !ok {
		return 0, false
	}
	home := b.TempDir()
	env := append(os.Environ(), "HOME="+home, "DOCKER_CONFIG="+home, "XDG_RUNTIME_DIR="+home, "REGCTL_CONFIG="+home+"/regctl.json")
	failures := make([]string, loopSample)
	took = timed(func() {
		parallel(loopSample, func(i int) {
			names := strings.NewReplacer("REF", reference(i), "HOST", host)
			for _, line := range l.lines {
				cmd := exec.CommandContext(b.Context(), path, strings.Fields(names.Replace(line))...)
				cmd.Env = env
				if out, err := cmd.CombinedOutput(); err != nil {
					failures[i] = cmd.String() + ": " + err.Error() + "\n" + string(out)
				}
			}
		})
	})
	if all := strings.Join(failures, ""); all != "" {
		b.Fatal(all)
	}
	return took * time.Duration(n) / loopSample, true
}
