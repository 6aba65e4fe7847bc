package cmd

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	rollbacks "regatta/cmd/app/rollback"
	"regatta/model/catalog"
	"regatta/model/deploy"
	"regatta/model/journal"
	"regatta/model/plan"
	"regatta/model/ref"
	model "regatta/model/rollback"
	"regatta/model/text"
	"regatta/ui/kit"
	"regatta/ui/screen/rollback"
)

// trip is a rollback of the terminal UI from its plan to the end: it starts it,
// looks at what it has left, and leads on from there.
type trip struct {
	*wiring

	context catalog.Context
	goals   []model.Goal

	mu      sync.Mutex
	all     []*rollbacks.Case // as they were checked last
	run     string
	undo    string   // the run that reverts it, as far as anybody has seen
	deploys []string // runs that have started deployments
	began   time.Time
	asked   time.Time                  // when somebody last wanted to see how it goes
	checks  map[readBack][]model.Check // of what was read back
	since   map[string]time.Time       // when the deployment of a service began, by its own clock
	told    map[string]string          // the verdicts that are written down, by name
	pods    map[corner]*pods
}

func (t *trip) title() string {
	if len(t.goals) == 1 {
		g := t.goals[0]
		return g.Tag.Tag + " of " + g.Tag.Repository + " to " + nameOf(g.To)
	}
	names := make([]string, len(t.goals))
	for i, g := range t.goals {
		names[i] = g.Tag.Repository + ":" + g.Tag.Tag + " to " + nameOf(g.To)
	}
	return text.Count(len(names)) + " tags: " + strings.Join(names, ", ")
}

// plan checks what the tags are to go back to, and plans it.
func (t *trip) plan(ctx context.Context) (plan.Plan, error) {
	p, all, err := t.backPlan(ctx, t.goals)
	t.mu.Lock()
	defer t.mu.Unlock()
	t.all = all
	return p, err
}

// Start implements review.Starter.
func (t *trip) Start(p plan.Plan, title string) error {
	id, err := t.board.start(p, title, "", checkRemarks(t.state().all, "")...)
	t.mu.Lock()
	defer t.mu.Unlock()
	t.run, t.began, t.asked = id, t.app.Now(), t.app.Now()
	return err
}

// after is the screen of what the rollback has left.
func (t *trip) after() kit.Screen {
	return rollback.NewAfter(t.com, rollback.AfterWiring{
		Context: t.context, What: t.title(), Follow: t, Deploy: t.deployScreen, Revert: t.revertScreen,
		Next: t.nextScreen,
	})
}

// state is what of a trip does not change under whoever looks.
type state struct {
	all     []*rollbacks.Case
	run     string
	deploys []string
}

func (t *trip) state() state {
	t.mu.Lock()
	defer t.mu.Unlock()
	return state{slices.Clone(t.all), t.run, slices.Clone(t.deploys)}
}

// again begins anew to watch what follows the tags.
func (t *trip) again() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.asked = t.app.Now()
	for _, p := range t.pods {
		p.due = true
	}
}

// Look implements rollback.Follow.
func (t *trip) Look(ctx context.Context, again bool) (rollback.Sight, error) {
	if again {
		t.again()
	}
	now, err := t.stand(ctx)
	if err != nil {
		return rollback.Sight{}, err
	}
	out := rollback.Sight{Run: now.run, Watching: now.waiting, Soon: now.waiting, Deployed: now.started}
	ended := now.run.State.Ended()
	reverting := now.revert.ID != "" && !now.revert.State.Ended()
	for _, l := range now.all {
		v := rollback.Verified{Tag: l.Facts.Tag, Digest: l.Target.Digest}
		if ended && !reverting && moved(now.run.Result(), l.Facts.Tag) {
			v.Checks = t.verified(ctx, l)
		}
		out.Tags = append(out.Tags, v)
		if now.revert.ID == "" {
			out.Next = cmp.Or(out.Next, nextOf(l))
		}
	}
	if ended && ctx.Err() == nil {
		t.lookAround(ctx, now.state, &out)
	}
	return out, ctx.Err()
}

// readBack is a tag that was read back after a run.
type readBack struct {
	run string
	tag ref.Reference
}

// verified is a tag as it was read back once: after the rollback, and after that was
// reverted.
func (t *trip) verified(ctx context.Context, l *rollbacks.Case) []model.Check {
	at := readBack{t.notable(), l.Facts.Tag}
	t.mu.Lock()
	known, ok := t.checks[at]
	t.mu.Unlock()
	if ok {
		return known
	}
	checks := l.Verify(ctx)
	if ctx.Err() != nil {
		return nil
	}
	t.write(ctx, verifiedRemarks(l, checks)...)
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.checks == nil {
		t.checks = map[readBack][]model.Check{}
	}
	t.checks[at] = checks
	return checks
}

