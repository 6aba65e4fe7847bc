package rollback

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"regatta/cmd/app"
	"regatta/cmd/app/change"
	"regatta/model/journal"
	"regatta/model/plan"
	"regatta/model/ref"
	"regatta/model/rollback"
	"regatta/model/text"
)

// Following is a rollback from its plan to the end, whoever carries it out: what it was
// checked by, how what it has left stands, and where that leads. It is safe for concurrent
// use.
type Following struct {
	app   *app.App
	goals []rollback.Goal

	mu      sync.Mutex
	all     []*Case // as they were checked last
	run     string
	undo    string   // the run that reverts it, as far as anybody has seen
	deploys []string // runs that have started deployments
	began   time.Time
	asked   time.Time                     // when somebody last wanted to see how it goes
	checks  map[readBack][]rollback.Check // of what was read back
	since   map[string]time.Time          // when the deployment of a service began, by its own clock
	told    map[string]string             // the verdicts that are written down, by name
	pods    map[Corner]*pods
}

// Follow begins a rollback of tags to their goals, of one at least.
func Follow(s *app.App, goals []rollback.Goal) *Following { return &Following{app: s, goals: goals} }

// Title says which tags go back to what.
func (t *Following) Title() string {
	if len(t.goals) == 1 {
		g := t.goals[0]
		return g.Tag.Tag + " of " + g.Tag.Repository + " to " + g.To.Name()
	}
	names := make([]string, len(t.goals))
	for i, g := range t.goals {
		names[i] = g.Tag.Repository + ":" + g.Tag.Tag + " to " + g.To.Name()
	}
	return text.Count(len(names)) + " tags: " + strings.Join(names, ", ")
}

// Tags are the tags that go back.
func (t *Following) Tags() []ref.Reference {
	out := make([]ref.Reference, len(t.goals))
	for i, g := range t.goals {
		out[i] = g.Tag
	}
	return out
}

// Plan checks what the tags are to go back to, and plans it.
func (t *Following) Plan(ctx context.Context) (plan.Plan, error) {
	p, all, err := planned(ctx, t.app, t.goals)
	t.mu.Lock()
	defer t.mu.Unlock()
	t.all = all
	return p, err
}

// Remarks are what was looked at before, to be written down with the run.
func (t *Following) Remarks() []journal.Remark { return CheckRemarks(t.state().all, "") }

// Started notes the run of the rollback.
func (t *Following) Started(run string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.run, t.began, t.asked = run, t.app.Now(), t.app.Now()
}

// Deployed notes a run that starts deployments.
func (t *Following) Deployed(run string) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.deploys, t.began, t.asked, t.told, t.since = append(t.deploys, run), t.app.Now(), t.app.Now(), nil, nil
}

// Runs are the run of the rollback, and those that have started deployments since.
func (t *Following) Runs() (run string, deploys []string) {
	now := t.state()
	return now.run, now.deploys
}

// Note writes down why the rollback was made.
func (t *Following) Note(ctx context.Context, why string) error {
	return t.app.Journal().Remark(ctx, t.state().run, journal.Remark{About: journal.Why, Text: text.Clean(why)})
}

// Record is the rollback as Markdown.
func (t *Following) Record(ctx context.Context) (string, error) {
	return change.Planner{App: t.app}.Record(ctx, t.state().run)
}

// state is what of a rollback does not change under whoever looks.
type state struct {
	all     []*Case
	run     string
	deploys []string
}

func (t *Following) state() state {
	t.mu.Lock()
	defer t.mu.Unlock()
	return state{slices.Clone(t.all), t.run, slices.Clone(t.deploys)}
}

// again begins anew to watch what follows the tags.
func (t *Following) again() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.asked = t.app.Now()
	for _, p := range t.pods {
		p.due = true
	}
}
