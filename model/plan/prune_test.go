package plan_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"regatta/model/image"
	"regatta/model/plan"
	"regatta/model/ref"
)

func TestPrune(t *testing.T) {
	t.Parallel()
	a, b, c, d := img(t, "a"), img(t, "b"), img(t, "c"), img(t, "d")
	v := view(tags{"a": a, "b": b, "mark": c, "d": d})
	p, err := plan.ToPrune(v, plan.Pruning{
		Deletes: []ref.Digest{a.Digest}, Marks: map[string]ref.Digest{"new": b.Digest}, Unmarks: []string{"mark"},
		Reasons: map[ref.Digest]string{a.Digest: "too old", b.Digest: "old"},
		Kept:    []plan.Kept{{Digest: b.Digest, Reason: "x"}, {Digest: c.Digest, Reason: "y"}, {Digest: d.Digest, Reason: "z"}},
	}, options())
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, s := range p.Steps {
		got[string(s.Kind)+" "+s.Digest.Short()] = s.Reason
	}
	if diff := cmp.Diff(map[string]string{
		"retag " + b.Digest.Short():  "old",
		"untag " + c.Digest.Short():  "no rule asks for the image any more; it stays",
		"delete " + a.Digest.Short(): "too old; the tag a goes along",
	}, got); diff != "" {
		t.Error(diff)
	}
	if diff := cmp.Diff([]plan.Kept{
		{Digest: b.Digest, Tags: []string{"b", "new"}, Reason: "x"},
		{Digest: c.Digest, Reason: "y"},
		{Digest: d.Digest, Tags: []string{"d"}, Reason: "z"},
	}, p.Kept); diff != "" {
		t.Error(diff)
	}
	if err := plan.Check(p, v); err != nil {
		t.Error(err)
	}
	v.Graph.Tag("late", a.Digest)
	if err := plan.Check(p, v); err == nil {
		t.Error("a tag that came since is no drift")
	}
}

func TestPruneWithNothingToDoStillSaysWhatItKeeps(t *testing.T) {
	t.Parallel()
	a := img(t, "a")
	p, err := plan.ToPrune(view(tags{"a": a}), plan.Pruning{Kept: []plan.Kept{{Digest: a.Digest, Reason: "x"}}}, options())
	if err != nil || !p.Empty() || len(p.Kept) != 1 || len(p.Kept[0].Tags) != 1 {
		t.Errorf("%+v, %v", p, err)
	}
	raw, err := plan.Encode(p)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := plan.Decode(raw); err != nil {
		t.Error(err)
	}
}

// A mark is not set over another image's tag where tags do not move.
func TestPruneAsksNothingThatTheRegistryRefuses(t *testing.T) {
	t.Parallel()
	a, b := img(t, "a"), img(t, "b")
	v := view(tags{"a": a, "mark": b})
	v.Can.Mutability.Immutable = true
	for name, what := range map[string]plan.Pruning{
		"mark":   {Marks: map[string]ref.Digest{"mark": a.Digest}},
		"unmark": {Unmarks: []string{"nothing"}},
		"delete": {Deletes: []ref.Digest{img(t, "c").Digest}},
	} {
		if p, err := plan.ToPrune(v, what, options()); err == nil {
			t.Errorf("%s: %s", name, brief(p, map[string]image.Manifest{}))
		}
	}
}
