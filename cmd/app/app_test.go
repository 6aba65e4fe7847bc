package app_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"regatta/cmd/app"
	"regatta/cmd/config"
	"regatta/model/catalog"
	"regatta/model/fault"
	"regatta/model/image"
	"regatta/model/ref"
	"regatta/registry"
	"regatta/registry/ecr/sdk"
	"regatta/registry/sandbox"
	"regatta/registry/store"
)

const (
	host    = "registry.example"
	account = "111122223333.dkr.ecr.eu-central-1.amazonaws.com"
)

// opened is an app on an empty sandbox, of registries as the config says.
func opened(t *testing.T, flags app.Flags, registries ...config.Registry) *app.App {
	t.Helper()
	reg := sandbox.New(sandbox.Options{Now: sandbox.Epoch, Empty: true})
	c := config.Default()
	c.Cache.Path, c.Registries = store.Memory, registries
	a := app.New(sandbox.Epoch, c, flags)
	a.Base, a.Env = reg.Transport(), func(string) string { return "" }
	t.Cleanup(func() { _, _ = a.Close(), reg.Close() })
	return a
}

// Of two entries for a host --context chooses, and without it the first one counts; a host that
// the config does not name has an entry that says nothing.
func TestRegistryOf(t *testing.T) {
	t.Parallel()
	two := []config.Registry{{Name: "one", Host: host, Color: "red"}, {Name: "two", Host: host, ReadOnly: true}}
	for flag, want := range map[string]string{"": "one", "two": "two", "three": "one"} {
		a := opened(t, app.Flags{Context: flag}, two...)
		if got := a.RegistryOf(host); got.Name != want {
			t.Errorf("--context %q is %q", flag, got.Name)
		}
		if got := a.RegistryOf("other.example"); got.Name != "" || got.Host != "other.example" {
			t.Errorf("another host is %+v", got)
		}
	}
}

// Nothing is changed where a flag, the config or the entry of the registry says so; plans know
// which registry is one of production.
func TestReadOnly(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		prepare func(a *app.App)
		why     string
	}{
		"nobody":    {func(*app.App) {}, ""},
		"the flag":  {func(a *app.App) { a.Flags.ReadOnly = true }, "--read-only"},
		"the file":  {func(a *app.App) { a.Config.ReadOnly = true }, "the config says read-only"},
		"the entry": {func(a *app.App) { a.Config.Registries[0].ReadOnly = true }, "for team"},
	} {
		a := opened(t, app.Flags{}, config.Registry{Name: "team", Host: host})
		tt.prepare(a)
		err := a.ReadOnly(host)
		if (err == nil) != (tt.why == "") || err != nil && (!fault.Is(err, fault.ReadOnly) || !strings.Contains(err.Error(), tt.why)) {
			t.Errorf("%s: %v", name, err)
		}
	}
	for color, want := range map[string]string{"red": "team", "green": ""} {
		a := opened(t, app.Flags{}, config.Registry{Name: "team", Host: host, Color: color})
		if got := a.Options(host).Rules.ProdContext; got != want {
			t.Errorf("%s is production: %q", color, got)
		}
	}
}

// A price of the config counts, also where storage costs nothing; without one a registry of
// which none is published has none.
func TestPriceOf(t *testing.T) {
	t.Parallel()
	a := opened(t, app.Flags{}, config.Registry{Name: "team", Host: host, Price: config.Price{Currency: "EUR"}})
	if p := a.PriceOf(host); p.Currency != "EUR" || p.From != "the config" {
		t.Errorf("%+v", p)
	}
	if p := a.PriceOf("other.example"); p.Currency != "" {
		t.Errorf("another host: %+v", p)
	}
	free := opened(t, app.Flags{}, config.Registry{Name: "team", Host: account, Price: config.Price{Currency: "EUR"}})
	if p := free.PriceOf(account); p.Currency != "EUR" || p.Standard != 0 {
		t.Errorf("what costs nothing: %+v", p)
	}
}

// A key stands for the repositories that it covers, and is not read for others.
func TestKeysFor(t *testing.T) {
	t.Parallel()
	a := opened(t, app.Flags{}, config.Registry{Name: "team", Host: host, Trust: []config.Trust{
		{Name: "all", Key: sandbox.PublicKey()}, {Name: "lost", Key: "/nowhere/cosign.pub", Repositories: []string{"team/*"}},
	}})
	if keys, err := a.KeysFor(host, "other/app"); err != nil || len(keys) != 1 {
		t.Errorf("%d keys: %v", len(keys), err)
	}
	if _, err := a.KeysFor(host, "team/app"); !fault.Is(err, fault.Invalid) || !strings.Contains(err.Error(), "lost") {
		t.Errorf("a key that cannot be read: %v", err)
	}
}

// A host of ECR is spoken to with the profile that was given, else with the one of the config,
// else with the one that led there, else with the first of its account.
func TestProfileOf(t *testing.T) {
	t.Parallel()
	a := opened(t, app.Flags{}, config.Registry{Name: "team", Host: account})
	if got := a.ProfileOf(account); got != "" {
		t.Errorf("of none it is %q", got)
	}
	a.Profiles = func() []sdk.Profile {
		return []sdk.Profile{{Name: "other", Account: "444455556666"}, {Name: "first", Account: "111122223333"}}
	}
	for _, step := range []struct {
		prepare func()
		want    string
	}{
		{func() {}, "first"},
		{func() { a.Choose(catalog.Context{Host: account}) }, "first"},
		{func() { a.Choose(catalog.Context{Host: account, Profile: "chosen"}) }, "chosen"},
		{func() { a.Config.Registries[0].Profile = "configured" }, "configured"},
		{func() { a.Flags.Profile = "given" }, "given"},
	} {
		if step.prepare(); a.ProfileOf(account) != step.want {
			t.Errorf("it is %q, want %q", a.ProfileOf(account), step.want)
		}
	}
	if got := a.ProfileOf(host); got != "" {
		t.Errorf("a registry that is none of AWS has %q", got)
	}
}

