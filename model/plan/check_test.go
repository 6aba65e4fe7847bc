package plan_test

import (
	"errors"
	"testing"

	"regatta/model/fault"
	"regatta/model/image"
	"regatta/model/plan"
)

func TestCheckFindsDrift(t *testing.T) {
	t.Parallel()
	amd, other := img(t, "amd"), img(t, "other")
	multi := index(t, amd)
	fresh := func() plan.View { return view(tags{"v1": multi, "v2": multi, "w": other}, amd) }
	del, err := plan.ToDelete(fresh(), deletes(multi), options())
	if err != nil {
		t.Fatal(err)
	}
	untag, err := plan.ToUntag(fresh(), []string{"v1"}, options())
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		p     plan.Plan
		spoil func(v *plan.View)
		want  string
	}{
		"nothing changed":   {del, func(*plan.View) {}, ""},
		"a tag moved":       {untag, func(v *plan.View) { v.Graph.Tag("v1", other.Digest) }, "v1 points to " + other.Digest.Short()},
		"a tag went":        {untag, func(v *plan.View) { v.Graph.Untag("v1") }, "v1 is not there any more"},
		"a tag is unread":   {untag, func(v *plan.View) { v.Graph.MissingTag("v1", "denied") }, "could not be read"},
		"a tag came":        {del, func(v *plan.View) { v.Graph.Tag("v3", multi.Digest) }, "has the tag v3 now"},
		"a child is tagged": {del, func(v *plan.View) { v.Graph.Tag("amd", amd.Digest) }, "has the tag amd now"},
		"a new parent":      {del, func(v *plan.View) { v.Graph.Add(index(t, amd, other)) }, "lists " + amd.Digest.Short()},
		"a new signature":   {del, func(v *plan.View) { v.Graph.Add(referrer(t, "sig", multi)) }, "refers to"},
		"a new .sig tag":    {del, func(v *plan.View) { v.Graph.Tag(beside(multi, ".sig"), other.Digest) }, ".sig describes " + multi.Digest.Short()},
		"a new .att tag":    {del, func(v *plan.View) { v.Graph.Tag(beside(amd, ".att"), other.Digest) }, "the attestation"},
		"a new .sbom":       {del, func(v *plan.View) { v.Graph.Tag(beside(multi, ".sbom"), other.Digest) }, "the SBOM"},
		"a gap":             {del, func(v *plan.View) { v.Graph.Missing(digest("?"), "denied") }, "was not read"},
		"a last tag on ECR": {untag, func(v *plan.View) { v.Graph.Untag("v2"); v.Can.LastTagDeletes = true }, "is the last tag now"},
	} {
		v := fresh()
		c.spoil(&v)
		err := plan.Check(c.p, v)
		if c.want == "" {
			if err != nil {
				t.Errorf("%s: %v", name, err)
			}
			continue
		}
		var drift *plan.DriftError
		if !errors.As(err, &drift) || fault.KindOf(err) != fault.Drift {
			t.Errorf("%s: error is %v", name, err)
			continue
		}
		wantText(t, err.Error(), c.want)
	}
	err = plan.Check(del, view(nil))
	wantText(t, err.Error(), "and 2 more things changed")
}

func TestCheckRefusesWhatTheRegistryCannotDo(t *testing.T) {
	t.Parallel()
	a := img(t, "a")
	v := view(tags{"v1": a, "v2": a})
	del, _ := plan.ToDelete(v, deletes(a), options())
	untag, _ := plan.ToUntag(v, []string{"v1"}, options())
	dummy, _ := plan.ToUntag(noTagDelete(v), []string{"v1"}, options())
	refusal(t, plan.Check(del, noDelete(v)), plan.NoDelete, fault.Unsupported)
	refusal(t, plan.Check(untag, noTagDelete(v)), plan.NoUntag, fault.Unsupported)
	refusal(t, plan.Check(dummy, noDelete(v)), plan.NoUntag, fault.Unsupported)
	v.Registry = "elsewhere.example"
	refusal(t, plan.Check(del, v), plan.OtherRegistry, fault.Invalid)
	refusal(t, plan.Check(del), plan.OtherRegistry, fault.Invalid)
}

// A child that vanished by itself is drift too: the plan would not do what it
// says.
func TestCheckNamesAllSteps(t *testing.T) {
	t.Parallel()
	a := img(t, "a")
	p, _ := plan.ToDelete(view(tags{"v1": a}), deletes(a), options())
	var drift *plan.DriftError
	if err := plan.Check(p, view(tags{"v2": image.Manifest{Digest: a.Digest}})); !errors.As(err, &drift) || len(drift.Drifts) != 2 {
		t.Fatalf("error is %v", err)
	}
	if d := drift.Drifts[0]; d.Step != 0 || d.Reference != p.Steps[0].Reference {
		t.Errorf("drift is %+v", d)
	}
}

// A plan from a file was made before it was known what the registry deletes.
func TestAPlanIsAdaptedToWhatTheRegistryCan(t *testing.T) {
	t.Parallel()
	a := img(t, "a")
	v := view(tags{"v1": a, "v2": a})
	untag, err := plan.ToUntag(v, []string{"v1"}, options())
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		v    plan.View
		want plan.Kind
	}{
		"it removes tags":             {v, plan.Untag},
		"none alone":                  {noTagDelete(v), plan.UntagByDummy},
		"and no manifests either":     {noDelete(noTagDelete(v)), plan.Untag},
		"another registry is no help": {elsewhere(noTagDelete(v)), plan.Untag},
	} {
		got := plan.Adapted(untag, c.v)
		if got.Steps[0].Kind != c.want || untag.Steps[0].Kind != plan.Untag {
			t.Errorf("%s: %s, want %s", name, got.Steps[0].Kind, c.want)
		}
		if c.want == plan.UntagByDummy && plan.Check(got, c.v) != nil {
			t.Errorf("%s: %v", name, plan.Check(got, c.v))
		}
	}
}

func elsewhere(v plan.View) plan.View {
	v.Registry = "elsewhere.example"
	return v
}
