package repos_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"regatta/model/catalog"
	"regatta/model/cost"
	"regatta/model/fault"
	"regatta/model/image"
	"regatta/ui/kit"
	"regatta/ui/screen/repos"
	"regatta/ui/uitest"
)

// opened is a screen that says what it was opened for.
type opened string

func (opened) Init() tea.Cmd                        { return nil }
func (opened) Update(tea.Msg) (kit.Intent, tea.Cmd) { return nil, nil }
func (o opened) View(w, h int) string               { return kit.Block([]string{"opened " + string(o) + "."}, w, h) }
func (opened) Bindings() []kit.Binding              { return nil }
func (opened) Close()                               {}

// settle is as long as listing and reading take.
const settle = 5 * time.Second

// mall is a registry.
type mall struct {
	mu      sync.Mutex
	pages   map[string]image.RepositoryPage
	pageErr map[string]error
	details map[string]image.Repository
	failing map[string]error
	surveys map[string]image.Repository
	pinned  []string
	pinErr  error
	slow    time.Duration // of a page
	dull    time.Duration // of a detail
	cheap   bool
	price   cost.Price

	asked    []string
	now, top int
	saved    [][]string
	wire     func(*repos.Wiring)
}

func (m *mall) ask(format string, args ...any) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.asked = append(m.asked, fmt.Sprintf(format, args...))
}

// heard is what was asked since the last time, sorted.
func (m *mall) heard() string {
	m.mu.Lock()
	defer m.mu.Unlock()
	out := m.asked
	m.asked = nil
	slices.Sort(out)
	return strings.Join(out, ", ")
}

