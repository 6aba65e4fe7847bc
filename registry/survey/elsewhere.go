package survey

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"regatta/model/fault"
	"regatta/model/graph"
	"regatta/model/image"
	"regatta/model/plan"
	"regatta/model/ref"
	"regatta/model/text"
)

// mostHeads is how often other repositories are asked for one plan. A registry
// near by answers 2,000 in a few seconds, one far away in less than half a minute;
// nobody waits longer to be told a number. The largest content is asked for first,
// so that what is left unasked weighs the least.
const mostHeads = 2000

// askFor is how long that takes at most.
const askFor = 10 * time.Second

// Neighbours is a registry that can be asked what its other repositories hold.
type Neighbours interface {
	Shelf
	Repositories(ctx context.Context, cursor string) (image.RepositoryPage, error)
}

// Elsewhere asks the other repositories of the registry for what p frees in v's,
// where they may share it, and has the plan say what is freed in the registry. What
// cannot be asked makes that a bound; the error is for being cancelled.
func Elsewhere(
	ctx context.Context, reg Neighbours, v plan.View, p plan.Plan, progress func(total, done int),
) (plan.Plan, error) {
	if !v.MayShare(p) {
		return p, nil
	}
	a := newAsking(reg, progress)
	a.freed = v.Freed(p)
	timed, cancel := within(ctx, askFor)
	defer cancel()
	a.list(timed, v.Repository)
	if err := a.everybody(timed); err != nil {
		return p, err
	}
	return p.WithElsewhere(a.freed, a.result().Needed(v, a.freed)), nil
}

func newAsking(reg Neighbours, progress func(total, done int)) *asking {
	if progress == nil {
		progress = func(int, int) {}
	}
	return &asking{
		reg: reg, progress: progress, most: mostHeads,
		held: map[ref.Digest]string{}, lacks: map[ref.Digest]int{}, holds: map[string]int{}, failed: map[string]bool{},
		skipped: map[string]bool{},
	}
}

type asking struct {
	reg      Neighbours
	freed    []graph.Freed
	others   []string // the nearest by name first
	unlisted string   // why there may be others still
	progress func(total, done int)
	led      string // was asked before the others for the content at hand
	most     int    // requests

	mu      sync.Mutex
	heads   int
	held    map[ref.Digest]string // by whom
	lacks   map[ref.Digest]int    // how many repositories do not have it
	holds   map[string]int        // how much of it a repository has
	failed  map[string]bool       // repositories that are asked no more
	skipped map[string]bool       // repositories that were not asked for everything
	stopped bool                  // the registry is asked no more
	late    string                // why there is no time for more
}

// list finds the other repositories: as many as can be asked at all. A catalog without
// one of those that are looked at lacks others too.
func (a *asking) list(ctx context.Context, looked ...string) {
	own := ""
	if len(looked) == 1 {
		own = looked[0]
	}
	unlisted := slices.Clone(looked)
	for cursor := ""; ; {
		page, err := a.reg.Repositories(ctx, cursor)
		for _, r := range page.Repositories {
			if r.Name != own {
				a.others = append(a.others, r.Name)
			}
			unlisted = slices.DeleteFunc(unlisted, func(name string) bool { return name == r.Name })
		}
		a.unlisted = a.gap(page, err, cursor == "", unlisted)
		if cursor = page.Next; cursor == "" || a.unlisted != "" {
			break
		}
	}
	near := func(name string) int { return shared(own, name) }
	slices.SortStableFunc(a.others, func(x, y string) int { return near(y) - near(x) })
}

// gap is why the list lacks repositories, after one of its pages; unlisted are those
// that it has to have and has not had so far.
func (a *asking) gap(page image.RepositoryPage, err error, first bool, unlisted []string) string {
	switch {
	case err != nil && first:
		return "the registry does not list its repositories"
	case err != nil:
		return "the registry does not list all of its repositories"
	case page.Omitted > 0:
		return "the registry lists repositories without a valid name"
	case page.Next != "" && len(a.others) >= mostHeads:
		return "it has more than " + text.Count(mostHeads) + " repositories"
	case page.Next == "" && len(unlisted) > 0:
		return "the registry does not list " + unlisted[0]
	}
	return ""
}

// shared is how many leading parts two names have in common.
func shared(a, b string) (n int) {
	as, bs := strings.Split(a, "/"), strings.Split(b, "/")
	for n < min(len(as), len(bs)) && as[n] == bs[n] {
		n++
	}
	return n
}

