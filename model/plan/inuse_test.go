package plan_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"regatta/model/fault"
	"regatta/model/image"
	"regatta/model/plan"
	"regatta/model/ref"
	"regatta/model/usage"
)

// runs are options with a task that runs an image of shop/api by its tag, its
// digest or both.
func runs(tag string, d ref.Digest) plan.Options {
	o := options()
	o.Uses.Answers = []usage.Answer{{Source: usage.ECS, Scope: "eu-central-1", Uses: []usage.Use{{
		Source: usage.ECS, Place: "prod/api", How: usage.Task, Running: 3,
		Image: ref.Reference{Host: "registry.example", Repository: "shop/api", Tag: tag, Digest: d},
	}}}}
	return o
}

// hits are a plan's risks that come from what runs.
func hits(p plan.Plan) []string {
	var out []string
	for _, r := range p.Risks {
		if r.Kind == plan.InUseRisk {
			out = append(out, r.Reason)
		}
	}
	return out
}

func wantInUse(t *testing.T, err error, one ...ref.Digest) {
	t.Helper()
	var refused *plan.RefusedError
	if !errors.As(err, &refused) || refused.Why != plan.InUse || !slices.Contains(one, refused.Digest) || !fault.Is(err, fault.InUse) ||
		!strings.Contains(err.Error(), "is in use: ecs task prod/api") {
		t.Errorf("error %v", err)
	}
}

// wantGuarded asks anew about a plan that was made while nothing was in use: it
// says what a plan that is made now would say.
func wantGuarded(t *testing.T, before plan.Plan, err error, o plan.Options, refused bool, v plan.View) {
	t.Helper()
	if err != nil || len(hits(before)) > 0 || !before.TakesAway() {
		t.Fatalf("risks %v, takes away %v: %v", hits(before), before.TakesAway(), err)
	}
	now, err := plan.Guard(before, o, v)
	if refused != fault.Is(err, fault.InUse) {
		t.Errorf("refused %v, want %v", err, refused)
	}
	if o.InUse = true; refused {
		if now, err = plan.Guard(before, o, v); err != nil || len(hits(now)) != 1 || !now.Typed() {
			t.Errorf("risks %v, %v", hits(now), err)
		}
	}
	if then, err := plan.Guard(now, options(), v); err != nil || len(hits(then)) > 0 {
		t.Errorf("nothing is in use any more, and there are %v, %v", hits(then), err)
	}
}

// An image that is in use is not deleted: index, child and what the digest of
// either says, by its tag, by its digest, also when it only goes along.
func TestDeleteRefusesWhatIsInUse(t *testing.T) {
	t.Parallel()
	a, b, lone := img(t, "a", "la"), img(t, "b", "lb"), img(t, "lone", "ll")
	idx := index(t, a, b)
	v := view(tags{"v1": idx, "lone": lone}, a, b)
	for name, tt := range map[string]struct {
		o   plan.Options
		hit bool
	}{
		"by the index's digest":  {runs("", idx.Digest), true},
		"by a child's digest":    {runs("", b.Digest), true},
		"by the tag":             {runs("v1", ""), true},
		"by a tag that was read": {runs("v1", lone.Digest), true},
		"another image":          {runs("lone", lone.Digest), false},
		"a tag that is not there": {
			runs("gone", ""), false,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			before, err := plan.ToDelete(v, deletes(idx), options())
			wantGuarded(t, before, err, tt.o, tt.hit, v)
			p, err := plan.ToDelete(v, deletes(idx), tt.o)
			if !tt.hit {
				if err != nil || len(hits(p)) > 0 {
					t.Fatalf("risks %v, error %v", p.Risks, err)
				}
				return
			}
			wantInUse(t, err, idx.Digest, a.Digest, b.Digest)
			tt.o.InUse = true
			p, err = plan.ToDelete(v, deletes(idx), tt.o)
			if got := hits(p); err != nil || len(got) != 1 || !strings.HasPrefix(got[0], "in use: ecs task prod/api") || !p.Typed() {
				t.Errorf("in spite of it: risks %v, error %v", p.Risks, err)
			}
		})
	}
}

