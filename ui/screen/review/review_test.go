package review_test

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"regatta/model/catalog"
	"regatta/model/cost"
	"regatta/model/fault"
	"regatta/model/plan"
	"regatta/model/ref"
	"regatta/ui"
	"regatta/ui/kit"
	"regatta/ui/screen/review"
	"regatta/ui/uitest"
)

// planner makes one plan and begins it.
type planner struct {
	plan, next plan.Plan // next is what it is from the second look on, if that has steps
	err        error     // of planning, nextErr from the second look on
	nextErr    error
	slow       time.Duration // how long planning, and settling, takes
	deaf       bool          // it goes on though it is told to stop
	tried      bool
	settleErr  error
	startErr   error

	planned, settled int
	begun            []plan.Plan
	titles           []string
}

func (d *planner) wait(ctx context.Context) error {
	if d.deaf {
		ctx = context.WithoutCancel(ctx)
	}
	select {
	case <-time.After(d.slow):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (d *planner) make(ctx context.Context) (plan.Plan, error) {
	d.planned++
	again := d.planned > 1
	if err := d.wait(ctx); err != nil {
		return plan.Plan{}, err
	}
	if again && (d.nextErr != nil || len(d.next.Steps) > 0) {
		return d.next, d.nextErr
	}
	return d.plan, d.err
}

func (d *planner) settle(ctx context.Context) (bool, error) {
	d.settled++
	return d.tried, cmp.Or(d.wait(ctx), d.settleErr)
}

// Start implements review.Starter.
func (d *planner) Start(p plan.Plan, title string) error {
	d.begun, d.titles = append(d.begun, p), append(d.titles, title)
	return d.startErr
}

func (d *planner) wiring() review.Wiring {
	return review.Wiring{
		Context: catalog.Context{Name: "dev", Host: "registry.example"}, Title: "delete 2 images", Verb: "Delete", Plan: d.make, Start: d,
	}
}

func digest(hex string) ref.Digest { return ref.Digest("sha256:" + strings.Repeat(hex, 64/len(hex))) }

func at(name string) ref.Reference {
	return ref.Reference{Host: "registry.example", Repository: "shop/api", Tag: name}
}

// small deletes two images, of which one goes along, and keeps a third.
func small() plan.Plan {
	return plan.Plan{
		Registry: "registry.example", Repository: "shop/api",
		Steps: []plan.Step{
			{Kind: plan.Delete, Reference: at(""), Digest: digest("a"), Tags: []string{"v1", "v1.0"}, ReclaimedBytes: 12_000_000, Reason: "it was asked for"},
			{Kind: plan.Delete, Reference: at(""), Digest: digest("b"), Reason: "part of an index that goes", Collateral: true},
		},
		ReclaimedBytes: 12_000_000,
		Kept:           []plan.Kept{{Digest: digest("c"), Tags: []string{"v2"}, Reason: "another index refers to it"}},
		Notes:          []string{"the storage is freed within a day"},
	}
}

func perform(t *testing.T, w review.Wiring, act func(*uitest.Driver)) {
	t.Helper()
	on(t, uitest.Stage{}, w, act)
}

func on(t *testing.T, stage uitest.Stage, w review.Wiring, act func(*uitest.Driver)) {
	t.Helper()
	stage.Screen = func(_ *testing.T, com kit.Common) kit.Screen { return review.New(com, w) }
	uitest.Perform(t, stage, act)
}

// steps are one of each other kind, by how they are to be read.
func steps() map[string]plan.Step {
	elsewhere := ref.Reference{Host: "registry.example", Repository: "shop/web", Tag: "v1"}
	rollout := &plan.Rollout{Service: "cluster/web"}
	return map[string]plan.Step{
		`^    retag +prod → aaaaaaaaaaaa +r1$`:                {Kind: plan.Retag, Reference: at("prod"), Digest: digest("a"), Reason: "r1"},
		`^    retag +shop/web:v1 → aaaaaaaaaaaa +r2$`:         {Kind: plan.Retag, Reference: elsewhere, Digest: digest("a"), Reason: "r2"},
		`^    untag +old of bbbbbbbbbbbb +r3$`:                {Kind: plan.Untag, Reference: at("old"), Digest: digest("b"), Reason: "r3"},
		`^    untag-by-dummy +older of bbbbbbbbbbbb +r4$`:     {Kind: plan.UntagByDummy, Reference: at("older"), Digest: digest("b"), Reason: "r4"},
		`^    lifecycle-policy +shop/api → cccccccccccc +r5$`: {Kind: plan.LifecyclePolicy, Reference: at(""), Digest: digest("c"), Reason: "r5"},
		`^    deploy +cluster/web ← prod +r6$`:                {Kind: plan.Deploy, Reference: at("prod"), Digest: digest("a"), Rollout: rollout, Reason: "r6"},
		`^    pull +dddddddddddd +5\.0 MB  r7$`:               {Kind: plan.Pull, Reference: at(""), Digest: digest("d"), Size: 5_000_000, Reason: "r7"},
		`^  \+ archive +dddddddddddd +r8$`:                    {Kind: plan.Archive, Reference: at(""), Digest: digest("d"), Reason: "r8", Collateral: true},
	}
}

func TestPlan(t *testing.T) {
	t.Parallel()
	desk := &planner{plan: small(), slow: time.Second}
	perform(t, desk.wiring(), func(s *uitest.Driver) {
		s.See("reading dependencies …", "regatta › plan", "registry.example").SeeNot("Delete", "STEPS")
		s.Press("tab", "enter", "ctrl+s").See("there is no plan yet").Press("enter").See("choose the button: there is no plan yet")
		s.Advance(2*time.Second).Press("g").See("delete 2 images", "frees 12 MB", "2 steps · nothing is changed before you say so", "▌Cancel", "Delete")
		s.SeeLine(`^    delete +aaaaaaaaaaaa \(v1 v1\.0\) +12 MB  it was asked for$`).SeeLine(`^  \+ delete +bbbbbbbbbbbb +part of an index that goes$`)
		s.SeeLine(`^  = cccccccccccc \(v2\) +another index refers to it$`).SeeLine(`^    the storage is freed within a day$`)
		s.SeeLine(` NOTES$`).SeeNot("CANNOT BE UNDONE", "MAY NOT COME BACK", "CAREFUL", "moves", "a month", "registry saves", "line ")
	})
	desk.plan, desk.slow = plan.Plan{Registry: "registry.example", Repository: "shop/api", Steps: slices.Collect(maps.Values(steps()))}, 0
	perform(t, desk.wiring(), func(s *uitest.Driver) {
		for line := range steps() {
			s.SeeLine(line)
		}
		s.See("8 steps", "moves 5.0 MB").SeeNot("frees", "KEPT", "NOTES")
	})
}

// What cannot be undone comes first, then what may not come back, then the risks.
func TestWarnings(t *testing.T) {
	t.Parallel()
	desk := &planner{plan: small()}
	desk.plan.Lost = []plan.Lost{
		{Digest: digest("e"), Tags: []string{"m1"}, Reason: "the registry may refuse it", Maybe: true},
		{Digest: digest("f"), Tags: []string{"l1", "l2"}, Reason: "nothing has its layers"},
	}
	desk.plan.Risks = []plan.Risk{{Kind: plan.ManyImages, Reason: "many go"}}
	perform(t, desk.wiring(), func(s *uitest.Driver) {
		s.SeeLine(`^  × ffffffffffff l1 l2 +nothing has its layers$`).SeeLine(`^  × eeeeeeeeeeee m1 +the registry may refuse it$`).SeeLine(`^  ! many go$`)
		inOrder(t, s, "CANNOT BE UNDONE", "ffffffffffff", "MAY NOT COME BACK", "eeeeeeeeeeee", "CAREFUL", "many go", "STEPS", "KEPT", "NOTES")
		s.Press("tab", "enter").See(uitest.Home, "delete 2 images: started") // a risk that is not to be typed is a plain yes
	})
	if len(desk.begun) != 1 || desk.titles[0] != "delete 2 images" || !plan.Same(desk.begun[0], desk.plan) {
		t.Errorf("began %v %v", desk.titles, desk.begun)
	}
}

func inOrder(t *testing.T, s *uitest.Driver, texts ...string) {
	t.Helper()
	rest := s.Screen()
	for _, one := range texts {
		_, after, ok := strings.Cut(rest, one)
		if !ok {
			t.Fatalf("%q is not on the screen, or not in its place:\n%s", one, s.Screen())
		}
		rest = after
	}
}

// What a plan frees, moves and saves keeps how certain it is.
func TestWeight(t *testing.T) {
	t.Parallel()
	price := cost.Price{Standard: 10, Currency: "USD"}
	for name, tt := range map[string]struct {
		change func(*plan.Plan)
		see    []string
		not    string
	}{
		"estimated": {func(p *plan.Plan) { p.Estimated = true }, []string{"frees about 12 MB"}, "registry saves"},
		"priced":    {func(p *plan.Plan) { p.Price, p.ReclaimedBytes = price, cost.GB }, []string{"frees 1.1 GB · saves $10.00 a month"}, "≤"},
		"as much":   {func(p *plan.Plan) { p.InRegistry = &plan.InRegistry{ReclaimedBytes: 12_000_000} }, []string{"and in the registry"}, "saves"},
		"at most":   {func(p *plan.Plan) { p.InRegistry = &plan.InRegistry{ReclaimedBytes: 9_000_000, AtMost: true} }, []string{"≤ 9.0 MB in the registry"}, "≥"},
		"at least":  {func(p *plan.Plan) { p.InRegistry = &plan.InRegistry{ReclaimedBytes: 9_000_000, AtLeast: true} }, []string{"≥ 9.0 MB in the registry"}, "≤"},
		"all saved": {func(p *plan.Plan) {
			p.Price, p.InRegistry = price, &plan.InRegistry{ReclaimedBytes: cost.GB, AtMost: true}
		}, []string{"≤ 1.1 GB in the registry · saves ≤ $10.00 a month"}, "month in"},
		"and copied": {func(p *plan.Plan) { p.Steps[0].Size = 3_000_000 }, []string{"moves 3.0 MB frees 12 MB"}, "saves"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			desk := &planner{plan: small()}
			tt.change(&desk.plan)
			perform(t, desk.wiring(), func(s *uitest.Driver) { s.See(tt.see...).SeeNot(tt.not) })
		})
	}
}

func TestScrolls(t *testing.T) {
	t.Parallel()
	desk := &planner{plan: small()}
	for range 40 {
		desk.plan.Notes = append(desk.plan.Notes, "and one more")
	}
	desk.plan.Notes = append(desk.plan.Notes, "the last one")
	perform(t, desk.wiring(), func(s *uitest.Driver) {
		s.See("line 17 of 50", "STEPS").Press("j").See("line 18 of 50").Press("k", "k").See("line 17 of 50").SeeNot("the last one")
		s.Press("space").See("line 33 of 50").Press("pgup").See("line 17 of 50").Press("G").See("the last one", "line 50 of 50")
		s.Press("g").See("line 17 of 50").Wheel(1).See("line 20 of 50").Wheel(-1).See("line 17 of 50")
		s.Resize(200, 70).See("the last one").SeeNot(" · line").Resize(80, 24).See("line 17 of 50")
	})
}

func TestNoPlan(t *testing.T) {
	t.Parallel()
	desk := &planner{err: &fault.Error{Kind: fault.Denied, Op: "list tags of", Object: "shop/api"}}
	perform(t, desk.wiring(), func(s *uitest.Driver) {
		s.See("list tags of shop/api: denied", "Nothing was changed. esc goes back.", "your identity may not do this").SeeNot("Cancel", "A ", "remedy")
		s.Press("tab").See("there is no plan yet").Press("enter").See("there is no plan yet").Press("A").See("nothing has to come first")
		desk.err, desk.plan = nil, small()
		s.Press("r").See("2 steps", "Delete").Press("A").See("nothing has to come first")
		s.Press("tab", "r", "enter").See(uitest.Home) // planned again, the focus is on Cancel again
	})
	if desk.planned != 3 || len(desk.begun) != 0 {
		t.Errorf("planned %d times, began %d", desk.planned, len(desk.begun))
	}
	slow := &planner{plan: typedPlan(), slow: time.Second, deaf: true, next: small()}
	perform(t, slow.wiring(), func(s *uitest.Driver) {
		s.Advance(time.Second / 2).Press("r").Advance(3 * time.Second / 4).See("reading dependencies …").Advance(time.Second).See("2 steps").SeeNot("CAREFUL") // the first answer is late
	})
	for want, p := range map[string]plan.Plan{
		"there is nothing to do":            {Notes: []string{"all is so already"}},
		"nothing of it can be brought back": {Lost: []plan.Lost{{Digest: digest("a"), Reason: "it is gone"}}},
	} {
		barred := &review.Wiring{Title: "undo", Verb: "Undo", Plan: func(context.Context) (plan.Plan, error) { return p, nil }}
		perform(t, *barred, func(s *uitest.Driver) {
			s.See(want+" · nothing was changed", "▌Cancel").SeeNot("Undo", "0 steps")
			s.Press("tab").See("switch between Cancel and going on: " + want).Press("ctrl+s").See("keep the plan as a file: " + want)
			s.Press("enter").See(uitest.Home)
		})
	}
}

// other is a screen to lead to.
type other struct{ name string }

func (*other) Init() tea.Cmd                        { return nil }
func (*other) Update(tea.Msg) (kit.Intent, tea.Cmd) { return nil, nil }
func (*other) Bindings() []kit.Binding              { return nil }
func (*other) Close()                               {}
func (o *other) View(w, h int) string               { return kit.Block([]string{o.name}, w, h) }

func leads(name string) func() kit.Screen { return func() kit.Screen { return &other{name} } }

// over lets the key @ cover the screen.
func over(o *ui.Options) { o.Requests = func(kit.Common) kit.Screen { return &other{"the requests"} } }
