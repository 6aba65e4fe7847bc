package rollback_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"
	"time"

	"regatta/model/catalog"
	"regatta/model/deploy"
	"regatta/model/journal"
	"regatta/model/plan"
	"regatta/model/ref"
	model "regatta/model/rollback"
	"regatta/ui/kit"
	"regatta/ui/screen/rollback"
	"regatta/ui/uitest"
)

// follower looks at one rollback.
type follower struct {
	sync.Mutex // it looks by itself, too

	sight     model.Sight
	err       error
	slow      time.Duration
	notes     []string
	noteErr   error
	record    string
	recordErr error

	looks, anew int
}

func (f *follower) Look(ctx context.Context, again bool) (model.Sight, error) {
	f.Lock()
	f.looks++
	if again {
		f.anew++
	}
	sight, err := f.sight, f.err
	f.Unlock()
	return sight, cmp.Or(pause(ctx, f.slow), err)
}

func (f *follower) seen() int {
	f.Lock()
	defer f.Unlock()
	return f.looks
}

func (f *follower) Note(_ context.Context, why string) error {
	f.notes = append(f.notes, why)
	return f.noteErr
}

func (f *follower) Record(context.Context) (string, error) { return f.record, f.recordErr }

func after(t *testing.T, f *follower, act func(*uitest.Driver)) {
	t.Helper()
	afterOn(t, uitest.Stage{Width: 120, Height: 40}, f, act)
}

func afterOn(t *testing.T, stage uitest.Stage, f *follower, act func(*uitest.Driver)) {
	t.Helper()
	leads := func(name string) func() kit.Screen { return func() kit.Screen { return &page{name} } }
	stage.Screen = func(_ *testing.T, com kit.Common) kit.Screen {
		return rollback.NewAfter(com, rollback.AfterWiring{
			Context: catalog.Context{Name: "dev", Host: "registry.example"}, What: "prod of shop/api to v1.8", Follow: f,
			Deploy: leads("the plan of deployments"), Revert: leads("the plan of reverting"), Next: leads("the plan of the next"),
		})
	}
	uitest.Perform(t, stage, act)
}

// ran is a run of one retag, and of how it went.
func ran(state journal.State, outcome plan.Outcome, said string) journal.Run {
	return journal.Run{
		ID: "7", State: state, Plan: plan.Plan{Steps: []plan.Step{{Kind: plan.Retag, Reference: at("shop/api"), Digest: digest("a")}}},
		Steps: []journal.Step{{Outcome: outcome, Error: said}},
	}
}

func verified(levels ...model.Level) model.Verified {
	out := model.Verified{Tag: at("shop/api"), Digest: digest("a")}
	for i, l := range levels {
		out.Checks = append(out.Checks, model.Check{Name: fmt.Sprint("check", i+1), Level: l, Text: "says " + string(l)})
	}
	return out
}

// done is a rollback that was carried out and read back.
func done() *follower {
	return &follower{sight: model.Sight{Run: ran(journal.Done, plan.Done, ""), Tags: []model.Verified{verified(model.OK)}}}
}

// web is a service that follows the tag: one task is of the image, one is not.
func web(v deploy.Verdict) model.Service {
	return model.Service{
		Verdict: v, Text: "1 of 2 tasks run it", Wanted: []ref.Digest{digest("a")}, Since: ago(0),
		State: deploy.State{
			Service: deploy.Service{Region: "eu-west-1", Cluster: "shop", Name: "web"},
			Tasks:   []deploy.Task{{Digest: digest("a")}, {Digest: digest("b")}, {Status: "PENDING"}},
			Events: []deploy.Event{
				{At: ago(-2), Text: "fifth"},
				{At: ago(-2), Text: "fourth"},
				{At: ago(-1), Text: "third"},
				{At: ago(-1), Text: "second"},
				{At: ago(0), Text: "first"},
				{At: ago(1), Text: "of before"},
			},
		},
	}
}