// crowded is from how many other repositories on it pays to hear of one piece of content
// before the next is asked for, and of whoever most likely holds it before the others:
// most of the questions need not be asked then.
const crowded = 4 * atATime

// everybody asks for all of the content.
func (a *asking) everybody(ctx context.Context) error {
	a.progress(min(len(a.freed)*len(a.others), max(0, a.most-a.heads)), 0)
	if len(a.others) < crowded {
		return a.several(ctx, a.freed)
	}
	for _, f := range a.freed {
		if a.over() {
			break
		}
		if first := a.order()[0]; a.begin(first, f) {
			if err := a.ask(ctx, first, f); err != nil {
				return err
			}
			a.led = first
		}
		if err := a.several(ctx, []graph.Freed{f}); err != nil {
			return err
		}
	}
	return ended(ctx)
}

// several asks everybody for some of the content.
func (a *asking) several(ctx context.Context, freed []graph.Freed) error {
	group, inner := errgroup.WithContext(ctx)
	group.SetLimit(atATime)
	for _, f := range freed {
		if a.over() {
			break
		}
		for _, repo := range a.order() {
			if ended(inner) == nil && repo != a.led && a.begin(repo, f) {
				group.Go(func() error { return a.ask(inner, repo, f) })
			}
		}
	}
	a.led = ""
	return cmp.Or(group.Wait(), ended(ctx))
}

// over reports whether no more is asked, of anybody.
func (a *asking) over() bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.stopped || a.late != "" || a.heads >= a.most {
		for _, repo := range a.others {
			a.skipped[repo] = true
		}
		return true
	}
	return len(a.failed) == len(a.others)
}

// order is in which to ask: first those that hold most of what was asked for, as
// they are based on the same images.
func (a *asking) order() []string {
	a.mu.Lock()
	defer a.mu.Unlock()
	out := slices.Clone(a.others)
	slices.SortStableFunc(out, func(x, y string) int { return a.holds[y] - a.holds[x] })
	return out
}

// begin reports whether a repository is to be asked, and counts it.
func (a *asking) begin(repo string, f graph.Freed) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	switch {
	case a.held[f.Digest] != "", a.failed[repo]:
		return false
	case a.stopped, a.late != "", a.heads >= a.most:
		a.skipped[repo] = true
		return false
	}
	a.heads++
	return true
}

func (a *asking) ask(ctx context.Context, repo string, f graph.Freed) error {
	at := plan.Place{Repository: repo, Digest: f.Digest}
	there, err := present(ctx, a.reg, plan.Ask{Place: at, Blob: !f.Manifest})
	if err := ended(ctx); err != nil {
		return err
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	a.progress(0, 1)
	switch {
	case err != nil && late(ctx) != "":
		a.late, a.skipped[repo] = late(ctx), true
	case err != nil:
		a.failed[repo] = true
		// A registry that refuses one repository may answer for the next one; one in
		// trouble is left alone.
		a.stopped = a.stopped || !fault.Is(err, fault.Denied) && !fault.Is(err, fault.Auth)
	case there:
		a.held[f.Digest] = repo
		a.holds[repo]++
	default:
		a.lacks[f.Digest]++
	}
	return nil
}

func (a *asking) result() plan.Elsewhere {
	out := plan.Elsewhere{Had: map[ref.Digest]bool{}, Unsure: map[ref.Digest]bool{}}
	for _, f := range a.freed {
		if a.held[f.Digest] != "" {
			out.Had[f.Digest] = true
		} else if a.unlisted != "" || a.lacks[f.Digest] < len(a.others) {
			out.Unsure[f.Digest] = true
		}
	}
	out.Reason = a.why()
	return out
}

// why is why not everything is known.
func (a *asking) why() string {
	var why []string
	if a.unlisted != "" {
		why = append(why, a.unlisted)
	}
	if n := len(a.failed); n > 0 {
		why = append(why, text.Plural(n, "repository", "repositories")+" did not answer")
	}
	for repo := range a.failed {
		delete(a.skipped, repo)
	}
	if n := len(a.skipped); n > 0 {
		limit := ""
		switch {
		case a.late != "":
			limit = ": " + a.late
		case a.heads >= a.most:
			limit = ": " + text.Count(mostHeads) + " requests are the limit"
		}
		why = append(why, text.Plural(n, "repository was", "repositories were")+" not asked for everything"+limit)
	}
	return strings.Join(why, "; ")
}
