// Command house measures the source: how large packages, files and functions are, who
// imports how many, and how much of it is tests. `make house` prints it beside the bars
// that CONTRIBUTING names. It imports the standard library.
package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"strconv"
)

func main() {
	root := "."
	if len(os.Args) > 1 {
		root = os.Args[1]
	}
	s, err := survey(root)
	if err != nil {
		fmt.Fprintln(os.Stderr, "house:", err)
		os.Exit(1)
	}
	if _, err := os.Stdout.WriteString(s.table()); err != nil {
		os.Exit(1)
	}
}

// bar is a line of the table.
type bar struct{ what, is, want string }

func (s *source) table() string {
	share, largest := s.largestPackage()
	importer, imports := s.largestImporter()
	longest, lines := s.longestFile()
	name, function := s.longestFunction()
	var out bytes.Buffer
	for _, b := range []bar{
		{"", "today", "bar"},
		{"largest package", fmt.Sprintf("%.1f %% (%s)", share, largest), "≤ 8 %"},
		{"files directly in cmd", strconv.Itoa(s.filesIn("cmd")), "≤ 15"},
		{"imports of the largest importer", fmt.Sprintf("%d (%s)", imports, importer), "≤ 40"},
		{"lines, not tests", strconv.Itoa(s.code), ""},
		{"tests : code", fmt.Sprintf("%.2f", float64(s.tests)/float64(max(1, s.code))), "≥ 0.6"},
		{"file, median", strconv.Itoa(median(s.fileLines)), "≤ 100"},
		{"file, longest", fmt.Sprintf("%d (%s)", lines, longest), "≤ 400"},
		{"function, median", strconv.Itoa(median(s.functionLines)), "≤ 10"},
		{"function, longest", fmt.Sprintf("%d (%s)", function, name), "≤ 60"},
		{"exported without a comment", strconv.Itoa(s.undocumented), "0"},
	} {
		line(&out, b)
	}
	return out.String()
}

func line(w io.Writer, b bar) { fmt.Fprintf(w, "%-33s %-42s %s\n", b.what, b.is, b.want) }
