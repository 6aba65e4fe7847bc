package repos_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"regatta/model/catalog"
	"regatta/model/cost"
	"regatta/model/fault"
	"regatta/model/image"
	"regatta/ui/screen/repos"
	"regatta/ui/uitest"
)

func TestACatalogThatFails(t *testing.T) {
	t.Parallel()
	for _, kind := range []fault.Kind{fault.Unsupported, fault.Denied, fault.NotFound, fault.Auth} {
		m := small()
		m.pages, m.pageErr[""] = nil, &fault.Error{Kind: kind, Op: "list the catalog of", Object: "registry.example"}
		perform(t, m, 100, func(drv *uitest.Driver) {
			drv.Advance(settle).See("list the catalog of registry.example", "Not every registry shows its catalog", "registry.example/REPOSITORY").SeeNot("listing")
		})
		m.pinned = []string{"team/app"}
		perform(t, m, 100, func(drv *uitest.Driver) {
			drv.Advance(settle).SeeLine(`★ team/app +12\+`).See("no catalog (" + kind.String() + "): pinned repositories only; : opens any by name").SeeNot("✗")
		})
	}
	m := small()
	m.pages[""], m.pageErr[""] = image.RepositoryPage{}, &fault.Error{Kind: fault.Unavailable, Op: "list the catalog of", Object: "x"}
	perform(t, m, 100, func(drv *uitest.Driver) {
		drv.Advance(settle).See("list the catalog of x", "press r to try again", "r refresh").SeeNot("Not every")
		m.mu.Lock()
		m.pageErr, m.pages[""] = nil, image.RepositoryPage{Repositories: named("base")}
		m.mu.Unlock()
		drv.Press("r").Advance(settle).See("base", "1 repositories").SeeNot("catalog")
	})
	m = small()
	m.pageErr["n"], m.pages["n"] = &fault.Error{Kind: fault.Unavailable, Op: "list the catalog of", Object: "x"}, image.RepositoryPage{}
	perform(t, m, 100, func(drv *uitest.Driver) {
		drv.Advance(settle).See("team/app", "✗ registry unavailable: list the catalog")
	})
	m.pages["n"] = image.RepositoryPage{Repositories: named("beside")}
	perform(t, m, 100, func(drv *uitest.Driver) { drv.Advance(settle).See("beside", "✗ registry unavailable") })
	m = small()
	m.pages = map[string]image.RepositoryPage{"": {Repositories: named("base"), Omitted: 1, Next: "n"}, "n": {Omitted: 1}}
	perform(t, m, 100, func(drv *uitest.Driver) {
		drv.Advance(settle).See("base", "2 names in the list are not valid, and are left out")
	})
	m = small()
	m.pages = nil
	perform(t, m, 100, func(drv *uitest.Driver) {
		drv.Advance(settle).See("This registry has no repositories yet.", "Push an image, then press r.")
	})
}

// A repository that is gone leaves the list, and what all cost together.
func TestARepositoryGoes(t *testing.T) {
	t.Parallel()
	m := small()
	m.price = cost.Price{Standard: 0.1, Currency: "EUR"}
	perform(t, m, 100, func(drv *uitest.Driver) {
		drv.Advance(settle).See("4 repositories · €3.00 a month for 1 of them").ClickOn("zoo").CursorOn("zoo")
		m.mu.Lock()
		m.pages = map[string]image.RepositoryPage{"": {Repositories: named("team/app", "zoo/x")}}
		m.mu.Unlock()
		drv.Press("r").Advance(settle).See("2 repositories · €3.00 a month for 1 of them").SeeNot("base", "web").CursorOn("zoo")
		m.mu.Lock()
		m.pages = map[string]image.RepositoryPage{"": {Repositories: named("team/app")}}
		m.mu.Unlock()
		drv.Press("r").Advance(settle).See("1 repositories · €3.00 a month").SeeNot("of them", "zoo").CursorOn("app")
	})
}

