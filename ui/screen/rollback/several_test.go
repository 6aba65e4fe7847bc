package rollback_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"regatta/model/catalog"
	"regatta/model/fault"
	"regatta/model/ref"
	model "regatta/model/rollback"
	"regatta/ui"
	"regatta/ui/kit"
	"regatta/ui/screen/rollback"
	"regatta/ui/uitest"
)

// release knows the tags of one release.
type release struct {
	members []rollback.Member
	note    string
	err     error
	loaded  map[string]rollback.Loaded // by repository; others are not found
	slow    map[string]bool            // repositories that take a second
	choice  model.Candidate
	goals   []model.Goal
	saved   [][]string

	finds int
	loads gauge
}

func (r *release) find(context.Context) ([]rollback.Member, string, error) {
	r.finds++
	return r.members, r.note, r.err
}

func (r *release) load(ctx context.Context, tag ref.Reference) (rollback.Loaded, error) {
	l, ok := r.loaded[tag.Repository]
	err := r.loads.during(func() error {
		switch {
		case r.slow[tag.Repository]:
			return pause(ctx, settle)
		case !ok:
			return &fault.Error{Kind: fault.NotFound, Op: "read", Object: tag.Repository}
		}
		return nil
	})
	return l, err
}

func (r *release) wiring() rollback.SeveralWiring {
	return rollback.SeveralWiring{
		Context: catalog.Context{Name: "dev", Host: "registry.example"}, Find: r.find, Load: r.load,
		Choose: func(tag ref.Reference, chosen func(model.Candidate, ref.Digest)) kit.Screen {
			chosen(r.choice, digest("9"))
			return &page{"the candidates of " + tag.Repository}
		},
		Compare: func(tag ref.Reference, one model.Candidate, from ref.Digest) kit.Screen {
			return &page{fmt.Sprintf("%s: %s from %s", tag.Repository, one.Digest.Short(), from.Short())}
		},
		Plan: func(goals []model.Goal) kit.Screen {
			r.goals = goals
			return &page{fmt.Sprintf("the plan of %d", len(goals))}
		},
	}
}

// wanted is what was planned: REPOSITORY FROM>TO.
func (r *release) wanted() string {
	var out []string
	for _, g := range r.goals {
		out = append(out, fmt.Sprintf("%s %s>%s", g.Tag.Repository, g.From.Short()[:1], g.To.Digest.Short()[:1]))
	}
	return strings.Join(out, ", ")
}

func member(repository string, in bool) rollback.Member {
	return rollback.Member{Tag: at(repository), In: in}
}

// candidate is named by a tag, for a reason.
func candidate(hex, tag string) model.Candidate {
	return model.Candidate{Digest: digest(hex), Tags: []string{tag}, Reason: "it was " + tag}
}

// three are two tags of one release, and one that follows another.
func three() *release {
	bad := candidate("b", "v1.9")
	bad.Bad, bad.Reason = true, "rolled back from before"
	return &release{
		members: []rollback.Member{member("shop/api", true), member("shop/web", true), member("shop/doc", false)},
		note:    "2 repositories were not asked",
		loaded: map[string]rollback.Loaded{
			"shop/api": {Current: digest("1"), Names: []string{"v2.0"}, Candidates: []model.Candidate{bad, candidate("a", "v1.8"), candidate("c", "v1.7")}},
			"shop/web": {Current: digest("2"), Names: []string{"v2.0"}, Candidates: []model.Candidate{candidate("d", "v1.9"), candidate("e", "v1.8"), candidate("f", "v1.7")}},
			"shop/doc": {Current: digest("3"), Candidates: []model.Candidate{candidate("0", "v5")}, Notes: []string{"who runs it is not known", "nor where"}},
		},
		slow: map[string]bool{},
	}
}

func together(t *testing.T, r *release, act func(*uitest.Driver)) {
	t.Helper()
	keep := func(o *ui.Options) {
		o.Common.Save = func(_ context.Context, name string, rows [][]string) (string, error) {
			r.saved = rows
			return "/tables/" + name, nil
		}
	}
	uitest.Perform(t, uitest.Stage{Width: 120, Height: 24, Options: keep, Screen: func(_ *testing.T, com kit.Common) kit.Screen {
		return rollback.NewSeveral(com, r.wiring())
	}}, act)
}

