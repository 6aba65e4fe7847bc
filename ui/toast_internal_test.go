package ui

import (
	"testing"

	"regatta/model/plan"
	"regatta/ui/kit"
)

// The end of a change promises no more than its plan, and says what to mind.
func TestTheEndOfAChange(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		in   kit.RunGauge
		want string
		how  kit.Level
	}{
		{kit.RunGauge{ComesBack: plan.Possible}, "x: done; z undoes it", kit.Success},
		{kit.RunGauge{ComesBack: plan.Unsure}, "x: done; z undoes it if the registry lets", kit.Success},
		{kit.RunGauge{ComesBack: plan.Partial}, "x: done; z undoes a part", kit.Success},
		{kit.RunGauge{ComesBack: plan.Gone}, "x: done; it cannot be undone", kit.Success},
		{kit.RunGauge{Undoes: true}, "x: done", kit.Success},
		{kit.RunGauge{Mind: "by an old list", ComesBack: plan.Possible}, "x: done by an old list; J shows it; z undoes it", kit.Warning},
		{kit.RunGauge{Undone: "1 of 2 steps was not done", Mind: "m"}, "x: 1 of 2 steps was not done; J shows which", kit.Failure},
	} {
		tt.in.Title = "x"
		if got := finished(tt.in); got.Text != tt.want || got.Level != tt.how {
			t.Errorf("%+v: %+v", tt.in, got)
		}
	}
}
