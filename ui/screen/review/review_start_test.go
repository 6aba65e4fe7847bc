package review_test

import (
	"errors"
	"testing"
	"time"

	"regatta/model/fault"
	"regatta/model/plan"
	"regatta/ui"
	"regatta/ui/screen/review"
	"regatta/ui/uitest"
)

func TestCancelIsFirst(t *testing.T) {
	t.Parallel()
	desk := &planner{plan: small()}
	perform(t, desk.wiring(), func(s *uitest.Driver) {
		s.Press("enter").See(uitest.Home).Press("f", "tab", "right", "enter").See(uitest.Home).Press("f", "tab", "esc").See(uitest.Home)
		s.Press("f", "tab").Paste("\r").See("▌Delete").Press("h").See(uitest.Home)
	})
	if len(desk.begun) != 0 {
		t.Errorf("began %v", desk.titles)
	}
}

// Two enters begin one run, also while the registry is tried.
func TestBeginsOnce(t *testing.T) {
	t.Parallel()
	desk := &planner{plan: small()}
	w := desk.wiring()
	w.Settle, w.Then = desk.settle, leads("after it")
	perform(t, w, func(s *uitest.Driver) {
		desk.slow = time.Second
		s.Burst("tab", "enter", "enter").See("looking once more before it begins; esc leaves all as it is").Press("enter").Advance(3*time.Second).See("after it", "delete 2 images: started")
		s.Press("esc").See(uitest.Home) // it took the plan's place
	})
	if len(desk.begun) != 1 || desk.settled != 1 || desk.planned != 1 {
		t.Errorf("began %d, settled %d, planned %d", len(desk.begun), desk.settled, desk.planned)
	}
}

func TestEscWhileItSettles(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]planner{
		"known": {}, "tried": {tried: true}, "known, and told too late": {deaf: true}, "tried, and told too late": {tried: true, deaf: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			desk := &tt
			desk.plan = small()
			w := desk.wiring()
			w.Settle = desk.settle
			perform(t, w, func(s *uitest.Driver) {
				desk.slow = time.Second
				s.Press("tab", "enter").Advance(time.Second/2).Press("esc").Advance(5*time.Second).See(uitest.Home).SeeNot("started", "cancel")
				if tt.tried { // and again while it is planned anew
					s.Press("f").Advance(2*time.Second).Press("tab", "enter").Advance(3 * time.Second / 2).Press("esc").Advance(5 * time.Second).See(uitest.Home)
				}
			})
			if len(desk.begun) != 0 {
				t.Error("it began though somebody left")
			}
		})
	}
}

// A start that comes through when something else is on top leads nowhere.
func TestLateStart(t *testing.T) {
	t.Parallel()
	desk := &planner{plan: small()}
	w := desk.wiring()
	w.Settle, w.Then = desk.settle, leads("after it")
	on(t, uitest.Stage{Options: over}, w, func(s *uitest.Driver) {
		desk.slow = time.Second
		s.Press("tab", "enter", "@").See("the requests").Advance(3 * time.Second).See("the requests").SeeNot("after it").Press("esc").See("delete 2 images")
	})
}

func TestStartFails(t *testing.T) {
	t.Parallel()
	desk := &planner{plan: small(), startErr: &fault.Error{Kind: fault.NoSpace, Op: "write", Object: "the journal"}}
	w := desk.wiring()
	w.Settle = desk.settle
	perform(t, w, func(s *uitest.Driver) {
		s.Press("tab", "enter").See("no space left: write the journal", "free some space", "▌Delete", "STEPS")
		desk.startErr, desk.settleErr = nil, &fault.Error{Kind: fault.Auth, Op: "ask", Object: "shop/api"}
		s.Press("enter").See("not signed in: ask shop/api", "STEPS")
		desk.settleErr = nil
		s.Press("enter").See(uitest.Home, "delete 2 images: started")
	})
	if len(desk.begun) != 2 {
		t.Errorf("began %d times", len(desk.begun))
	}
}

// What was confirmed is what is done: another plan is confirmed anew.
func TestTried(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		next func(*planner)
		act  func(*uitest.Driver)
		runs int
	}{
		"the same": {func(*planner) {}, func(s *uitest.Driver) { s.See(uitest.Home, "started") }, 1},
		"another": {func(d *planner) { d.next = small(); d.next.Steps[0].Digest = digest("9") }, func(s *uitest.Driver) {
			s.See("nothing is changed yet: the plan is another one", "999999999999", "▌Cancel").SeeNot("aaaaaaaaaaaa", "looking once more")
			s.Press("enter").See(uitest.Home)
		}, 0},
		"none": {func(d *planner) { d.nextErr = errors.New("it broke") }, func(s *uitest.Driver) {
			s.See("it broke", "Nothing was changed. esc goes back.").SeeNot("STEPS").Press("tab", "enter").See("there is no plan yet")
		}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			desk := &planner{plan: small(), tried: true}
			tt.next(desk)
			w := desk.wiring()
			w.Settle = desk.settle
			perform(t, w, func(s *uitest.Driver) { tt.act(s.Press("tab", "enter")) })
			if desk.planned != 2 || len(desk.begun) != tt.runs {
				t.Errorf("planned %d times, began %d", desk.planned, len(desk.begun))
			}
		})
	}
}

