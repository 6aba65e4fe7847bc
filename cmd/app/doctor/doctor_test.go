package doctor_test

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"regatta/cmd/app"
	"regatta/cmd/app/doctor"
	"regatta/cmd/config"
	"regatta/model/fault"
	"regatta/registry/auth"
	"regatta/registry/sandbox"
	"regatta/registry/store"
)

// A check that takes too long has failed, whether it heeds its deadline or not; what it finds
// in time counts, and so does what it was sure of late.
func TestBounded(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		run  func(context.Context) doctor.Finding
		want string
		took time.Duration
	}{
		"in time":  {func(context.Context) doctor.Finding { return doctor.OK("fine") }, "fine", 0},
		"fails":    {func(context.Context) doctor.Finding { return doctor.Fail("", "broken") }, "broken", 0},
		"deadline": {func(ctx context.Context) doctor.Finding { <-ctx.Done(); return doctor.Broken(ctx.Err()) }, "no answer in 10s", 10 * time.Second},
		"deaf":     {func(context.Context) doctor.Finding { <-time.After(time.Hour); return doctor.OK("late") }, "no answer in 10s", 10 * time.Second},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				began := time.Now()
				f := doctor.Bounded(t.Context(), doctor.CheckTime, tt.run)
				if f.Message != tt.want || time.Since(began) != tt.took {
					t.Errorf("after %s: %+v", time.Since(began), f)
				}
				time.Sleep(2 * time.Hour) // what does not heed its deadline ends too
			})
		})
	}
}

// What runs apart costs its own time only, and is run once.
func TestStartApart(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ran := 0
		slow := func(context.Context) doctor.Finding { ran++; <-time.After(3 * time.Second); return doctor.OK("slow") }
		all := doctor.StartApart(t.Context(), doctor.CheckTime, []doctor.Check{
			{Name: "a", Run: func(context.Context) doctor.Finding { <-time.After(3 * time.Second); return doctor.OK("here") }},
			{Name: "b", Apart: true, Run: slow},
		})
		began := time.Now()
		for i, want := range []string{"here", "slow"} {
			if f := all[i].Run(t.Context()); f.Message != want {
				t.Errorf("%s: %+v", all[i].Name, f)
			}
		}
		if took := time.Since(began); took != 3*time.Second || ran != 1 {
			t.Errorf("both took %s, apart ran %d times", took, ran)
		}
	})
}

// examined are the findings about a registry on this machine, by the name of the check.
func examined(t *testing.T, o sandbox.Options, prepare func(*sandbox.Registry, *app.App)) map[string]doctor.Finding {
	t.Helper()
	o.Now = sandbox.Epoch
	reg := sandbox.New(o)
	server := httptest.NewServer(reg)
	c := config.Default()
	c.Cache.Path = store.Memory
	a := app.New(sandbox.Epoch, c, app.Flags{})
	dir := t.TempDir()
	a.Keychain = func() *auth.Keychain {
		return auth.New(auth.Options{Now: sandbox.Epoch, Home: dir, Getenv: func(string) string { return "" }})
	}
	t.Cleanup(func() { _ = a.Close(); server.Close(); _ = reg.Close() })
	if prepare != nil {
		prepare(reg, a)
	}
	found := map[string]doctor.Finding{}
	for _, one := range doctor.Examine(a, strings.TrimPrefix(server.URL, "http://")).Checks() {
		f := one.Run(t.Context())
		found[one.Name] = f
		if one.Blocks && f.Status == doctor.StatusFail {
			break
		}
	}
	return found
}

func isTags(r *http.Request) bool { return strings.HasSuffix(r.URL.Path, "/tags/list") }

