package cli

import (
	"encoding/json"
	"strings"
	"testing"

	"regatta/cmd/app/change"
	"regatta/cmd/cli/output"
	"regatta/model/plan"
	"regatta/registry/sandbox"
)

// A run and its record give one answer to whether it can be undone, however that stands.
func TestARunAndItsRecordAgreeOnUndo(t *testing.T) {
	t.Parallel()
	said := map[string]string{
		"unsure": " takes it back, as far as the registry lets.", "gone": "It cannot be undone.",
		"undone": "Undone by",
	}
	for want, tt := range map[string]struct {
		quirks sandbox.Quirks
		undo   bool
	}{"unsure": {}, "gone": {quirks: sandbox.Quirks{NoDelete: true}, undo: true}, "undone": {undo: true}} {
		onConsole(t, sandbox.Options{Quirks: tt.quirks}, func(c *console) {
			t := c.t
			at := "registry.example/shop/api:"
			run := func(verb func(*changing) error) string {
				out, _, _ := c.verb(verb)
				return out
			}
			var r plan.Result
			if err := json.Unmarshal([]byte(run(func(ch *changing) error {
				return runCopy(t.Context(), ch, []string{at + "v3.0", at + "newer"}, false, false)
			})), &r); err != nil {
				t.Fatal(err)
			}
			if tt.undo {
				run(func(ch *changing) error { return runUndo(t.Context(), ch, []string{r.Run}, change.Asked{}) })
			}
			var doc struct {
				Undo string `json:"undo"`
			}
			if err := json.Unmarshal([]byte(run(func(ch *changing) error {
				ch.o = changeOptions{output: output.JSON}
				return showRun(t.Context(), ch, r.Run)
			})), &doc); err != nil {
				t.Fatal(err)
			}
			record := run(func(ch *changing) error { return printRecord(t.Context(), ch, r.Run) })
			if doc.Undo != want || !strings.Contains(record, said[want]) {
				t.Errorf("it is %q, want %q; the record ends %s", doc.Undo, want, record[max(0, len(record)-120):])
			}
		})
	}
}