// The tags of one release go back to one release, and none to what was bad.
func TestTogether(t *testing.T) {
	t.Parallel()
	r := three()
	together(t, r, func(s *uitest.Driver) {
		s.Advance(settle).See("roll back together", "What is marked goes back together", "one plan, one confirmation, one revert", "2 of 3 tags marked", "2 repositories were not asked")
		s.SeeLine(`shop/api:prod +v2\.0 +v1\.8 +aaaaaaaaaaaa +it was v1\.8`).SeeLine(`shop/web:prod +v2\.0 +v1\.8 +eeeeeeeeeeee`).SeeLine(`shop/doc:prod +333333333333 +v5 +000000000000`)
		s.Press("enter").See("the plan of 2").Press("esc", "G").See(" ! who runs it is not known; nor where").Press("=").See("shop/doc: 000000000000 from 333333333333").Press("esc")
		s.Press("space").See("3 of 3 tags marked").Press("enter").See("the plan of 3").Press("esc")
		s.Press("esc").See(uitest.Home) // the marks are what goes back: esc does not take them one by one
	})
	if got := r.wanted(); got != "shop/api 1>a, shop/web 2>e, shop/doc 3>0" {
		t.Errorf("planned %s", got)
	}
}

func TestTogetherByHand(t *testing.T) {
	t.Parallel()
	r := three()
	r.choice = candidate("c", "v1.7")
	together(t, r, func(s *uitest.Driver) {
		s.Advance(settle).Press("g", "o").See("the candidates of shop/api").Press("esc")
		s.SeeLine(`shop/api:prod +v2\.0 +v1\.7 +cccccccccccc`).SeeLine(`shop/web:prod +v2\.0 +v1\.7 +ffffffffffff`).SeeLine(`shop/doc:prod +333333333333 +v5`) // the others follow
		r.choice = candidate("d", "v1.9")
		s.Press("j", "o", "esc").SeeLine(`shop/web:prod +v2\.0 +v1\.9 +dddddddddddd`).SeeLine(`shop/api:prod +v2\.0 +v1\.7 +cccccccccccc`) // what was chosen by hand stays
		r.choice = candidate("7", "v4")
		s.Press("j", "o", "esc").See("3 of 3 tags marked").Press("enter").See("the plan of 3")
	})
	if got := r.wanted(); got != "shop/api 9>c, shop/web 9>d, shop/doc 9>7" {
		t.Errorf("planned %s", got)
	}
}

// Nothing that is marked is left behind: what cannot go back says so first.
func TestTogetherNotAll(t *testing.T) {
	t.Parallel()
	r := three()
	r.slow["shop/web"] = true
	r.loaded["shop/doc"] = rollback.Loaded{Current: digest("3"), Candidates: r.loaded["shop/api"].Candidates[:1]}
	r.members = append(r.members, member("shop/gone", false))
	together(t, r, func(s *uitest.Driver) {
		s.See("looking for what they pointed to, 3 of 4", " ! what shop/web:prod pointed to is not known yet").SeeLine(`shop/web:prod +· +· +· +·`)
		s.Press("enter").See("what shop/web:prod pointed to is not known yet").Press("j").CursorOn("shop/web").Press("o").See("what it pointed to is not known").Press("=").See("there is nothing to compare with")
		s.Advance(2 * settle).SeeLine(`shop/web:prod +v2\.0 +v1\.8`).SeeLine(`shop/doc:prod +333333333333 +– +– +! nothing is known that it could go back `)
		s.SeeLine(`shop/gone:prod +– +– +– +✗ there is no such tag`).Press("j", "space").CursorOn("shop/gone")
		s.See(" ! nothing is known that shop/doc:prod could go back to: o looks, space takes its mark away", "not found: read shop/gone").Press("enter").See("shop/doc:prod could go back to")
		s.Press("k", "=").See("there is nothing to compare with").Press("space").CursorOn("shop/gone").Press("space")
		s.See(" ! shop/gone:prod cannot go back: space takes its mark away").Press("enter").See("cannot go back").Press("o").See("what it pointed to is not known")
		s.Press("space", "g", "space", "space").See(" ! no tag is marked: space marks").Press("enter").See("no tag is marked")
		s.Press("/").Type("is:failed").Press("enter").CursorOn("shop/gone").SeeNot("shop/api").Press("esc").See("shop/api").Press("ctrl+s").See("/tables/")
	})
	if len(r.goals) > 0 {
		t.Errorf("planned %s", r.wanted())
	}
	want := [][]string{
		{"tag", "now", "to", "digest", "why"},
		{"shop/api:prod", string(digest("1")), "v1.8", string(digest("a")), "it was v1.8"},
		{"shop/web:prod", string(digest("2")), "v1.8", string(digest("e")), "it was v1.8"},
		{"shop/doc:prod", string(digest("3")), "", "", "! nothing is known that it could go back to"},
		{"shop/gone:prod", "", "", "", "✗ there is no such tag"},
	}
	if fmt.Sprintf("%q", r.saved) != fmt.Sprintf("%q", want) {
		t.Errorf("saved\n%q\nwant\n%q", r.saved, want)
	}
}

