package lifecycle_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"regatta/model/catalog"
	"regatta/model/cost"
	"regatta/model/fault"
	"regatta/model/lifecycle"
	"regatta/model/ref"
	"regatta/ui/kit"
	screen "regatta/ui/screen/lifecycle"
	"regatta/ui/uitest"
)

// mall is several repositories.
type mall struct {
	mu       sync.Mutex
	shops    map[string]*shop
	failing  map[string]error
	slow     time.Duration
	now, top int // read at a time
	asked    map[string]int
	wire     func(*screen.SeveralWiring)
	saved    [][]string
}

func (m *mall) load(ctx context.Context, name string) (screen.Loaded, error) {
	m.mu.Lock()
	m.asked[name]++
	m.now++
	m.top = max(m.top, m.now)
	m.mu.Unlock()
	err := wait(ctx, m.slow)
	m.mu.Lock()
	defer m.mu.Unlock()
	m.now--
	return m.shops[name].loaded, errors.Join(err, m.failing[name])
}

func (m *mall) policy(_ context.Context, name string) (string, error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.shops[name].policy, m.shops[name].bad
}

// heard is how many repositories were read since the last time.
func (m *mall) heard() (n int) {
	m.mu.Lock()
	defer m.mu.Unlock()
	for _, times := range m.asked {
		n += times
	}
	m.asked = map[string]int{}
	return n
}

func performSeveral(t *testing.T, m *mall, height int, act func(*uitest.Driver)) {
	t.Helper()
	m.asked = map[string]int{}
	uitest.Perform(t, uitest.Stage{Width: 120, Height: height, Screen: func(_ *testing.T, com kit.Common) kit.Screen {
		var names []string
		for name := range m.shops {
			names = append(names, name)
		}
		slices.Sort(names)
		w := screen.SeveralWiring{
			Context: catalog.Context{Name: "dev", Host: "registry.example"}, Repositories: names, Load: m.load, Policy: m.policy,
			Open: func(repository, text string) kit.Screen {
				return opened(fmt.Sprint(repository, " with ", len(text) > 0))
			},
		}
		if m.wire != nil {
			m.wire(&w)
		}
		com.Save = func(_ context.Context, name string, rows [][]string) (string, error) {
			m.saved = rows
			return "/tmp/" + name, nil
		}
		return screen.NewSeveral(com, w)
	}}, act)
}

// street is four repositories: one that runs what its policy expires, one without
// a policy, one that nobody was asked about, and one that cannot be read.
func street() *mall {
	bare, dark, lost := small(), small(), small()
	bare.policy = ""
	dark.loaded.UsedBy, dark.loaded.AllUses = nil, false
	dark.loaded.Images = append(dark.loaded.Images, lifecycle.Image{Digest: d("f"), Size: 50e6, Pushed: day(60)})
	return &mall{
		shops: map[string]*shop{"team/app": small(), "team/bare": bare, "team/dark": dark, "team/lost": lost}, slow: time.Second,
		failing: map[string]error{"team/lost": &fault.Error{Kind: fault.Denied, Op: "read", Object: "team/lost"}},
	}
}

func TestSeveral(t *testing.T) {
	t.Parallel()
	m := street()
	performSeveral(t, m, 24, func(drv *uitest.Driver) {
		drv.Advance(500*time.Millisecond).See("reading …", "the policy that each repository has", "0 of 4 read", "team/app", "team/lost")
		drv.SeeLine(`team/app +· +· +· +· +· +·`)
		drv.Advance(1*time.Second).See("2 of 4 read", " …").SeeLine(`team/dark +· `).Advance(settle).See("4 repositories · nothing is changed here · 1 failed")
		drv.See("× expire 3", "= keep 10", "frees at most 60 MB", "! ≥ 1 in use")
		drv.SeeLine(`team/app +1 rule +1 +0 +3 +5\.0 MB +━+ +1$`).SeeLine(`team/bare +none +0 +0 +4 +0 B +0$`).SeeLine(`team/dark +1 rule +2 +0 +3 +55 MB +━+ +\?$`)
		drv.SeeLine(`team/lost +· +! +· +· +· +·$`).Press("G").CursorOn("team/lost").See("✗ denied: read team/lost").Press("g").SeeNot("denied")
		if m.top != 2 || m.heard() != 4 {
			t.Errorf("%d read at a time", m.top)
		}
		drv.Press("s").See("FREES↓").Press("g").CursorOn("dark").Press("s").See("EXPIRE↓").Press("g").CursorOn("dark").Press("s").See("IN US").Press("g")
		drv.CursorOn("app")
		drv.Press("/").Type("is:in-use").Press("enter").See("1 / 4 repo").SeeNot("dark").Press("esc").Press("/").Type("is:failed").Press("enter")
		drv.CursorOn("lost").Press("esc")
		drv.Press("ctrl+s").See("saved 4 rows to /tmp/repositories")
		want := [][]string{
			{"repository", "rules", "expire", "archive", "keep", "reclaimedBytes", "inUse"},
			{"team/app", "1", "1", "0", "3", "5000000", "1"},
			{"team/bare", "0", "0", "0", "4", "0", "0"},
			{"team/dark", "1", "2", "0", "3", "55000000", ""},
			{"team/lost", "", "", "", "", "", ""},
		}
		slices.SortFunc(m.saved[1:], func(a, b []string) int { return strings.Compare(a[0], b[0]) })
		if !slices.EqualFunc(m.saved, want, slices.Equal) {
			t.Errorf("saved %q", m.saved)
		}
	})
}

