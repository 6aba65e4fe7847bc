//go:build linux

package bench

import (
	"bytes"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"testing"
)

// measureFrames runs the Go benchmarks of package cmd and reads their lines.
func measureFrames(b *testing.B, t *table, _ *program) {
	b.Helper()
	var out bytes.Buffer
	cmd := exec.CommandContext(b.Context(), "go", "test", "regatta/cmd/cli", "-run", "^$", "-benchtime", "500ms",
		"-bench", "KeyToFrame|ViewOf100000|FilterOf100000")
	cmd.Stdout, cmd.Stderr = &out, os.Stderr
	must(b, cmd.Run())
	took := map[string]float64{} // milliseconds by name
	for _, m := range regexp.MustCompile(`(?m)^Benchmark(\S+?)(?:-\d+)?\s+\d+\s+([\d.]+) ns/op`).FindAllStringSubmatch(out.String(), -1) {
		took[m[1]] = result[float64](b)(strconv.ParseFloat(m[2], 64)) / 1e6
	}
	const key, order = 1, 60 // milliseconds that a key, and a sort or a filter, may take
	few, many := took["KeyToFrame/1000"], took["KeyToFrame/100000"]
	t.within("key to frame, 100,000 images, 200×50", many, key, "ms", "")
	t.add(row{what: "the same, against few", measured: ms(many), with: "1,000 images: " + ms(few), ratio: many / few, bar: 1.5})
	for _, by := range []string{"version", "size", "time"} {
		t.within("sort 100,000 by "+by, took["ViewOf100000/sort-by-"+by], order, "ms", "")
	}
	for _, by := range []string{"word", "fields"} {
		t.within("filter 100,000 by "+by, took["FilterOf100000/"+by], order, "ms", "")
	}
}

func ms(v float64) string { return strconv.FormatFloat(v, 'g', 3, 64) + " ms" }
