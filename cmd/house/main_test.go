package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// A small tree is measured as it is.
func TestHouse(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for name, content := range map[string]string{
		"main.go":           "package main\n\nimport \"os\"\n\nfunc main() { os.Exit(0) }\n",
		"cmd/a.go":          "package cmd\n\nimport (\n\t\"fmt\"\n\t\"io\"\n)\n\nfunc Said() {\n\tfmt.Print(io.EOF)\n}\n",
		"cmd/b.go":          "package cmd\n",
		"cmd/b_test.go":     "package cmd\n\n\n",
		"cmd/testdata/c.go": "nothing that compiles",
		".git/d.go":         "neither",
	} {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	s, err := survey(dir)
	if err != nil {
		t.Fatal(err)
	}
	got := strings.Join(strings.Fields(s.table()), " ")
	for _, want := range []string{
		"largest package 68.8 % (cmd)", "files directly in cmd 2 ", "largest importer 2 (cmd)", "lines, not tests 16 tests : code 0.19",
		"file, median 5 ", "file, longest 10 (cmd/a.go)", "function, longest 3 (cmd/a.go Said)", "without a comment 1 0",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is not said: %s", want, got)
		}
	}
}
