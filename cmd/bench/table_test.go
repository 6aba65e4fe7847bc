//go:build linux

package bench

import (
	"cmp"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"text/tabwriter"
	"time"
)

// row is a line of the table. Its ratio is measured over other, or measured
// over the bar where there is nothing to compare with.
type row struct {
	what     string
	measured string
	with     string // what it is compared with, and what that took
	ratio    float64
	bar      float64 // the largest ratio that is fine, 0 for none
	barText  string  // the bar in the measure's own unit, "" if it is the ratio
	missing  string  // why there is nothing to tell
}

func (r row) verdict() string {
	switch {
	case r.missing != "":
		return "missing"
	case r.bar == 0:
		return ""
	case r.ratio <= r.bar:
		return "ok"
	}
	return "OVER"
}

func (r row) cells() []string {
	bar, ratio := r.barText, ""
	if bar == "" && r.bar > 0 {
		bar = fmt.Sprintf("≤ %.2f ×", r.bar)
	}
	if r.ratio > 0 {
		ratio = fmt.Sprintf("%.2f", r.ratio)
	}
	return []string{r.what, cmp.Or(r.measured, r.missing), r.with, ratio, bar, r.verdict()}
}

// table collects rows as the parts of the run bring them.
type table struct{ rows []row }

func (t *table) add(r ...row) { t.rows = append(t.rows, r...) }

// against adds a row that compares two times.
func (t *table) against(what string, took time.Duration, with string, other time.Duration, bar float64) {
	t.add(row{
		what: what, measured: short(took), with: with + ": " + short(other),
		ratio: took.Seconds() / other.Seconds(), bar: bar,
	})
}

// within adds a row for something that has a bar of its own.
func (t *table) within(what string, measured, most float64, unit, with string) {
	t.add(row{
		what: what, measured: fmt.Sprintf("%.3g %s", measured, unit), with: with,
		ratio: measured / most, bar: 1, barText: fmt.Sprintf("≤ %g %s", most, unit),
	})
}

func header() []string { return []string{"what", "measured", "compared with", "ratio", "bar", ""} }

// String is the table for a terminal.
func (t *table) String() string {
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, strings.Join(header(), "\t"))
	for _, r := range t.rows {
		fmt.Fprintln(w, strings.Join(r.cells(), "\t"))
	}
	_ = w.Flush()
	return b.String()
}

// markdown writes the table to a file.
func (t *table) markdown(tb testing.TB, path, machine string) {
	tb.Helper()
	lines := []string{
		"# Measured side by side", "", "`make bench` wrote this on " + machine + ". The ratio counts, not the times.", "",
		line(header()), line(slices.Repeat([]string{"---"}, len(header()))),
	}
	for _, r := range t.rows {
		lines = append(lines, line(r.cells()))
	}
	must(tb, os.WriteFile(path, []byte(strings.Join(lines, "\n")+"\n"), 0o600))
}

func line(cells []string) string {
	escaped := make([]string, len(cells))
	for i, c := range cells {
		escaped[i] = strings.ReplaceAll(c, "|", `\|`)
	}
	return "| " + strings.Join(escaped, " | ") + " |"
}

func short(d time.Duration) string {
	if d < time.Millisecond {
		return d.Round(time.Microsecond).String()
	}
	return d.Round(time.Millisecond / 10).String()
}

func must(tb testing.TB, err error) {
	tb.Helper()
	if err != nil {
		tb.Fatal(err)
	}
}

// result is a value that must have come without an error.
func result[T any](tb testing.TB) func(v T, err error) T {
	tb.Helper()
	return func(v T, err error) T {
		tb.Helper()
		must(tb, err)
		return v
	}
}
