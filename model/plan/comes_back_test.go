package plan_test

import (
	"testing"

	"regatta/model/plan"
	"regatta/model/ref"
)

// How much comes back is told by what is named as lost: all of it, a part, or nothing.
func TestHowMuchComesBack(t *testing.T) {
	t.Parallel()
	one, two := img(t, "one"), img(t, "two")
	can := plan.Capabilities{TagDelete: plan.No, ManifestDelete: plan.No}
	for name, x := range map[string]struct {
		can  plan.Capabilities
		to   []string
		want plan.Verdict
	}{
		"a tag that was there": {can, []string{"v2"}, plan.Possible},
		"a new tag":            {can, []string{"new"}, plan.Gone},
		"both":                 {can, []string{"new", "v2"}, plan.Partial},
		"a new tag that goes":  {plan.Capabilities{TagDelete: plan.Yes}, []string{"new"}, plan.Possible},
		"two new ones":         {can, []string{"new", "newer"}, plan.Gone},
	} {
		v := view(tags{"v1": one, "v2": two})
		v.Can = x.can
		at := ref.Reference{Host: v.Registry, Repository: v.Repository}
		var moves []plan.Move
		for _, tag := range x.to {
			from, to := at, at
			from.Tag, to.Tag = "v1", tag
			moves = append(moves, plan.Move{From: from, To: to})
		}
		p, err := plan.ToRetag([]plan.View{v}, moves, options())
		if err != nil {
			t.Fatal(name, err)
		}
		if p = foreseen(t, p, v); p.ComesBack() != x.want {
			t.Errorf("%s: %s, lost %+v", name, p.ComesBack(), p.Lost)
		}
	}
}

// What only may not come back is promised: it is tried.
func TestWhatIsInDoubtComesBack(t *testing.T) {
	t.Parallel()
	lost := plan.Plan{Lost: []plan.Lost{{Digest: digest("x"), Maybe: true}}}
	for _, p := range []plan.Plan{lost, {Untried: true}} {
		if p.ComesBack() != plan.Unsure {
			t.Error(p.ComesBack())
		}
	}
}

// A copy to a registry that deletes nothing stays, and is named once, by its undo too.
func TestWhatACopyLeavesIsNamedOnce(t *testing.T) {
	t.Parallel()
	one := img(t, "one", "base")
	for name, x := range map[string]struct {
		can  plan.Capabilities
		lost int // tags
	}{
		"deletes nothing":   {plan.Capabilities{TagDelete: plan.No, ManifestDelete: plan.No}, 1},
		"deletes tags only": {plan.Capabilities{TagDelete: plan.Yes, ManifestDelete: plan.No}, 0},
	} {
		v := mirrorView(nil)
		v.Can = x.can
		p, err := plan.ToCopy([]plan.View{v}, []plan.Tree{tree("v1", one)}, plan.Presence{}, "", options())
		if err != nil {
			t.Fatal(name, err)
		}
		p = foreseen(t, p, v)
		if len(p.Lost) != 1 || len(p.Lost[0].Tags) != x.lost {
			t.Errorf("%s: lost is %+v", name, p.Lost)
		}
	}
}
