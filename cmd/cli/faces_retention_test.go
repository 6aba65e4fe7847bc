package cli

import (
	"os"
	"testing"

	"regatta/cmd/cli/demo"
)

// TestFacesAgreeOnRetention is TestFacesAgreeOnChanges for what rules remove, and the rules.
func TestFacesAgreeOnRetention(t *testing.T) {
	t.Parallel()
	agree(t, retaining())
}

// retaining are the journeys of rules.
func retaining() map[string]*journey {
	old := then(typed("X"), rule("m", "git-*"), rule("n", "10"), typed("w"))
	save := press("L", "n", "j", "enter", "w")
	return map[string]*journey{
		"prune": {verb: "prune AT --match git-* --keep-last 10", keys: old},
		"prune in an account": {
			at: demo.Account, verb: "prune AT --match git-* --keep-last 10", keys: then(typed("X"), typed("enter"), rule("m", "git-*"), rule("n", "10"), typed("w")),
		},
		"prune in red":            {config: inRed, verb: "prune AT --match git-* --keep-last 10", keys: old},
		"prune what is protected": {verb: "prune AT --match prod --any-tag", keys: then(typed("X"), rule("m", "prod"), typed("t"), typed("w"))},
		"prune by age":            {verb: "prune AT --older-than 50d", keys: then(typed("X"), rule("o", "50d"), typed("w"))},
		"prune orphans":           {verb: "prune AT --orphans --untagged", keys: then(typed("X"), typed("u"), typed("O"), typed("w")), hidden: "nothing is removed"},
		"prune and keep": {
			verb: "prune AT --match git-* --exclude git-c324b64", keys: then(typed("X"), rule("m", "git-*"), rule("e", "git-c324b64"), typed("w")),
		},
		"save a policy":    {at: demo.Account, before: policy, verb: "lifecycle put AT --policy DIR/policy.json", keys: press("L", "enter", "n", "j", "enter", "w")},
		"save it anywhere": {before: policy, verb: "lifecycle put AT --policy DIR/policy.json", keys: save, hidden: "keeps no lifecycle policies"},
	}
}

// policy is the second of the templates, in a file.
func policy(w *world) {
	text, err := os.ReadFile("../../ui/screen/lifecycle/templates/newest.json")
	if err == nil {
		err = os.WriteFile(w.app.Dir+"/policy.json", text, 0o600)
	}
	if err != nil {
		w.t.Fatal(err)
	}
}
