package plan_test

import (
	"testing"

	"regatta/model/image"
	"regatta/model/plan"
	"regatta/model/ref"
)

// foreseen is p when the registry was asked for all that it wants to know; gone are the
// blobs that it does not have.
func foreseen(t *testing.T, p plan.Plan, v plan.View, gone ...string) plan.Plan {
	t.Helper()
	seen, sources := plan.Presence{}, plan.Sources{}
	for range 9 {
		made, asks := plan.Foresee(p, seen, sources, v)
		if len(asks) == 0 {
			return made
		}
		for _, a := range asks {
			if a.Elsewhere {
				sources[a.Digest] = ""
				continue
			}
			seen[a.Place] = true
		}
		for _, name := range gone {
			seen[here(digest(name))] = false
		}
	}
	t.Fatal("there is no end of questions")
	return p
}

// wantDoubt has p name these, with their tags, as what may not come back.
func wantDoubt(t *testing.T, p plan.Plan, why string, want map[ref.Digest]int) {
	t.Helper()
	if len(p.Lost) != len(want) {
		t.Fatalf("lost is %+v", p.Lost)
	}
	for _, l := range p.Lost {
		if n, ok := want[l.Digest]; !ok || !l.Maybe || len(l.Tags) != n {
			t.Errorf("lost is %+v", l)
		}
	}
	wantText(t, p.Lost[0].Reason+p.Lost[len(p.Lost)-1].Reason, why)
}

// Every plan that takes something away says of what lacks a blob that it may not come
// back, and of what is whole nothing.
func TestThePlanNamesWhatLacksABlob(t *testing.T) {
	t.Parallel()
	good, bad := img(t, "good", "base"), img(t, "bad", "base", "own")
	multi := index(t, bad)
	build := map[string]func(v plan.View) (plan.Plan, error){
		"delete": func(v plan.View) (plan.Plan, error) { return plan.ToDelete(v, deletes(bad), options()) },
		"prune": func(v plan.View) (plan.Plan, error) {
			return plan.ToPrune(v, plan.Pruning{Deletes: []ref.Digest{bad.Digest}}, options())
		},
		"untag": func(v plan.View) (plan.Plan, error) { return plan.ToUntag(v, []string{"v1", "v2"}, options()) },
		"retag": func(v plan.View) (plan.Plan, error) {
			to := ref.Reference{Host: v.Registry, Repository: v.Repository}
			from, first, second := to, to, to
			from.Tag, first.Tag, second.Tag = "good", "v1", "v2"
			return plan.ToRetag([]plan.View{v}, []plan.Move{{From: from, To: first}, {From: from, To: second}}, options())
		},
	}
	for name, plans := range build {
		v := view(tags{"v1": bad, "v2": bad, "good": good})
		p, err := plans(v)
		if err != nil {
			t.Fatal(name, err)
		}
		if whole := foreseen(t, p, v); len(whole.Lost) != 0 {
			t.Errorf("%s of what is whole: %+v", name, whole.Lost)
		}
		wantDoubt(t, foreseen(t, p, v, "own"), "no longer has its blob "+digest("own").Short(), map[ref.Digest]int{bad.Digest: 2})
	}
	v := view(tags{"ix": multi, "good": good}, bad)
	p, err := plan.ToDelete(v, deletes(multi), options())
	if err != nil {
		t.Fatal(err)
	}
	wantDoubt(t, foreseen(t, p, v, "own"), "which may not come back", map[ref.Digest]int{bad.Digest: 0, multi.Digest: 1})
}

// A tag that is new, or goes with an image that has others, is no loss.
func TestANewTagIsNoLoss(t *testing.T) {
	t.Parallel()
	a := img(t, "a")
	v := likeECR(view(tags{"v1": a}))
	v.Can.Mutability = image.Mutability{Immutable: true}
	to := ref.Reference{Host: v.Registry, Repository: v.Repository, Tag: "new"}
	from := to
	from.Tag = "v1"
	p, err := plan.ToRetag([]plan.View{v}, []plan.Move{{From: from, To: to}}, options())
	if err != nil {
		t.Fatal(err)
	}
	if p = foreseen(t, p, v); len(p.Lost) != 0 {
		t.Errorf("lost is %+v", p.Lost)
	}
}

// What nobody could ask for is said.
func TestThePlanSaysWhatWasNotLookedAt(t *testing.T) {
	t.Parallel()
	v := view(tags{"v1": img(t, "a", "base")})
	p, err := plan.ToUntag(v, []string{"v1"}, options())
	if err != nil {
		t.Fatal(err)
	}
	made, asks := plan.Foresee(p, nil, nil, v)
	made = made.Unseen(asks, "it was too much")
	wantText(t, made.Notes[len(made.Notes)-1], "what goes may not come back: 2 parts of it were not looked at: it was too much")
	if len(p.Unseen(nil, "").Notes) != len(p.Notes) {
		t.Errorf("notes are %v", p.Notes)
	}
}

// What is not whole is not promised to be kept.
func TestTheArchivePromisesOnlyWhatIsWhole(t *testing.T) {
	t.Parallel()
	good, bad := img(t, "good", "base"), img(t, "bad", "base", "own")
	v := view(tags{"v1": bad, "v2": good})
	p, err := plan.ToDelete(v, deletes(good, bad), options())
	if err != nil {
		t.Fatal(err)
	}
	var catches []plan.Catch
	for _, m := range []image.Manifest{good, bad} {
		what := ref.Reference{Host: v.Registry, Repository: v.Repository, Digest: m.Digest}
		catches = append(catches, plan.Catch{What: what, Kind: "image", Size: 1})
	}
	steps := plan.Archived(foreseen(t, p, v, "own"), catches, "oci:kept").Steps
	wantText(t, steps[0].Reason, "so that undo has it")
	wantText(t, steps[1].Reason, "which is not whole: what cannot be kept is not deleted")
}
