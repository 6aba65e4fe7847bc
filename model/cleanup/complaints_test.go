package cleanup_test

import (
	"testing"

	"regatta/model/cleanup"
	"regatta/model/plan"
)

// What other tools did to people, one case each.
func TestComplaints(t *testing.T) {
	t.Parallel()
	three := func() *shop {
		return newShop().image("both", 99*day, "pr-1", "v1").image("pr", 99*day, "pr-2").image("v", 99*day, "v2")
	}
	for name, c := range map[string]struct {
		shop  *shop
		rules cleanup.Rules
		want  string
	}{
		"a sibling tag that does not match keeps the image": {
			three(), cleanup.Rules{Match: []string{"pr-*"}}, "pr",
		},
		"unless one tag is enough": {
			three(), cleanup.Rules{Match: []string{"pr-*"}, AnyTag: true}, "both pr",
		},
		"an excluded sibling keeps it also then": {
			three(), cleanup.Rules{Match: []string{"pr-*"}, AnyTag: true, Exclude: []string{"v*"}}, "pr",
		},
		"no rule removes nothing": {three(), cleanup.Rules{}, ""},
		"only reasons to keep remove nothing": {
			three(), cleanup.Rules{Exclude: []string{"v1"}, Protected: []string{"v2"}}, "",
		},
		"every condition has to hold": {
			newShop().image("a", 99*day, "a").image("b", 2*day, "b").image("c", 100*day, "c"),
			cleanup.Rules{OlderThan: 90 * day, Last: &cleanup.Last{Count: 2}},
			"c",
		},
		"children of an index that stays, stay": {
			newShop().image("amd", 99*day).image("arm", 99*day).index("multi", 1*day, []string{"amd", "arm"}, "v1"),
			cleanup.Rules{Untagged: true, OlderThan: 30 * day},
			"",
		},
		"children and signatures are no images that count": {
			newShop().image("amd", 1*day).image("arm", 1*day).index("multi", 2*day, []string{"amd", "arm"}, "v2").
				image("sig", 1*day, signature("multi")).image("old", 3*day, "v1").image("older", 4*day, "v0"),
			cleanup.Rules{Last: &cleanup.Last{Count: 2}},
			"older",
		},
		"a signature goes with its image only": {
			newShop().image("a", 99*day, "a").image("sig", 1*day, signature("a")).image("b", 1*day, "b").
				image("old sig", 99*day, signature("b")),
			cleanup.Rules{OlderThan: 30 * day},
			"a sig",
		},
		"each pattern keeps its own": {
			newShop().image("v2", 2*day, "v2").image("v1", 3*day, "v1").image("p2", 4*day, "p2").image("p1", 5*day, "p1"),
			cleanup.Rules{Match: []string{"v*", "p*"}, Last: &cleanup.Last{Count: 1}},
			"v1 p1",
		},
		"orphans are no images that count": {
			newShop().image("a", 1*day, "v1").image("sig", 1*day, signature("lost")).gone("lost"),
			cleanup.Rules{Match: []string{"*"}, Last: &cleanup.Last{Count: 5}, Orphans: true},
			"sig",
		},
		"untagged images of a nested index": {
			newShop().image("amd", 99*day).index("inner", 99*day, []string{"amd"}).index("outer", 1*day, []string{"inner"}, "v1"),
			cleanup.Rules{Untagged: true},
			"",
		},
		"an image with an unreadable neighbour has a parent perhaps": {
			func() *shop { s := newShop().image("amd", 99*day); s.graph.MissingTag("v1", "timed out"); return s }(),
			cleanup.Rules{Untagged: true},
			"",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := c.shop.evaluate(c.rules)
			if r := removed(t, got, "both", "pr", "v", "a", "b", "c", "amd", "arm", "multi", "sig", "old", "older",
				"old sig", "v2", "v1", "p2", "p1", "inner", "outer"); r != c.want {
				t.Errorf("removes %q, want %q", r, c.want)
			}
			planned, err := plan.ToPrune(c.shop.view(), got.Pruning(), plan.Options{At: today})
			if err != nil {
				t.Fatal(err)
			}
			if len(planned.Removes()) != got.Summarize().Remove || planned.ReclaimedBytes != got.Bytes {
				t.Errorf("the plan removes %d of %d, %d bytes of %d",
					len(planned.Removes()), got.Summarize().Remove, planned.ReclaimedBytes, got.Bytes)
			}
			if len(planned.Kept)+len(planned.Removes()) != len(got.Verdicts) {
				t.Error("not every image is in the plan")
			}
		})
	}
}