// write adds to the record; that it cannot is told where the next change is
// refused.
func (t *trip) write(ctx context.Context, remarks ...journal.Remark) {
	_ = t.app.Journal().Remark(context.WithoutCancel(ctx), t.notable(), remarks...)
}

// lookAround looks at what follows the tags.
func (t *trip) lookAround(ctx context.Context, now state, out *rollback.Sight) {
	var group errgroup.Group
	var mu sync.Mutex
	for _, l := range now.all {
		for _, service := range deploy.Services(l.Facts.Uses, l.Facts.Tag.Tag) {
			group.Go(func() error {
				one := t.service(ctx, l, service, out.Deployed)
				mu.Lock()
				defer mu.Unlock()
				out.Services = append(out.Services, one)
				return nil
			})
		}
	}
	var asking bool
	out.Workloads, asking = t.workloads(ctx, now.all)
	out.Watching, out.Soon = out.Watching || asking, out.Soon || asking
	_ = group.Wait() // none fails
	slices.SortFunc(out.Services, func(a, b rollback.Service) int {
		return cmp.Compare(a.State.Service.Place(), b.State.Service.Place())
	})
	t.patience(out)
}

// patience says whether anything is still waited for: for long enough, and no
// longer.
func (t *trip) patience(out *rollback.Sight) {
	t.mu.Lock()
	waited, patient := t.app.Now().Sub(t.began), t.app.Now().Sub(t.asked) < watchAtMost
	t.mu.Unlock()
	late := func(said string) string { return "not settled after " + text.Took(waited) + ": " + said }
	for i, one := range out.Services {
		switch {
		case !out.Deployed || one.Verdict != deploy.Going:
		case patient:
			out.Watching = true
		default:
			out.Services[i].Text = late(one.Text) + "; it goes on by itself"
		}
	}
	for i, one := range out.Workloads {
		switch {
		case one.Verdict != deploy.Going:
		case patient:
			out.Watching = true
		default:
			out.Workloads[i].Text = late(one.Text)
		}
	}
}

// service is how a service stands. Before anything was deployed, that it does
// not run the image is no failure.
func (t *trip) service(ctx context.Context, l *rollbacks.Case, at deploy.Service, deployed bool) rollback.Service {
	out := rollback.Service{Wanted: l.Parts(), Verdict: deploy.Going, State: deploy.State{Service: at}}
	state, err := t.app.Deployer(l.Facts.Tag.Host).Look(ctx, at, l.Facts.Tag)
	if err != nil {
		out.Text, out.Err = "how it goes is not known", err
		return out
	}
	out.State, out.Obstacle = state, state.Obstacle(l.Facts.Tag.Tag)
	out.Verdict, out.Text = deploy.Judge(state, deploy.Wanted{Digests: out.Wanted})
	now, _ := state.Primary()
	switch {
	case !deployed && out.Verdict != deploy.Settled:
		out.Verdict, out.Text, out.Since = deploy.Going, "still runs the digest that it has looked up before", later(state)
	case deployed:
		out.Since = t.sinceOf(at, now.Began)
		t.tell(ctx, at.Place(), out.Verdict, out.Text)
	}
	return out
}

// later is after all that a service says has happened.
func later(s deploy.State) time.Time {
	if len(s.Events) == 0 {
		return time.Time{}
	}
	return s.Events[0].At.Add(time.Nanosecond)
}

// sinceOf is when the deployment began that is watched.
func (t *trip) sinceOf(at deploy.Service, now time.Time) time.Time {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.since == nil {
		t.since = map[string]time.Time{}
	}
	if known, ok := t.since[at.String()]; ok {
		return known
	}
	t.since[at.String()] = now
	return now
}

// tell writes down how something went in the end, once.
func (t *trip) tell(ctx context.Context, name string, v deploy.Verdict, said string) {
	if v != deploy.Going && t.news(name, said) {
		t.write(ctx, journal.Remark{About: journal.Rollout, Level: level(v == deploy.Settled), Text: name + ": " + said})
	}
}

// news reports whether that was not said last.
func (t *trip) news(name, said string) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.told == nil {
		t.told = map[string]string{}
	}
	known := t.told[name]
	t.told[name] = said
	return known != said
}