func TestOnePolicyForAll(t *testing.T) {
	t.Parallel()
	m := street()
	performSeveral(t, m, 30, func(drv *uitest.Driver) {
		drv.Advance(settle).Press("enter").See("opened team/app with false.").Press("h").Press("o")
		drv.See("! the policies that the repositories have: it is what is shown")
		drv.Press("n", "j", "enter").Advance(settle).See("tried on all: keep the newest 30 (1 rule)", "× expire 0", "= keep 13")
		drv.SeeLine(`team/bare +1 rule +0`).SeeLine(`team/lost +· +!`)
		if drv.Press("enter").See("opened team/app with true.").Press("h"); m.heard() != 4 {
			t.Error("a policy that is tried reads anew")
		}
		drv.Press("e").See("policy tried on all", "valid, 1 rule").Type("x").See("1:1 ").Press("esc").See("violation", "ECR would not take this policy")
		drv.Press("enter").See("opened team/app with false.").Press("h")
		drv.Press("o").Advance(settle).See("the policy that each repository has", "× expire 3").SeeNot("violation", "tried on all")
		drv.Press("e").See("Expire untagged images").Type(" ").Press("esc").Advance(settle).See("tried on all: one policy (1 rule)").ClickOn("team/dark")
		drv.CursorOn("dark").ClickOn("team/dark").See("opened team/dark with true.")
	})
}

func TestSeveralAgain(t *testing.T) {
	t.Parallel()
	m := street()
	m.shops["team/bare"].policy = "{"
	performSeveral(t, m, 24, func(drv *uitest.Driver) {
		drv.Advance(settle).SeeLine(`team/bare +· +! `).See("2 failed").ClickOn("team/bare").See("✗ ECR would not take its policy any more").Press("g")
		m.heard()
		drv.Send(kit.Refresh{}).Advance(settle).See("something was changed since this was read", "r read again")
		if m.heard() != 0 {
			t.Error("it is read by itself")
		}
		m.mu.Lock()
		m.failing, m.shops["team/bare"].policy = nil, ""
		m.mu.Unlock()
		drv.Press("r").See("0 of 4 read").Advance(settle).See("nothing is changed here").SeeNot("failed", "r read again").SeeLine(`team/bare +none`)
		if m.heard() != 4 {
			t.Error("it is not read again")
		}
		drv.Press("r").Advance(time.Second / 2).Press("esc").See(uitest.Home)
	})
	m = street()
	m.wire = func(w *screen.SeveralWiring) {
		w.Counts, w.Policy, w.Price = true, nil, cost.Price{Standard: 0.1, Currency: "EUR"}
	}
	performSeveral(t, m, 24, func(drv *uitest.Driver) {
		drv.Advance(settle).See("Reading the manifests of these repositories counts as pulling", "nothing is read yet").Send(kit.Refresh{})
		if drv.Press("n", "o"); m.heard() != 0 {
			t.Error("it reads without being asked")
		}
		drv.Press("enter").Advance(settle).See("tried on all: untagged after 14 days", "A MONTH", "a month").SeeLine(`team/bare +1 rule +1 `)
		drv.See("nothing is changed here").Press("o").See("this registry keeps no policies")
	})
	none := &mall{shops: map[string]*shop{}}
	performSeveral(t, none, 24, func(drv *uitest.Driver) {
		drv.Advance(settle).See("0 repositories").Press("enter").See("there is no repository here").Click(5, 8).Click(5, 8).SeeNot("opened")
	})
	silent := street()
	silent.shops = map[string]*shop{"team/x": {loaded: screen.Loaded{Images: []lifecycle.Image{{Digest: d("a")}}, UsedBy: func(ref.Digest) []string { return nil }, AllUses: true}}}
	performSeveral(t, silent, 24, func(drv *uitest.Driver) { drv.Advance(settle).SeeLine(`team/x +none +0 .* 0$`).SeeNot("in use", "?  ") })
}
