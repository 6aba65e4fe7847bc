package cli

import (
	"encoding/json"
	"strings"
	"testing"

	"regatta/cmd/app/change"
	"regatta/cmd/cli/changes"
	"regatta/cmd/cli/output"
	"regatta/cmd/cli/propose"
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
			run := func(verb func(*propose.Proposal) error) string {
				out, _, _ := c.verb(verb)
				return out
			}
			var r plan.Result
			if err := json.Unmarshal([]byte(run(func(ch *propose.Proposal) error {
				return changes.RunCopy(t.Context(), ch, []string{at + "v3.0", at + "newer"}, false, false)
			})), &r); err != nil {
				t.Fatal(err)
			}
			if tt.undo {
				run(func(ch *propose.Proposal) error {
					return changes.RunUndo(t.Context(), ch, []string{r.Run}, change.Asked{})
				})
			}
			var doc struct {
				Undo string `json:"undo"`
			}
			if err := json.Unmarshal([]byte(run(func(ch *propose.Proposal) error {
				ch.Options = propose.Options{Output: output.JSON}
				return changes.ShowRun(t.Context(), ch, r.Run)
			})), &doc); err != nil {
				t.Fatal(err)
			}
			record := run(func(ch *propose.Proposal) error { return changes.PrintRecord(t.Context(), ch, r.Run) })
			if doc.Undo != want || !strings.Contains(record, said[want]) {
				t.Errorf("it is %q, want %q; the record ends %s", doc.Undo, want, record[max(0, len(record)-120):])
			}
		})
	}
}
