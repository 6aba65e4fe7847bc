package journal

import (
	"strconv"

	"regatta/model/plan"
	"regatta/model/text"
)

// Rest is what is left to do of a run's plan once its succeeded steps are done: what
// going on with it does.
func (r Run) Rest() plan.Plan {
	rest := r.Plan
	rest.Steps, rest.ReclaimedBytes = nil, 0
	rest.Notes = append([]string{}, r.Plan.Notes...)
	at := map[int]int{} // where a step stands now
	for i, s := range r.Plan.Steps {
		if i < len(r.Steps) && r.Steps[i].Outcome.Succeeded() {
			continue
		}
		at[i] = len(rest.Steps)
		s.After = moved(s.After, at)
		rest.Steps = append(rest.Steps, s)
		rest.ReclaimedBytes += s.ReclaimedBytes
	}
	if done := len(r.Plan.Steps) - len(rest.Steps); done > 0 && len(rest.Steps) > 0 {
		rest.Notes = append([]string{
			strconv.Itoa(done) + " of " + text.Plural(len(r.Plan.Steps), "step", "steps") + " are done; these are left",
		}, rest.Notes...)
	}
	return rest
}

// moved are the indexes that are still there, where they stand now.
func moved(after []int, at map[int]int) []int {
	var out []int
	for _, i := range after {
		if now, ok := at[i]; ok {
			out = append(out, now)
		}
	}
	return out
}