func TestCarriesOut(t *testing.T) {
	t.Parallel()
	f := &follower{sight: model.Sight{
		Run: ran(journal.Running, plan.Running, ""), Tags: []model.Verified{verified()}, Watching: true, Soon: true, Next: "v1.7",
	}, slow: settle / 4}
	after(t, f, func(s *uitest.Driver) {
		s.See("carrying it out").Press("n").See("nobody has looked yet").Press("m").See("nobody has looked yet").Press("Z").See("it has not ended")
		s.Advance(settle/2).Press("g").See("rolled back prod of shop/api to v1.8", "running · 0 of 1 step", "· waits for the change").SeeNot("NOW", "ECS", "KUBERNETES", "✗")
		s.Press("d").See("it is not verified").Press("Z").See("it has not ended").Press("b").See("there is no other candidate").Press("c").See("no workload of Kubernetes follows the tag")
		f.Lock()
		f.sight.Run, f.sight.Tags, f.sight.Soon = ran(journal.Done, plan.Done, ""), []model.Verified{verified(model.OK, model.Unknown, model.Warn)}, false
		f.Unlock()
		s.Press("g").Advance(2*settle).See("done · 1 of 1 step", "verified · watching what follows the tag", "VERIFIED").SeeLine(`^  ✓ check1 +says ok$`).SeeLine(`^  \? check2 +says unknown$`).SeeLine(`^  ! check3 +says warn$`)
		seen := f.seen()
		if s.Advance(4 * settle); f.seen() > seen+1 {
			t.Errorf("looked %d times within 4 s", f.seen()-seen)
		}
		f.Lock()
		f.sight.Watching = false
		f.Unlock()
		s.Advance(6 * settle).SeeLine(`^ verified$`).See("NOW").SeeNot("b goes back")
		seen = f.seen()
		if s.Advance(time.Minute); f.seen() != seen {
			t.Errorf("looked %d times at what does not change", f.seen()-seen)
		}
		s.Press("b").See("the plan of the next").Press("esc").Advance(settle).Press("Z").See("the plan of reverting").Press("esc").Advance(settle)
		if f.seen() != seen+2 { // whenever it is shown again
			t.Errorf("looked %d times", f.seen()-seen)
		}
	})
}

func TestNotCarriedOut(t *testing.T) {
	t.Parallel()
	f := done()
	f.sight.Run = ran(journal.Partly, plan.Failed, "the registry \x1b[31mrefused")
	f.sight.Run.Plan.Steps = append(f.sight.Run.Plan.Steps, f.sight.Run.Plan.Steps[0])
	f.sight.Run.Steps = append(f.sight.Run.Steps, journal.Step{Outcome: plan.Running})
	f.sight.Run.Remarks = []journal.Remark{{About: journal.Why, Text: "it leaked"}, {About: journal.Checked, Text: "not this"}}
	f.sight.Tags = []model.Verified{verified(model.Block), {Tag: at("shop/web"), Digest: digest("b")}}
	after(t, f, func(s *uitest.Driver) {
		s.See("partly · 0 of 2 steps", "carried out, and not well", "because: it leaked").SeeNot("not this", "\x1b")
		s.SeeLine(`^  ✗ retag registry\.example/shop/api:prod: the registry refused$`).SeeLine(`^  \? retag registry\.example/shop/api:prod: whether it was done is not known$`)
		s.SeeLine(`^  shop/api:prod aaaaaaaaaaaa$`).SeeLine(`^  ✗ check1 +says block$`).SeeLine(`^  shop/web:prod bbbbbbbbbbbb$`).SeeLine(`^  ✗ it did not go back$`)
		s.Press("d").See("it is not verified").Press("Z").See("the plan of reverting")
	})
	f.sight.Tags = f.sight.Tags[1:]
	after(t, f, func(s *uitest.Driver) { s.SeeLine(`^ partly$`).SeeNot("shop/web").Press("d").See("it is not verified") })
	f.sight.Tags = nil
	after(t, f, func(s *uitest.Driver) { s.SeeLine(`^ partly$`).SeeNot("VERIFIED").Press("d").See("it is not verified") })
}

