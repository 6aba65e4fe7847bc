package cmd

import (
	"strings"
	"testing"
)

// The journal gives the record of a rollback with what was deployed of it, as the
// screen after it does; that of the deployment is its own.
func TestTheJournalGivesTheRecord(t *testing.T) {
	t.Parallel()
	onECS(t, func(b *back) {
		b.goBack().deploy().Advance(settle * 14)
		b.press("n").Type("the api answers 500")
		b.press("enter").press("m")
		want := b.Clipboard()
		for _, part := range []string{
			"# roll back prod of shop/api to v3.1.2\n", "| Why | the api answers 500 |", "| retag `shop/api:prod` |",
			"| deploy `prod/shop-api` |", "- **ok** prod/shop-api: 4 of 4 run",
		} {
			if !strings.Contains(want, part) {
				t.Errorf("%q is not in\n%s", part, want)
			}
		}
		b.press("J").CursorOn("deploy what follows prod")
		b.press("m").See("copied the record, as Markdown")
		if got := b.Clipboard(); !strings.HasPrefix(got, "# deploy what follows prod\n") || strings.Contains(got, "retag") {
			t.Errorf("copied\n%s", got)
		}
		b.press("j").CursorOn("roll back prod")
		for _, keys := range [][]string{{"m"}, {"k", "m", "j", "enter", "m"}} {
			if b.press(keys...); b.Clipboard() != want {
				t.Errorf("%v: copied\n%s", keys, b.Clipboard())
			}
		}
		b.See("copied the record, as Markdown", "✓ done", "retag")
	})
}