// A registry that works is found to, and what of it is to be minded is told by the check that
// it belongs to.
func TestExamine(t *testing.T) {
	t.Parallel()
	inject := func(f sandbox.Fault) func(*sandbox.Registry, *app.App) {
		return func(reg *sandbox.Registry, _ *app.App) { reg.Inject(f) }
	}
	for name, tt := range map[string]struct {
		options sandbox.Options
		prepare func(*sandbox.Registry, *app.App)
		check   string
		status  doctor.Status
		said    string
	}{
		"the machine":      {sandbox.Options{}, nil, "name", "ok", "is this machine"},
		"its port":         {sandbox.Options{}, nil, "connection", "ok", "accepts connections"},
		"no TLS":           {sandbox.Options{}, nil, "tls", "ok", "fine on this machine"},
		"the API":          {sandbox.Options{}, nil, "registry", "ok", "as a registry does"},
		"nobody":           {sandbox.Options{}, nil, "sign-in", "ok", "anonymous"},
		"the catalog":      {sandbox.Options{}, nil, "catalog", "ok", "repositories"},
		"pages":            {sandbox.Options{}, nil, "tag paging", "ok", "in pages"},
		"pulls":            {sandbox.Options{}, nil, "pull times", "skip", "only Amazon ECR"},
		"referrers":        {sandbox.Options{}, nil, "referrers", "ok", "has the referrers API"},
		"no limits":        {sandbox.Options{}, nil, "limits", "ok", "names no limits"},
		"the store":        {sandbox.Options{}, nil, "store", "ok", "works"},
		"no repository":    {sandbox.Options{Empty: true}, nil, "tag paging", "skip", "no repository"},
		"nothing to refer": {sandbox.Options{Empty: true}, nil, "referrers", "skip", "no repository"},
		"no catalog":       {sandbox.Options{Quirks: sandbox.Quirks{NoCatalog: true}}, nil, "catalog", doctor.StatusWarn, ""},
		"no referrers":     {sandbox.Options{Quirks: sandbox.Quirks{NoReferrers: true}}, nil, "referrers", doctor.StatusWarn, "no referrers API"},
		"a warning":        {sandbox.Options{Quirks: sandbox.Quirks{Warning: "it ends"}}, nil, "limits", doctor.StatusWarn, "it ends"},
		"reads left":       {sandbox.Options{Quirks: sandbox.Quirks{RateHeaders: true}}, nil, "limits", "ok", "reads left"},
		"a web page":       {sandbox.Options{}, inject(sandbox.Fault{Prefix: "/v2/", Effect: sandbox.HTML(200)}), "registry", doctor.StatusFail, "web page"},
		"no registry":      {sandbox.Options{}, inject(sandbox.Fault{Prefix: "/v2/", Effect: sandbox.HTML(404)}), "tls", doctor.StatusFail, ""},
		"no paging": {sandbox.Options{}, inject(sandbox.Fault{Prefix: "/v2/", Match: isTags, Effect: sandbox.Body{
			ContentType: "application/json", Text: `{"name": "a", "tags": ["a", "b", "c"]}`,
		}}), "tag paging", doctor.StatusWarn, "ignores the page size: 3 tags"},
		"the clock": {sandbox.Options{}, func(_ *sandbox.Registry, a *app.App) {
			a.Now = func() time.Time { return time.Now().Add(-time.Hour) }
		}, "clock", doctor.StatusWarn, "behind the registry's"},
		"a fast clock": {sandbox.Options{}, func(_ *sandbox.Registry, a *app.App) {
			a.Now = func() time.Time { return time.Now().Add(time.Hour) }
		}, "clock", doctor.StatusWarn, "ahead of the registry's"},
		"the same time": {sandbox.Options{}, func(_ *sandbox.Registry, a *app.App) { a.Now = time.Now }, "clock", "ok", "agree"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f, looked := examined(t, tt.options, tt.prepare)[tt.check]
			if !looked || f.Status != tt.status || !strings.Contains(f.Message, tt.said) {
				t.Errorf("%s: %+v", tt.check, f)
			}
		})
	}
}

// What went wrong is kept with the finding, whose advice counts where there is no other.
func TestFindings(t *testing.T) {
	t.Parallel()
	why := &fault.Error{Kind: fault.Denied, Detail: "no"}
	if f := doctor.Broken(why); f.Status != doctor.StatusFail || !errors.Is(f.Err, why) || f.Message != why.Error() {
		t.Errorf("%+v", f)
	}
	if f := doctor.Warn("do it", "%d left", 3); f.Status != doctor.StatusWarn || f.Advice != "do it" || f.Message != "3 left" {
		t.Errorf("%+v", f)
	}
}
