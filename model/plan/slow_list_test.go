package plan_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"regatta/model/fault"
	"regatta/model/plan"
	"regatta/model/ref"
)

func wantSlowList(t *testing.T, what string, err error) {
	t.Helper()
	var refused *plan.RefusedError
	if !errors.As(err, &refused) || refused.Why != plan.SlowList || !fault.Is(err, fault.Stale) ||
		!strings.Contains(err.Error(), "take longer than 1.0s to list") {
		t.Errorf("%s: error %v", what, err)
	}
}

// goesByOlder reports whether a plan says that it goes by an old list, and does.
func goesByOlder(p plan.Plan) (says, does bool) {
	says = slices.ContainsFunc(p.Risks, func(r plan.Risk) bool {
		return r.Kind == plan.SlowListRisk && r.Typed && r.Override
	})
	does = slices.ContainsFunc(p.Steps, func(s plan.Step) bool { return s.Kind == plan.Delete && s.Unchecked })
	return says, does
}

// Where the tags take longer to list than a list holds, a delete is refused, or says that it
// goes by an older one; not where the registry tells the tags of an image.
func TestSlowList(t *testing.T) {
	t.Parallel()
	old := img(t, "old", "l1")
	for name, tt := range map[string]struct {
		took          time.Duration
		tells         bool
		allows        plan.OldList
		refused, says bool
	}{
		"quick":            {took: time.Second},
		"quick, allowed":   {took: time.Second, allows: plan.WhereSlow},
		"quick, asked for": {took: time.Second, allows: plan.AnyAge, says: true},
		"slow":             {took: time.Second + 1, refused: true},
		"slow, allowed":    {took: time.Second + 1, allows: plan.WhereSlow, says: true},
		"slow, asked for":  {took: time.Second + 1, allows: plan.AnyAge, says: true},
		"slow, told":       {took: time.Minute, tells: true},
		"slow, told, all":  {took: time.Minute, tells: true, allows: plan.AnyAge},
	} {
		v, o := view(tags{"v2": old}), options()
		v.Listing, v.Can.TellsTags, o.SlowList = tt.took, tt.tells, tt.allows
		p, err := plan.ToDelete(v, deletes(old), o)
		_, pruned := plan.ToPrune(v, plan.Pruning{Deletes: []ref.Digest{old.Digest}}, o)
		if tt.refused {
			wantSlowList(t, name, err)
			wantSlowList(t, name+", pruned", pruned)
			continue
		}
		if says, does := goesByOlder(p); err != nil || pruned != nil || says != tt.says || does != tt.says {
			t.Errorf("%s: says so is %t, does is %t: %v, %v", name, says, does, err, pruned)
		}
		if _, err := plan.ToUntag(v, []string{"v2"}, o); err != nil {
			t.Errorf("%s: untag: %v", name, err)
		}
	}
}

// A plan of before is judged by how long the tags take to list now, whatever it says itself.
func TestRelist(t *testing.T) {
	t.Parallel()
	old := img(t, "old", "l1")
	v, allowed := view(tags{"v2": old}), options()
	slow := v
	slow.Listing, allowed.SlowList = time.Minute, plan.WhereSlow
	was, err := plan.ToDelete(slow, deletes(old), allowed)
	if err != nil {
		t.Fatal(err)
	}
	_, err = plan.Relist(was, options(), slow)
	wantSlowList(t, "slow still", err)
	now, err := plan.Relist(was, options(), v)
	if says, does := goesByOlder(now); err != nil || says || does {
		t.Errorf("quick now: says so is %t, does is %t: %v", says, does, err)
	}
	now, err = plan.Relist(now, allowed, slow)
	if says, does := goesByOlder(now); err != nil || !says || !does {
		t.Errorf("slow again: says so is %t, does is %t: %v", says, does, err)
	}
	if says, does := goesByOlder(was); !says || !does {
		t.Error("the plan of before was changed")
	}
}

// What is left of a run goes by its own steps: those that may go by an older list say so,
// and of the others it is said that they will be skipped.
func TestHeld(t *testing.T) {
	t.Parallel()
	old := img(t, "old", "l1")
	v, allowed := view(tags{"v2": old}), options()
	slow := v
	slow.Listing, allowed.SlowList = time.Minute, plan.WhereSlow
	for name, made := range map[string]plan.View{"quick": v, "slow": slow} {
		was, err := plan.ToDelete(made, deletes(old), allowed)
		if err != nil {
			t.Fatal(err)
		}
		for when, at := range map[string]plan.View{"quick": v, "slow": slow} {
			now := plan.Held(was, plan.NoOldList, at)
			says, does := goesByOlder(now)
			notes := len(now.Notes) > len(was.Notes) && strings.HasSuffix(now.Notes[len(now.Notes)-1], "nothing is deleted there")
			if all := plan.Held(was, plan.AnyAge, at); !all.GoesByOlder() || was.GoesByOlder() != (name == "slow") {
				t.Errorf("made %s, now %s: it does not go by an older list, as asked for", name, when)
			}
			if does != (name == "slow") || says != (name == "slow") || notes != (name == "quick" && when == "slow") {
				t.Errorf("made %s, now %s: says so is %t, does is %t, %v", name, when, says, does, now.Notes)
			}
		}
	}
}
