package plan_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"regatta/model/plan"
	"regatta/model/ref"
)

// What undo will ask of the registry is said before: what it refused, and what nobody
// knows that it does.
func TestWhatUndoAsksIsSaidBefore(t *testing.T) {
	t.Parallel()
	one := img(t, "one", "base")
	refused := plan.Refusal{At: time.Date(2026, 11, 30, 0, 0, 0, 0, time.UTC), Status: 405}
	for name, tt := range map[string]struct {
		can        plan.Capabilities
		risk, note string
	}{
		"known":          {plan.Capabilities{TagDelete: plan.Yes, ManifestDelete: plan.Yes}, "", ""},
		"not tried":      {plan.Capabilities{}, "", "deletes tags: undo leaves what this adds if it does not"},
		"refused":        {plan.Capabilities{TagRefused: refused}, "undo asks to delete tags of shop/api, which registry.example refused on 2026-11-30 (405); if not, it goes with a dummy manifest, where that can be", ""},
		"does meanwhile": {plan.Capabilities{TagDelete: plan.Yes, TagRefused: refused}, "", ""},
		"by a dummy": {
			plan.Capabilities{TagDelete: plan.No, ManifestDelete: plan.Yes, ManifestRefused: refused, TagRefused: refused}, "", "",
		},
	} {
		v := view(tags{"v1": one})
		v.Can = tt.can
		v.Can.ListsUntagged = true
		p, err := plan.ToRetag([]plan.View{v}, []plan.Move{{From: v1Of(v), To: newOf(v)}}, options())
		if err != nil {
			t.Fatal(name, err)
		}
		p = foreseen(t, foreseen(t, p, v), v) // twice says the same
		var risks []string
		for _, r := range p.Risks {
			if r.Kind == plan.RefusedBefore {
				risks = append(risks, r.Reason)
			}
		}
		notes := slices.DeleteFunc(slices.Clone(p.Notes), func(n string) bool { return !strings.Contains(n, "undo leaves") })
		said := strings.Join(append(risks, notes...), "\n")
		if want := tt.risk + tt.note; !strings.HasSuffix(said, want) || (want == "") != (said == "") || len(risks)+len(notes) > 1 {
			t.Errorf("%s: it says %q, want %q", name, said, want)
		}
		if unsure := p.ComesBack() == plan.Unsure; unsure != (tt.risk+tt.note != "") || unsure != p.Untried {
			t.Errorf("%s: it comes back: %s, untried is %t", name, p.ComesBack(), p.Untried)
		}
		if read := reread(t, p); read.Untried != p.Untried {
			t.Errorf("%s: the file says %t", name, read.Untried)
		}
	}
}

// A plan that takes away and whose undo only puts back asks nothing of the kind.
func TestUndoOfADeleteAsksNoDelete(t *testing.T) {
	t.Parallel()
	one := img(t, "one", "base")
	v := view(tags{"v1": one})
	v.Can = plan.Capabilities{}
	p, err := plan.ToDelete(v, deletes(one), options())
	if err != nil {
		t.Fatal(err)
	}
	if p = foreseen(t, p, v); p.Untried || p.ComesBack() != plan.Possible {
		t.Errorf("it comes back: %s", p.ComesBack())
	}
}

func v1Of(v plan.View) ref.Reference {
	return ref.Reference{Host: v.Registry, Repository: v.Repository, Tag: "v1"}
}

func newOf(v plan.View) ref.Reference {
	return ref.Reference{Host: v.Registry, Repository: v.Repository, Tag: "new"}
}

func reread(t *testing.T, p plan.Plan) plan.Plan {
	t.Helper()
	raw, err := plan.Encode(p)
	if err != nil {
		t.Fatal(err)
	}
	out, err := plan.Decode(raw)
	if err != nil {
		t.Fatal(err)
	}
	return out
}
