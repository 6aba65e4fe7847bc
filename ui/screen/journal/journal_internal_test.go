package journal

import (
	"strings"
	"testing"

	model "regatta/model/journal"
	"regatta/model/plan"
	"regatta/ui/kit"
)

// What is remarked of a run is said in sentences: nobody knows the words of the journal.
func TestRemarksAreSentences(t *testing.T) {
	t.Parallel()
	run := Entry{Run: model.Run{Remarks: []model.Remark{
		model.GoneRemark(plan.Stray{Reference: "registry.example/shop/api", Unknown: true}),
		model.GoneRemark(plan.Stray{Reference: "registry.example/shop/api:v1", Along: true}),
		{About: model.Checked, Level: "ok", Text: "pinned: nothing"},
	}}}
	var said []string
	for _, line := range remarkLines(run) {
		said = append(said, plainly(line))
	}
	got := strings.Join(said, "\n")
	for _, want := range []string{
		"whether other tags of registry.example/shop/api vanished is not known", "shop/api:v1 went along", "pinned: nothing",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("%q is not said:\n%s", want, got)
		}
	}
}

func plainly(line []kit.Span) string {
	var out strings.Builder
	for _, s := range line {
		out.WriteString(s.Text)
	}
	return out.String()
}

// The steps of a run that was undone say so, before anything else.
func TestStepsSayThatTheyWereUndone(t *testing.T) {
	t.Parallel()
	for want, run := range map[string]model.Run{
		"":                       {State: model.Done},
		"undone by later":        {State: model.Done, Undone: []string{"later"}},
		"undone in part by then": {State: model.Interrupted, UndoneInPart: []string{"then"}},
	} {
		s := &StepsScreen{run: Entry{Run: run}}
		if got := s.next(); got != want {
			t.Errorf("it says %q, want %q", got, want)
		}
	}
}
