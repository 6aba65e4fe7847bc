package rollback

import (
	"regatta/model/journal"
	"regatta/model/plan"
	"regatta/model/ref"
)

// RevertedBy is the run that reverts a rollback: the one under way, else the last
// that has. It is empty where none does.
func RevertedBy(r journal.Run) string {
	for _, ids := range [][]string{r.Undoing, r.Undone, r.UndoneInPart} {
		if len(ids) > 0 {
			return ids[len(ids)-1]
		}
	}
	return ""
}

// PutBack is what a run has pointed a tag to; false where it did not, or not yet.
func PutBack(tag ref.Reference, by journal.Run) (ref.Digest, bool) {
	result := by.Result()
	for i, s := range by.Plan.Steps {
		if s.Kind == plan.Retag && s.Reference == tag && result.Steps[i].Outcome.Succeeded() {
			return s.Digest, true
		}
	}
	return "", false
}