func TestTogetherAdds(t *testing.T) {
	t.Parallel()
	r := three()
	r.members = r.members[:1]
	r.note = ""
	together(t, r, func(s *uitest.Driver) {
		s.Advance(settle).See("1 of 1 tag marked").Press("n").See("which tag goes back too?", "REPOSITORY:TAG")
		for _, wrong := range []string{"shop/web", "shop/web@" + string(digest("a")), "SHOP/web:prod"} {
			s.Type(wrong).Press("enter").See("which tag goes back too?", "> "+wrong[:8]).Press("esc", "n")
		}
		s.Press("enter").See("which tag goes back too?").Type("shop/doc").Press("enter").See("want REPOSITORY:TAG").Type(":prod").Press("enter").Advance(settle)
		s.See("2 of 2 tags marked").SeeLine(`shop/doc:prod +333333333333 +v5`)
		s.Press("G", "space", "n").Type("shop/doc:prod").Press("enter").Advance(settle).See("2 of 2 tags marked").Press("enter").See("the plan of 2") // it is there already: it is marked
	})
	if got := r.wanted(); got != "shop/api 1>a, shop/doc 3>0" || r.loads.all != 2 {
		t.Errorf("planned %s, read %d", got, r.loads.all)
	}
}

func TestTogetherAgain(t *testing.T) {
	t.Parallel()
	r := three()
	r.err = &fault.Error{Kind: fault.Timeout, Op: "list repositories of", Object: "registry.example"}
	together(t, r, func(s *uitest.Driver) {
		s.See("list repositories of registry.example: timed out", "Nothing was changed. r looks again, esc goes back.").SeeNot("TAG").Press("enter").See("no tag is marked")
		r.err = nil
		s.Press("r").Advance(settle).See("2 of 3 tags marked").Press("G", "space").See("3 of 3 tags marked")
		r.loaded["shop/doc"] = rollback.Loaded{Current: digest("4"), Candidates: []model.Candidate{candidate("5", "v4")}}
		s.Press("r").Advance(settle).See("3 of 3 tags marked").SeeLine(`shop/doc:prod +444444444444 +v4 +555555555555`).CursorOn("shop/doc") // the marks stay
		r.loaded["shop/doc"] = three().loaded["shop/doc"]
		s.Send(kit.Refresh{}).Advance(settle).SeeLine(`shop/doc:prod +333333333333 +v5`).ClickOn("shop/web").CursorOn("shop/web")
	})
	if r.finds != 2 || r.loads.all != 9 {
		t.Errorf("found %d times, read %d", r.finds, r.loads.all)
	}
}

// Tags are read a few at a time, each once.
func TestTogetherReads(t *testing.T) {
	t.Parallel()
	r := &release{loaded: map[string]rollback.Loaded{}, slow: map[string]bool{}}
	for i := range 20 {
		name := fmt.Sprintf("shop/r%02d", i)
		r.members = append(r.members, member(name, true))
		r.loaded[name], r.slow[name] = rollback.Loaded{Current: digest("1"), Candidates: []model.Candidate{candidate("a", "v1")}}, true
	}
	together(t, r, func(s *uitest.Driver) {
		s.See("looking for what they pointed to, 0 of 20").Advance(settle + settle/2).See("6 of 20").Press("enter").See("what shop/r06:prod pointed to is not known yet")
		s.Advance(5 * settle).Press("g").See("20 of 20 tags marked").Press("enter").See("the plan of 20")
	})
	if r.loads.most != 6 || r.loads.all != 20 {
		t.Errorf("read %d, %d at a time", r.loads.all, r.loads.most)
	}
	together(t, r, func(s *uitest.Driver) { // also when somebody looks again in the middle of it
		s.Advance(settle / 2)
		r.loaded["shop/r00"] = rollback.Loaded{Current: digest("2"), Candidates: []model.Candidate{candidate("b", "v2")}}
		s.Press("r").Advance(3 * settle / 4).SeeLine(`shop/r00:prod +· +· +· +·`).Advance(6 * settle).See("20 of 20 tags marked").SeeLine(`shop/r00:prod +222222222222 +v2`)
	})
}