// Another registry's and another repository's uses hit nothing.
func TestUsesOfOthersDoNotCount(t *testing.T) {
	t.Parallel()
	one := img(t, "one", "l")
	v := view(tags{"v1": one})
	for _, change := range []func(*ref.Reference){
		func(r *ref.Reference) { r.Host = "other.example" }, func(r *ref.Reference) { r.Repository = "shop/web" },
	} {
		o := runs("v1", one.Digest)
		change(&o.Uses.Answers[0].Uses[0].Image)
		if _, err := plan.ToDelete(v, deletes(one), o); err != nil {
			t.Error(err)
		}
	}
}

// Untag refuses where someone would get nothing any more: who names the tag, or
// runs an image that loses its last one. Else it warns.
func TestUntagOfWhatIsInUse(t *testing.T) {
	t.Parallel()
	one := img(t, "one", "l")
	for name, tt := range map[string]struct {
		o       plan.Options
		tags    []string
		refused bool
		risk    bool
	}{
		"the tag is named":               {runs("v1", ""), []string{"v1"}, true, true},
		"the tag is named, of the past":  {runs("v1", digest("old")), []string{"v1"}, true, true},
		"another tag is named":           {runs("v2", ""), []string{"v1"}, false, true},
		"by digest, a tag stays":         {runs("", one.Digest), []string{"v1"}, false, true},
		"by digest, the last tags go":    {runs("", one.Digest), []string{"v1", "v2"}, true, true},
		"something else is in use there": {runs("", digest("other")), []string{"v1"}, false, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			v := view(tags{"v1": one, "v2": one})
			before, err := plan.ToUntag(v, tt.tags, options())
			wantGuarded(t, before, err, tt.o, tt.refused, v)
			p, err := plan.ToUntag(v, tt.tags, tt.o)
			if tt.refused {
				wantInUse(t, err, one.Digest)
				tt.o.InUse = true
				p, err = plan.ToUntag(v, tt.tags, tt.o)
			}
			if got := hits(p); err != nil || (len(got) == 1) != tt.risk || tt.risk && !p.Typed() {
				t.Errorf("risks %v, error %v", got, err)
			}
		})
	}
}

// A tag that moves off an image in use is a risk and no more, also by a copy;
// one that is new, or moves off an image that nobody uses, is none.
func TestRetagOffWhatIsInUse(t *testing.T) {
	t.Parallel()
	old, next := img(t, "old", "l1"), img(t, "next", "l2")
	v := view(tags{"prod": old, "v2": next})
	move := func(tag string) []plan.Move {
		from := ref.Reference{Host: v.Registry, Repository: v.Repository, Digest: next.Digest}
		return []plan.Move{{From: from, To: ref.Reference{Host: v.Registry, Repository: v.Repository, Tag: tag}}}
	}
	for tag, want := range map[string][]string{
		"prod": {"in use: ecs task prod/api (3 running)"}, "new": nil, "v2": nil,
	} {
		p, err := plan.ToRetag([]plan.View{v}, move(tag), runs("", old.Digest))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, hits(p)); diff != "" {
			t.Errorf("%s: %s", tag, diff)
		}
	}
	trees := []plan.Tree{{To: ref.Reference{Host: v.Registry, Repository: v.Repository, Tag: "prod"}, Manifests: []image.Manifest{next}}}
	p, err := plan.ToCopy([]plan.View{v}, trees, plan.Presence{}, "oci:x", runs("", old.Digest))
	if err != nil || len(hits(p)) != 1 {
		t.Errorf("copy: risks %v, error %v", p.Risks, err)
	}
}

// An undo warns of what has begun to run since.
func TestUndoOfWhatIsInUse(t *testing.T) {
	t.Parallel()
	old, next := img(t, "old", "l1"), img(t, "next", "l2")
	v := view(tags{"prod": old, "v2": next})
	p, err := plan.ToRetag([]plan.View{v}, []plan.Move{{
		From: ref.Reference{Host: v.Registry, Repository: v.Repository, Digest: next.Digest},
		To:   ref.Reference{Host: v.Registry, Repository: v.Repository, Tag: "prod"},
	}}, options())
	if err != nil {
		t.Fatal(err)
	}
	ran := plan.Ran{Plan: p, Outcomes: []plan.Outcome{plan.Done}}
	seen := plan.Presence{{Repository: v.Repository, Digest: old.Digest}: true}
	undo := plan.Inverse(ran, seen, v.Can, runs("", next.Digest)).Plan
	if len(undo.Steps) != 1 || len(hits(undo)) != 1 {
		t.Errorf("%d steps, risks %v", len(undo.Steps), undo.Risks)
	}
}