func wait(ctx context.Context, d time.Duration) error {
	select {
	case <-time.After(d):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (m *mall) Repositories(ctx context.Context, cursor string) (image.RepositoryPage, error) {
	m.ask("page %s", cursor)
	err := wait(ctx, m.slow)
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.pages[cursor], errors.Join(err, m.pageErr[cursor])
}

func (m *mall) describe(ctx context.Context, from map[string]image.Repository, name string) (image.Repository, error) {
	m.mu.Lock()
	m.now++
	m.top = max(m.top, m.now)
	m.mu.Unlock()
	err := wait(ctx, m.dull)
	m.mu.Lock()
	defer m.mu.Unlock()
	m.now--
	if err == nil {
		err = m.failing[name]
	}
	if r, ok := from[name]; ok {
		return r, err
	}
	return image.NewRepository(name), err
}

func (m *mall) DescribeRepository(ctx context.Context, name string) (image.Repository, error) {
	m.ask("describe %s", name)
	return m.describe(ctx, m.details, name)
}

func (m *mall) SurveyRepository(ctx context.Context, name string) (image.Repository, error) {
	m.ask("survey %s", name)
	return m.describe(ctx, m.surveys, name)
}

func (m *mall) Pins(context.Context) ([]string, error) { return m.pinned, m.pinErr }

func (m *mall) SetPin(repository string, pinned bool) error {
	m.ask("pin %s %v", repository, pinned)
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.pinErr
}

func perform(t *testing.T, m *mall, width int, act func(*uitest.Driver)) {
	t.Helper()
	one := func(what string) func(string) kit.Screen {
		return func(name string) kit.Screen { return opened(what + " " + name) }
	}
	uitest.Perform(t, uitest.Stage{Width: width, Height: 24, Screen: func(_ *testing.T, com kit.Common) kit.Screen {
		com.Save = func(_ context.Context, name string, rows [][]string) (string, error) {
			m.saved = rows
			return "/tmp/" + name, nil
		}
		w := repos.Wiring{
			Registry: repos.Registry{
				Context: catalog.Context{Name: "dev", Host: "registry.example"}, CheapReads: func() bool { return m.cheap }, Price: m.price,
			},
			Source: m, Pins: m, Open: one("images of"), Health: one("health of"), Usage: one("usage of"), Access: one("access of"),
			Lifecycle: func(all []string) kit.Screen { return opened("lifecycle of " + strings.Join(all, ",")) },
			Rollback: func(all []string, tag string) kit.Screen {
				return opened("rollback " + tag + " of " + strings.Join(all, ","))
			},
		}
		if m.wire != nil {
			m.wire(&w)
		}
		return repos.New(com, w)
	}}, act)
}

func named(names ...string) (out []image.Repository) {
	for _, n := range names {
		out = append(out, image.NewRepository(n))
	}
	return out
}

func day(before int) time.Time {
	return time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, -before)
}

// small is a registry of four repositories on two pages.
func small() *mall {
	counted := func(name string, tags int) image.Repository {
		r := image.NewRepository(name)
		r.Tags = tags
		return r
	}
	full := image.Repository{Name: "team/app", Tags: 12, More: true, Images: 7, Size: 30e6, LastPush: day(2), Stored: image.Stored{Known: true, Standard: 30 * cost.GB}}
	return &mall{
		pages:   map[string]image.RepositoryPage{"": {Repositories: named("team/app", "team/web"), Next: "n"}, "n": {Repositories: named("base", "zoo/x")}},
		pageErr: map[string]error{}, failing: map[string]error{},
		details: map[string]image.Repository{"team/app": full, "team/web": counted("team/web", 3), "base": counted("base", 0), "zoo/x": counted("zoo/x", 1)},
		surveys: map[string]image.Repository{
			"team/web": {Name: "team/web", Tags: 3, Images: 2, Size: 10e6, LastPush: day(40), Stored: image.Stored{Known: true, Standard: 10 * cost.GB, Archived: 5 * cost.GB, AtMost: true}},
		},
	}
}

func TestListing(t *testing.T) {
	t.Parallel()
	m := small()
	m.slow, m.dull = 2*time.Second, time.Second
	perform(t, m, 100, func(drv *uitest.Driver) {
		drv.See("dev", "registry.example", "listing repositories …").Press("enter").See("! open: there is no repository here")
		drv.Advance(2500 * time.Millisecond).SeeLine(`team/app +· +· +·`).SeeNot("zoo").Press("down").See("2 repositories …").Press("g").Advance(settle)
		drv.Press("g").SeeLine(`▌ +base +0 +· +· +·`).SeeLine(`team/app +12\+ +7 +30 MB +━{12} +2d`).SeeLine(`team/web +3 +· +· +·`).See("4 repositories")
		drv.SeeNot("…", "a month")
		if got := m.heard(); got != "describe base, describe team/app, describe team/web, describe zoo/x, page , page n" || m.top != 2 {
			t.Errorf("asked for %s, %d at a time", got, m.top)
		}
		drv.Press("enter").See("opened images of base.").Press("h").ClickOn("web").CursorOn("web").ClickOn("web").See("opened images of team/web.")
		drv.Press("h").CursorOn("web")
		drv.Press("s").See("TAGS↓").Press("g").CursorOn("app").Press("S", "g").CursorOn("base").Press("s", "g").See("SIZE↓").CursorOn("app").Press("S", "g")
		drv.CursorOn("app") // what is unknown comes last
		drv.Press("s", "g").See("NEWEST↓").CursorOn("app").ClickOn("REPOSITORY").Press("g").CursorOn("base")
		drv.Press("/").Type("tags>2").Press("enter").See("2 / 4 repositories · filter tags>2").SeeNot("zoo").Press("esc").See("zoo").Press("esc").See(uitest.Home)
	})
}

func TestMeasuring(t *testing.T) {
	t.Parallel()
	m := small()
	m.price = cost.Price{Standard: 0.1, Currency: "EUR", From: "the list"}
	perform(t, m, 130, func(drv *uitest.Driver) {
		drv.Advance(settle).See("€3.00 a month for 1 of them").ClickOn("web").See("Size and age are not known until the images", "press i.")
		drv.SeeLine(`images +unknown`).SeeNot("stored ", "by the list")
		m.heard()
		drv.Press("i").See("reading all images of 1 repository").Advance(settle).SeeLine(`team/web +3 +2 +10 MB`)
		drv.SeeLine(`stored +≤ 11 GB \+ 5\.4 GB archived`).See("by the list", "for 2 of them")
		if got := m.heard(); got != "survey team/web" {
			t.Errorf("asked for %s", got)
		}
		drv.ClickOn("team/app").SeeLine(`│ tags +more than 12`).SeeLine(`│ images +7`).SeeLine(`│ size +30 MB \(30,000,000 bytes\)`)
		drv.SeeLine(`a month +€3\.00`).SeeLine(`newest +1999-12-30`)
		drv.Press("a").See("4 marked").Press("i").See("reading all images of 4 repositories").Advance(settle)
		if got := m.heard(); got != "survey base, survey team/app, survey team/web, survey zoo/x" {
			t.Errorf("asked for %s", got)
		}
		drv.Press("p").SeeNot("│").Press("p").See("│").Resize(100, 24).SeeNot("│").Press("p").See("! preview: it needs 110 columns")
	})
	m = small()
	m.cheap, m.dull = true, time.Second
	perform(t, m, 100, func(drv *uitest.Driver) { // where it costs nobody anything, it is done at once
		drv.Advance(4 * settle).SeeLine(`team/web +3 +2 +10 MB`)
		if got := m.heard(); strings.Count(got, "survey") != 4 || m.top > 3 {
			t.Errorf("asked for %s, %d at a time", got, m.top)
		}
		drv.Press("r").Advance(4 * settle)
		if got := m.heard(); strings.Count(got, "survey") != 4 {
			t.Errorf("asked for %s again", got)
		}
	})
	m = small()
	m.dull = time.Second
	perform(t, m, 100, func(drv *uitest.Driver) {
		drv.Advance(settle).ClickOn("team/web").Press("i", "i").See("reading all images of 0 repositories").Advance(settle)
		if got := m.heard(); strings.Count(got, "survey") != 1 {
			t.Errorf("asked for %s", got)
		}
	})
}

func TestDetailsThatFail(t *testing.T) {
	t.Parallel()
	m := small()
	m.failing["base"] = &fault.Error{Kind: fault.Denied, Op: "list tags of", Object: "base"}
	m.cheap = true
	perform(t, m, 130, func(drv *uitest.Driver) {
		drv.Advance(settle).SeeLine(`base +! +! +·`).See("✗ denied: list tags of base").SeeLine(`│ .*list tags of base`).SeeLine(`│ tags +unknown`)
		drv.SeeNot("press i.").Press("j").SeeNot("denied: list")
		if got := m.heard(); strings.Contains(got, "survey base") {
			t.Errorf("asked for %s", got)
		}
		drv.Press("/").Type("is:failed").Press("enter").CursorOn("base").SeeNot("zoo").Press("esc")
		m.mu.Lock()
		m.failing = map[string]error{"team/app": errors.New("it broke\x1b[1m")}
		m.mu.Unlock()
		drv.ClickOn("team/app").Press("i").Advance(settle).See("it broke") // what was known stays
	})
	lost := small()
	perform(t, lost, 130, func(drv *uitest.Driver) {
		drv.Advance(settle).ClickOn("team/app")
		lost.mu.Lock()
		lost.failing["team/app"] = errors.New("it broke")
		lost.mu.Unlock()
		drv.Press("i").Advance(settle).SeeLine(`team/app +12\+ +7 +30 MB`).See("✗ it broke")
	})
}