// With a context its host goes before names that have none, and before no other.
func TestWithHost(t *testing.T) {
	t.Parallel()
	entry := config.Registry{Name: "team", Host: host}
	for name, want := range map[string]string{
		"app/web": host + "/app/web", "other.example/app": "other.example/app", "docker.io/library/x": "docker.io/library/x",
	} {
		a := opened(t, app.Flags{Context: "team"}, entry)
		if got := a.WithHost(name); got != want {
			t.Errorf("%s is %s", name, got)
		}
		if plain := opened(t, app.Flags{}, entry); plain.WithHost(name) != name {
			t.Errorf("without a context %s is %s", name, plain.WithHost(name))
		}
	}
}

// An answer holds for a minute, if it is whole: a source that has failed is asked again.
func TestAFailureIsNotKept(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "uses")
	a := opened(t, app.Flags{}, config.Registry{Name: "team", Host: host, Usage: config.Usage{References: file}})
	now := sandbox.Epoch()
	a.Now = func() time.Time { return now }
	uses := func(want int, failed bool) {
		t.Helper()
		set, err := a.Uses(t.Context(), host)
		if n := len(set.Uses(host, "team/app")); err != nil || n != want || len(set.Failed()) > 0 != failed {
			t.Errorf("%d uses, failed %v: %v", n, set.Failed(), err)
		}
	}
	write := func(lines ...string) {
		if err := os.WriteFile(file, []byte(strings.Join(lines, "\n")), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	uses(0, true) // it is not there
	write(host + "/team/app:v1")
	uses(1, false)
	write(host+"/team/app:v1", host+"/team/app:v2")
	now = now.Add(app.UsageFresh - time.Nanosecond)
	uses(1, false)
	now = now.Add(time.Nanosecond)
	uses(2, false)
}

// pages is a registry whose lists leave something out.
type pages struct {
	registry.Backend

	fails error
}

func (p pages) Images(_ context.Context, _, cursor string) (image.Page, error) {
	if cursor == "" {
		return image.Page{Images: []image.Image{{Tags: []string{"a"}}}, Next: "b", Omitted: 1}, nil
	}
	return image.Page{Images: []image.Image{{Tags: []string{"b"}}}, Omitted: 2}, p.fails
}

func (p pages) Repositories(_ context.Context, cursor string) (image.RepositoryPage, error) {
	if cursor == "" {
		return image.RepositoryPage{Repositories: []image.Repository{{Name: "b"}}, Next: "b", Omitted: 1}, nil
	}
	return image.RepositoryPage{Repositories: []image.Repository{{Name: "a"}}, Omitted: 2}, p.fails
}

// A list is read to its end, and what was left out of it is an error, as is what broke it; what
// there is comes with either.
func TestLists(t *testing.T) {
	t.Parallel()
	broke := &fault.Error{Kind: fault.Unavailable}
	for _, want := range []error{image.Omitted(3), broke} {
		b := pages{}
		if errors.Is(want, broke) {
			b.fails = broke
		}
		images, err := app.ListImages(t.Context(), b, "app")
		if len(images) != 2 || err == nil || err.Error() != want.Error() {
			t.Errorf("%d images: %v, want %v", len(images), err, want)
		}
		found, err := app.ListRepositories(t.Context(), b)
		names := []string{}
		for _, r := range found {
			names = append(names, r.Name)
		}
		if !slices.Equal(names, []string{"a", "b"}) || err == nil || err.Error() != want.Error() {
			t.Errorf("%v: %v, want %v", names, err, want)
		}
	}
}

// What would meet all the others ends the work on them; what is wrong with one does not.
func TestMeetsAll(t *testing.T) {
	t.Parallel()
	for kind, want := range map[fault.Kind]bool{
		fault.Auth: true, fault.RateLimited: true, fault.Unresolved: true, fault.TLS: true, fault.Cancelled: true,
		fault.NotFound: false, fault.Denied: false, fault.Unavailable: false, fault.Timeout: false, fault.Unknown: false,
	} {
		if app.MeetsAll(&fault.Error{Kind: kind}) != want {
			t.Errorf("%s meets all: %v", kind, !want)
		}
	}
	if app.MeetsAll(nil) {
		t.Error("no error meets all")
	}
	broke := errors.New("broke")
	err := app.Each(t.Context(), app.Indexes(make([]ref.Digest, 99)), func(_ context.Context, i int) error {
		if i == 50 {
			return broke
		}
		return nil
	})
	if !errors.Is(err, broke) {
		t.Errorf("of one that failed: %v", err)
	}
}

// What is written never takes the place of something that is there, and is nobody else's.
func TestWriteNew(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "new")
	if err := app.WriteNew(path, []byte("mine")); err != nil {
		t.Fatal(err)
	}
	if err := app.WriteNew(path, []byte("other")); !errors.Is(err, os.ErrExist) {
		t.Errorf("%v", err)
	}
	raw, err := os.ReadFile(path)
	if info, _ := os.Stat(path); err != nil || string(raw) != "mine" || info.Mode().Perm() != 0o600 {
		t.Errorf("%q, %v: %v", raw, info.Mode(), err)
	}
	if again := app.Refusal(app.Mistake(os.ErrExist)); !app.IsRefusal(again) || !app.IsMistake(again) || !errors.Is(again, os.ErrExist) {
		t.Error("what an error is, is lost")
	}
}
