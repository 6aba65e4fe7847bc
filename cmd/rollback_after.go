package cmd

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"regatta/model/catalog"
	"regatta/model/deploy"
	"regatta/model/journal"
	"regatta/model/plan"
	"regatta/model/ref"
	model "regatta/model/rollback"
	"regatta/model/text"
	sources "regatta/registry/usage"
	"regatta/ui/kit"
	"regatta/ui/screen/rollback"
)

// podsEvery is how often kubectl is asked what pods run.
const podsEvery = 10 * time.Second

// trip is a rollback of the terminal UI from its plan to the end: it starts it,
// looks at what it has left, and leads on from there.
type trip struct {
	*wiring

	context catalog.Context
	goals   []model.Goal

	mu      sync.Mutex
	all     []*lapse // as they were checked last
	run     string
	deploys []string // runs that have started deployments
	began   time.Time
	checks  map[ref.Reference][]model.Check // of what was read back
	since   map[string]time.Time            // when the deployment of a service began, by its own clock
	told    map[string]string               // the verdicts that are written down, by name
	pods    map[string]pods                 // by workload
}

// pods are what the pods of a workload ran, and when.
type pods struct {
	at     time.Time
	counts []deploy.Count
	err    error
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
	t.run, t.began = id, t.now()
	return err
}

// after is the screen of what the rollback has left.
func (t *trip) after() kit.Screen {
	return rollback.NewAfter(t.com, rollback.AfterWiring{
		Context: t.context, Title: "rolled back " + t.title(), Follow: t, Deploy: t.deployScreen, Revert: t.revertScreen,
		Next: t.nextScreen,
	})
}

// state is what of a trip does not change under whoever looks.
type state struct {
	all     []*lapse
	run     string
	deploys []string
}

func (t *trip) state() state {
	t.mu.Lock()
	defer t.mu.Unlock()
	return state{t.all, t.run, slices.Clone(t.deploys)}
}

// Look implements rollback.Follow.
func (t *trip) Look(ctx context.Context) (rollback.Sight, error) {
	now := t.state()
	r, err := t.journal().Run(ctx, now.run)
	if err != nil {
		return rollback.Sight{}, err
	}
	out := rollback.Sight{Run: r, Watching: !r.State.Ended()}
	for _, id := range now.deploys {
		one, err := t.journal().Run(ctx, id)
		if err != nil {
			return out, err
		}
		out.Watching = out.Watching || !one.State.Ended()
		out.Deployed = one.State.Ended()
		out.Run = out.Run.With(one)
	}
	for _, l := range now.all {
		v := rollback.Verified{Tag: l.facts.Tag, Digest: l.target.Digest}
		if r.State.Ended() && moved(r.Result(), l.facts.Tag) {
			v.Checks = t.verified(ctx, l, len(r.Undone) > 0)
		}
		out.Tags = append(out.Tags, v)
		out.Next = cmp.Or(out.Next, l.next())
	}
	if r.State.Ended() && ctx.Err() == nil {
		t.lookAround(ctx, now, &out)
	}
	return out, ctx.Err()
}

// verified is a tag as it was read back once, or as it is since the rollback was
// taken back.
func (t *trip) verified(ctx context.Context, l *lapse, undone bool) []model.Check {
	if undone {
		return l.verify(ctx)
	}
	t.mu.Lock()
	known, ok := t.checks[l.facts.Tag]
	t.mu.Unlock()
	if ok {
		return known
	}
	checks := l.verify(ctx)
	if ctx.Err() != nil {
		return nil
	}
	t.write(ctx, verifiedRemarks(l, checks)...)
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.checks == nil {
		t.checks = map[ref.Reference][]model.Check{}
	}
	t.checks[l.facts.Tag] = checks
	return checks
}

// write adds to the record; that it cannot is told where the next change is
// refused.
func (t *trip) write(ctx context.Context, remarks ...journal.Remark) {
	_ = t.journal().Remark(context.WithoutCancel(ctx), t.run, remarks...)
}

// lookAround looks at what follows the tags.
func (t *trip) lookAround(ctx context.Context, now state, out *rollback.Sight) {
	var group errgroup.Group
	var mu sync.Mutex
	for _, l := range now.all {
		for _, service := range services(l.facts.Uses, l.facts.Tag.Tag) {
			group.Go(func() error {
				one := t.service(ctx, l, service, out.Deployed)
				mu.Lock()
				defer mu.Unlock()
				out.Services = append(out.Services, one)
				return nil
			})
		}
		for _, w := range deploy.Workloads(l.facts.Uses, l.facts.Tag.Tag) {
			group.Go(func() error {
				one := t.workload(ctx, l, w)
				mu.Lock()
				defer mu.Unlock()
				out.Workloads = append(out.Workloads, one)
				return nil
			})
		}
	}
	_ = group.Wait() // none fails
	slices.SortFunc(out.Services, func(a, b rollback.Service) int {
		return cmp.Compare(a.State.Service.Place(), b.State.Service.Place())
	})
	slices.SortFunc(out.Workloads, func(a, b rollback.Workload) int { return cmp.Compare(a.Place, b.Place) })
	t.patience(out)
}

// patience says whether anything is still waited for: for long enough, and no
// longer.
func (t *trip) patience(out *rollback.Sight) {
	t.mu.Lock()
	began := t.began
	t.mu.Unlock()
	waited := t.now().Sub(began)
	for i, one := range out.Services {
		if !out.Deployed || one.Verdict != deploy.Going {
			continue
		}
		if waited < watchAtMost {
			out.Watching = true
			continue
		}
		out.Services[i].Text = "not settled after " + text.Took(waited) + ": " + one.Text + "; it goes on by itself"
	}
	for _, w := range out.Workloads {
		out.Watching = out.Watching || w.Verdict == deploy.Going && waited < watchAtMost
	}
}

// service is how a service stands. Before anything was deployed, that it does
// not run the image is no failure.
func (t *trip) service(ctx context.Context, l *lapse, at deploy.Service, deployed bool) rollback.Service {
	out := rollback.Service{Wanted: l.parts(), Verdict: deploy.Going, State: deploy.State{Service: at}}
	state, err := t.deployer(l.facts.Tag.Host).Look(ctx, at, l.facts.Tag)
	if err != nil {
		out.Text, out.Err = "how it goes is not known", err
		return out
	}
	out.State = state
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

// workload is how the pods of a workload stand; kubectl is not asked all the time.
func (t *trip) workload(ctx context.Context, l *lapse, w deploy.Workload) rollback.Workload {
	t.mu.Lock()
	known, ok := t.pods[w.Place()]
	t.mu.Unlock()
	if !ok || t.now().Sub(known.at) >= podsEvery {
		answer := sources.Kubernetes{Context: w.Context}.Ask(ctx)
		known = pods{at: t.now(), counts: w.Pods(answer.Uses), err: answer.Err}
		t.mu.Lock()
		if t.pods == nil {
			t.pods = map[string]pods{}
		}
		t.pods[w.Place()] = known
		t.mu.Unlock()
	}
	out := rollback.Workload{Place: w.Place(), Restart: w.Restart(), Err: known.err}
	out.Verdict, out.Text = deploy.JudgePods(known.counts, l.parts())
	t.tell(ctx, w.Place(), out.Verdict, out.Text)
	return out
}