// typedPlan is confirmed by the repository's name.
func typedPlan() plan.Plan {
	p := small()
	p.Risks = []plan.Risk{{Kind: plan.LastTag, Typed: true, Reason: "v1 is the last tag"}, {Kind: plan.ManyImages, Reason: "many go"}}
	return p
}

func TestTyped(t *testing.T) {
	t.Parallel()
	desk := &planner{plan: typedPlan()}
	perform(t, desk.wiring(), func(s *uitest.Driver) {
		s.Press("tab", "enter").See("Type shop/api to go on", "! v1 is the last tag", "delete 2 images")
		s.Type("shop/web").Press("enter").See("that is not shop/api").Press("esc").See("▌Delete").SeeNot("Type shop/api")
		s.Press("enter").Type("shop/api").Press("enter").See(uitest.Home, "started")
	})
	for want, change := range map[string]func(*planner, *review.Wiring){
		"prod":     func(_ *planner, w *review.Wiring) { w.Want = "prod" },
		"override": func(d *planner, w *review.Wiring) { d.plan.Risks[0].Override, w.Want = true, "prod" },
	} {
		desk := &planner{plan: typedPlan()}
		w := desk.wiring()
		change(desk, &w)
		perform(t, w, func(s *uitest.Driver) {
			s.Press("tab", "enter").See("Type "+want+" to go on").Type("shop/api").Press("enter").See("that is not "+want).Press("esc", "enter")
			s.Type(want).Press("enter").See(uitest.Home, "started")
		})
		if len(desk.begun) != 1 {
			t.Errorf("%s: began %d times", want, len(desk.begun))
		}
	}
	desk.plan = small()
	w := desk.wiring()
	w.Want = "prod" // is asked for also where the plan asks for nothing
	perform(t, w, func(s *uitest.Driver) { s.Press("tab", "enter").See("Type prod to go on").SeeNot("! ") })
}

func TestSave(t *testing.T) {
	t.Parallel()
	desk := &planner{plan: small()}
	perform(t, desk.wiring(), func(s *uitest.Driver) { s.Press("ctrl+s").See("a plan cannot be kept here") })
	w := desk.wiring()
	var kept []plan.Plan
	var failed error
	w.Save = func(p plan.Plan) (string, error) {
		kept = append(kept, p)
		return "/plans/one.json", failed
	}
	perform(t, w, func(s *uitest.Driver) {
		s.Press("ctrl+s").See("✓ saved the plan to /plans/one.json; regatta apply runs it", "▌Cancel")
		failed = &fault.Error{Kind: fault.Denied, Op: "write", Object: "/plans"}
		s.Press("ctrl+s").See("denied: write /plans").SeeNot("saved")
	})
	if len(kept) != 2 || !plan.Same(kept[0], desk.plan) || len(desk.begun) != 0 {
		t.Errorf("kept %v, began %d", kept, len(desk.begun))
	}
}

func TestRemedy(t *testing.T) {
	t.Parallel()
	desk := &planner{err: &fault.Error{Kind: fault.Incomplete, Op: "read", Object: "v1"}}
	w := desk.wiring()
	w.Remedy = func(why error) *review.Remedy {
		if !fault.Is(why, fault.Incomplete) {
			return nil
		}
		return &review.Remedy{Says: "restores it", Plan: leads("the plan that restores")}
	}
	perform(t, w, func(s *uitest.Driver) {
		s.See("Nothing was changed. A restores it, r plans again, esc goes back.", "A remedy").Press("A").See("the plan that restores").Press("esc")
		desk.err = errors.New("it broke")
		s.Press("r").See("it broke", "Nothing was changed. esc goes back.").SeeNot("A remedy").Press("A").See("nothing has to come first")
	})
	desk.err = &fault.Error{Kind: fault.Incomplete}
	on(t, uitest.Stage{Options: func(o *ui.Options) { o.Common.ReadOnly = true }}, w, func(s *uitest.Driver) {
		s.Press("A").See("no key A here").SeeNot("the plan that restores")
	})
}

// The title may say what only the plan tells.
func TestEntitle(t *testing.T) {
	t.Parallel()
	desk := &planner{plan: small(), slow: time.Second}
	w := desk.wiring()
	w.Entitle = func() string { return "delete what nobody runs" }
	perform(t, w, func(s *uitest.Driver) {
		s.SeeNot("nobody runs").Advance(2*time.Second).See("delete what nobody runs").SeeNot("delete 2 images").Press("tab", "enter").See("delete what nobody runs: started")
	})
	if len(desk.titles) != 1 || desk.titles[0] != "delete what nobody runs" {
		t.Errorf("began %v", desk.titles)
	}
}