func TestPins(t *testing.T) {
	t.Parallel()
	m := small()
	m.pinned = []string{"zoo/x", "private"}
	perform(t, m, 100, func(drv *uitest.Driver) {
		drv.Advance(settle).SeeLine(`▌ +★ private`).SeeLine(`★ zoo/x +1 `).See("5 repositories").ClickOn("team/web").Press("f").See("✓ pinned team/web")
		drv.Advance(time.Second).SeeLine(`★ team/web`).CursorOn("team/web")
		drv.Press("S", "g").CursorOn("★ zoo/x").Press("S", "/").Type("is:pinned").Press("enter").See("3 / 5").Press("esc").ClickOn("zoo/x").Press("f")
		drv.See("✓ unpinned zoo/x").Advance(time.Second).SeeNot("★ zoo")
		if got := m.heard(); !slices.Contains([]string{"page , page n, pin team/web true, pin zoo/x false"}, last(got, 4)) {
			t.Errorf("asked for %s", got)
		}
		m.mu.Lock()
		m.pinErr = errors.New("the store is closed")
		m.mu.Unlock()
		drv.Press("f").Advance(time.Second).See("✗ the store is closed").SeeLine(`★ zoo/x`) // for this session
	})
	m = small()
	m.pinErr = errors.New("the store is closed")
	perform(t, m, 100, func(drv *uitest.Driver) { drv.Advance(time.Second).See("✗ the store is closed", "team/app") })
	m.wire = func(w *repos.Wiring) { w.Pins = nil }
	perform(t, m, 100, func(drv *uitest.Driver) { drv.Advance(settle).Press("f").SeeNot("pinned", "★") })
}

// last is the end of a list: so many of what it names.
func last(list string, n int) string {
	at := len(list)
	for ; at > 0 && n > 0; at-- {
		if list[at-1] == ',' {
			n--
		}
	}
	if n == 0 {
		at += 2
	}
	return list[at:]
}

func TestTree(t *testing.T) {
	t.Parallel()
	perform(t, small(), 100, func(drv *uitest.Driver) {
		drv.Advance(settle).SeeLine(`team/web`).Press("T").SeeLine(`^  team/app`).SeeLine(`^       web `).SeeLine(`zoo/x`).Press("T").SeeLine(`team/web`)
		drv.ClickOn("team/app").Press("f").ClickOn("team/web").Press("f").Advance(time.Second).Press("T").SeeLine(`★ team/app`).SeeLine(`★ team/web`)
	})
}

func TestKeys(t *testing.T) {
	t.Parallel()
	perform(t, small(), 100, func(drv *uitest.Driver) {
		drv.Advance(settle).ClickOn("team/app")
		for k, want := range map[string]string{"ctrl+z": "health of team/app", "u": "usage of team/app", "w": "access of team/app", "L": "lifecycle of team/app", "l": "images of team/app"} {
			drv.Press(k).See("opened " + want + ".").Press("h")
		}
		if drv.Press("c").See("copied registry.example/team/app").Advance(time.Second); drv.Clipboard() != "registry.example/team/app" {
			t.Errorf("copied %q", drv.Clipboard())
		}
		drv.Press("b").See("roll back which tag?", "of team/app").Press("enter").SeeNot("opened").Type("prod").Press("enter")
		drv.See("opened rollback prod of team/app.").Press("h")
		drv.Press("space", "space").See("2 marked").Press("L").See("opened lifecycle of team/app,team/web.").Press("h", "b").See("of team/app, team/web")
		drv.Type("v1").Press("enter").See("rollback v1 of team/app,team/web.").Press("h", "esc").SeeNot("marked")
	})
	m := small()
	m.wire = func(w *repos.Wiring) {
		w.Access, w.Registry.Context = nil, catalog.Context{Name: "dev", Host: "registry.example", ReadOnly: true}
	}
	perform(t, m, 100, func(drv *uitest.Driver) {
		drv.See("read-only").Press("w").See("this registry does not say who may use it").Advance(settle).Press("b").See("this context is read-only")
		drv.Press("ctrl+s").See("saved 4 rows to /tmp/repositories")
		want := [][]string{
			{"repository", "tags", "images", "sizeBytes", "newest"},
			{"base", "0", "", "", ""},
			{"team/app", "12", "7", "30000000", "1999-12-30T00:00:00Z"},
			{"team/web", "3", "", "", ""},
			{"zoo/x", "1", "", "", ""},
		}
		if !slices.EqualFunc(m.saved, want, slices.Equal) {
			t.Errorf("saved %q", m.saved)
		}
	})
}
