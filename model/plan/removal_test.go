package plan_test

import (
	"testing"

	"regatta/model/plan"
)

// Whether tags go before their manifest or with it is as the registry is known to want
// it; where the last tag takes the image along they go with it.
func TestTagsGoInTheOrderThatTheRegistryTakes(t *testing.T) {
	t.Parallel()
	const together, first = "delete one +a+b", "untag a, untag b, delete one"
	for _, x := range []struct {
		tags, tagged plan.Support
		last         bool
		want         string
	}{
		{plan.Yes, plan.Yes, false, together},
		{plan.Yes, plan.Yes, true, together},
		{plan.Yes, plan.No, false, first},
		{plan.Yes, plan.No, true, first},
		{plan.Yes, plan.Unknown, false, first},
		{plan.Yes, plan.Unknown, true, together},
		{plan.No, plan.Yes, false, together},
		{plan.No, plan.Unknown, false, together},
		{plan.Unknown, plan.Unknown, false, together},
		{plan.Unknown, plan.No, false, first},
	} {
		one := img(t, "one")
		v := view(tags{"a": one, "b": one})
		v.Can.TagDelete, v.Can.TaggedDelete, v.Can.LastTagDeletes = x.tags, x.tagged, x.last
		p, err := plan.ToDelete(v, deletes(one), options())
		if err != nil {
			t.Errorf("%+v: %v", x, err)
			continue
		}
		if got := brief(p, tags{"one": one}); got != x.want {
			t.Errorf("%+v: %s", x, got)
		}
	}
}
