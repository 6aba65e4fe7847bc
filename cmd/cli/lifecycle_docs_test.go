package cli

import (
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"regatta/model/lifecycle"
)

// TestGeneratedLifecyclePage keeps the table of assumptions what the program
// assumes.
func TestGeneratedLifecyclePage(t *testing.T) {
	t.Parallel()
	const path = "../../docs/lifecycle.md"
	page, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	b.WriteString("<!-- assumptions -->\n| name | assumed | otherwise |\n|---|---|---|\n")
	for _, a := range lifecycle.Assumptions() {
		otherwise := a.Otherwise
		if otherwise == "" {
			otherwise = "—"
		}
		fmt.Fprintf(&b, "| `%s` | %s | %s |\n", a.ID, a.Assumed, otherwise)
	}
	table := regexp.MustCompile(`(?s)<!-- assumptions -->\n.*<!-- end -->`)
	if !table.Match(page) {
		t.Fatal("the page has no place for the assumptions")
	}
	golden(t, path, table.ReplaceAllLiteralString(string(page), b.String()+"<!-- end -->"))
}