func TestDeploys(t *testing.T) {
	t.Parallel()
	f := done()
	f.sight.Services = []model.Service{web(deploy.Going)}
	after(t, f, func(s *uitest.Driver) {
		s.See("d deploys what follows the tag · Z reverts it · m copies the record · esc leaves").SeeNot("continues", "it does not run", "fifth\n      0", "of before")
		s.SeeLine(`^  · shop/web  1 of 2 tasks run it$`).SeeLine(`^ +\S+ +1 of 3 tasks aaaaaaaaaaaa, the image$`).SeeLine(`1 of 3 tasks bbbbbbbbbbbb, what ran before$`).SeeLine(`1 of 3 tasks about to start$`)
		s.SeeLine(`^      01:00:00 second$`).SeeLine(`^      01:00:00 third$`).SeeLine(`^      02:00:00 fifth$`).SeeNot(" first").Press("d").See("the plan of deployments").Press("esc")
		f.sight.Deployed, f.sight.Watching = true, true
		s.Press("r").SeeLine(`^  … shop/web`).See("verified · watching", "esc leaves; the deployment continues").SeeNot("d deploys").Press("d").See("a deployment is under way")
	})
	if f.anew != 1 {
		t.Errorf("looked anew %d times", f.anew)
	}
	for want, change := range map[string]func(*model.Sight){
		"nothing that regatta deploys follows the tag": func(s *model.Sight) { s.Services = nil },
		"it runs already":     func(s *model.Sight) { s.Services = []model.Service{web(deploy.Settled)} },
		"its tag is another":  func(s *model.Sight) { s.Services[0].Obstacle = "its tag is another" },
		"it is not verified":  func(s *model.Sight) { s.Tags = append(s.Tags, verified(model.OK, model.Block)) },
		"the plan of deploym": func(s *model.Sight) { s.Services, s.Deployed = append(s.Services, web(deploy.Settled)), true },
		"deployments": func(s *model.Sight) {
			s.Services = append(s.Services, web(deploy.Settled))
			s.Services[1].Obstacle = "why"
		},
	} {
		t.Run(want, func(t *testing.T) {
			t.Parallel()
			f := done()
			f.sight.Services = []model.Service{web(deploy.Going)}
			change(&f.sight)
			after(t, f, func(s *uitest.Driver) { s.Press("d").See(want) })
		})
	}
}

func TestDoesNotRun(t *testing.T) {
	t.Parallel()
	f := done()
	f.sight.Services, f.sight.Next = []model.Service{web(deploy.Broken)}, "v1.7"
	f.sight.Services[0].Err, f.sight.Services[0].Obstacle = errors.New("access \x1b[31mdenied"), "another deploys it"
	after(t, f, func(s *uitest.Driver) {
		s.SeeLine(`^  ✗ shop/web`).SeeLine(`^    access denied$`).SeeLine(`^      ! another deploys it$`).See("verified, and it does not run", "it does not run: b goes back to the next candidate, v1.7")
		f.sight.Next = ""
		f.sight.Services[0].Verdict = deploy.Settled
		s.Press("r").SeeLine(`^  ✓ shop/web`).SeeLine(`^ verified$`).SeeNot("another deploys it", "b goes back").Press("b").See("there is no other candidate")
	})
}

func TestReverted(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		change  func(*journal.Run)
		see     []string
		not     string
		barred  bool
		checked bool
	}{
		"under way": {func(r *journal.Run) { r.Undoing = []string{"8"} }, []string{"REVERTING", "done · 1 of 1 step · reverting", "reverting: the rollback of prod", "\n reverting …"}, "Z reverts", true, true},
		"whole":     {func(r *journal.Run) { r.Undone = []string{"8"} }, []string{"REVERTED", "· reverted\n", "\n reverted\n"}, "Z reverts", true, true},
		"in part":   {func(r *journal.Run) { r.UndoneInPart = []string{"8"} }, []string{"REVERTED IN PART", "reverted in part: J shows how that went", "Z reverts it", "\n reverted in part\n"}, "VERIFIED", false, true},
		"not read":  {func(r *journal.Run) { r.Undoing = []string{"8"} }, []string{"· waits for the change"}, "did not go back", true, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := done()
			if !tt.checked {
				f.sight.Tags[0].Checks = nil
			}
			tt.change(&f.sight.Run)
			after(t, f, func(s *uitest.Driver) {
				s.See(tt.see...).SeeNot(tt.not).Press("Z")
				if tt.barred {
					s.See("it was reverted").SeeNot("the plan of")
				} else {
					s.See("the plan of reverting")
				}
			})
		})
	}
}
