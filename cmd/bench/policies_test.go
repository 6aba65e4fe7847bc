//go:build linux

package bench

import (
	"os/exec"
	"regexp"
	"strconv"
	"testing"
)

// measurePolicies takes the times of the benchmarks that evaluate policies and
// rules.
func measurePolicies(b *testing.B, t *table, _ *program) {
	b.Helper()
	took := benchmarks(b, "^Benchmark(Evaluate|EditorKeystroke)$", "regatta/model/lifecycle", "regatta/model/cleanup",
		"regatta/ui/screen/lifecycle")
	if len(took) < 5 {
		b.Fatalf("only %d benchmarks ran: %v", len(took), took)
	}
	few, many := took["lifecycle Evaluate/10000"], took["lifecycle Evaluate/100000"]
	t.within("50 lifecycle rules on 100,000 images", many, 250, "ms", "")
	t.within("times the 10,000 images", many/few, 13, "×", strconv.FormatFloat(few, 'f', 1, 64)+" ms")
	t.within("a key in the editor to verdicts of 10,000 images", took["lifecycle EditorKeystroke"], 50, "ms", "")
	few, many = took["cleanup Evaluate/images=10000"], took["cleanup Evaluate/images=100000"]
	t.within("cleanup rules on 100,000 images", many, 1000, "ms", strconv.FormatFloat(few, 'f', 1, 64)+" ms for 10,000")
}

// benchmarks runs benchmarks of packages on their own, and returns how many
// milliseconds each took at its fastest of three.
func benchmarks(b *testing.B, which string, packages ...string) map[string]float64 {
	b.Helper()
	line := regexp.MustCompile(`(?m)^Benchmark(\S+?)(?:-\d+)?\s+\d+\s+([\d.]+) ns/op`)
	out := map[string]float64{}
	for _, name := range packages {
		args := []string{"test", "-run", "^$", "-bench", which, "-count", "3", name}
		raw := result[[]byte](b)(exec.CommandContext(b.Context(), "go", args...).Output())
		for _, found := range line.FindAllStringSubmatch(string(raw), -1) {
			ms := result[float64](b)(strconv.ParseFloat(found[2], 64)) / 1e6
			of := regexp.MustCompile(`[^/]+$`).FindString(name) + " " + found[1]
			if was, ok := out[of]; !ok || ms < was {
				out[of] = ms
			}
		}
	}
	return out
}
