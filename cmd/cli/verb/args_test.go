package verb_test

import (
	"testing"

	"regatta/cmd/app"
	"regatta/cmd/cli/verb"
	"regatta/cmd/config"
	"regatta/model/ref"
	"regatta/registry/auth"
	"regatta/registry/sandbox"
	"regatta/registry/store"
)

const host = "registry.example"

// on is an app whose config names one context, which --context may choose.
func on(t *testing.T, context string) *app.App {
	t.Helper()
	c := config.Default()
	c.Cache.Path = store.Memory
	c.Registries = []config.Registry{{Name: "team", Host: host}}
	a := app.New(sandbox.Epoch, c, app.Flags{Context: context})
	dir := t.TempDir()
	a.Keychain = func() *auth.Keychain {
		return auth.New(auth.Options{Now: sandbox.Epoch, Home: dir, Getenv: func(string) string { return "" }})
	}
	t.Cleanup(func() { _ = a.Close() })
	return a
}

// What an argument names is one thing or a mistake: never another registry than that of the
// context, and never an image where a repository is wanted.
func TestArguments(t *testing.T) {
	t.Parallel()
	hosted := func(s *app.App, arg string) (string, error) { return verb.HostNamed(s, []string{arg}) }
	repository := func(s *app.App, arg string) (string, error) {
		r, err := verb.RepositoryNamed(s, arg)
		return r.String(), err
	}
	imaged := func(s *app.App, arg string) (string, error) {
		r, err := verb.ImageNamed(s, arg)
		return r.String(), err
	}
	digest := "@" + string(ref.DigestOf(nil))
	for _, tt := range []struct {
		of           func(*app.App, string) (string, error)
		context, arg string
		want         string // "": a mistake
	}{
		{hosted, "", host, host},
		{hosted, "", "team", host},
		{hosted, "team", host, host},
		{hosted, "team", "other.example", ""},
		{hosted, "", "nobody", ""},
		{hosted, "", host + "/app", ""},
		{repository, "", host + "/app", host + "/app"},
		{repository, "team", "app/web", host + "/app/web"},
		{repository, "team", "other.example/app", ""},
		{repository, "", host + "/app:v1", ""},
		{repository, "", host + "/app" + digest, ""},
		{repository, "", host, ""},
		{repository, "", host + "/UPPER", ""},
		{imaged, "", host + "/app:v1", host + "/app:v1"},
		{imaged, "team", "app/web:v1", host + "/app/web:v1"},
		{imaged, "team", "other.example/app:v1", ""},
	} {
		got, err := tt.of(on(t, tt.context), tt.arg)
		if tt.want == "" && !app.IsMistake(err) || tt.want != "" && (err != nil || got != tt.want) {
			t.Errorf("--context %q %s is %s: %v", tt.context, tt.arg, got, err)
		}
	}
	if got, err := verb.HostNamed(on(t, "team"), nil); err != nil || got != host {
		t.Errorf("the context alone is %s: %v", got, err)
	}
	if _, err := verb.HostNamed(on(t, ""), nil); !app.IsMistake(err) {
		t.Errorf("nothing: %v", err)
	}
}

// A change is about images of one repository, each named by its tag or digest.
func TestTargets(t *testing.T) {
	t.Parallel()
	one, two, other := host+"/app:v1", host+"/app:v2", host+"/web:v1"
	for name, tt := range map[string]struct {
		args []string
		ok   bool
	}{
		"one": {[]string{one}, true}, "two": {[]string{one, two}, true}, "no tag": {[]string{host + "/app"}, false},
		"another repository": {[]string{one, other}, false}, "the third": {[]string{one, two, other}, false},
		"another registry": {[]string{"other.example/app:v1"}, false}, "no name": {[]string{host + "/UPPER:v1"}, false},
	} {
		if got, err := verb.Targets(on(t, "team"), tt.args); (err == nil) != tt.ok || !tt.ok && !app.IsMistake(err) || tt.ok && len(got) != len(tt.args) {
			t.Errorf("%s: %v: %v", name, got, err)
		}
	}
	if p, err := verb.PlatformFlag(""); p != nil || err != nil {
		t.Errorf("no platform is %v: %v", p, err)
	}
	if _, err := verb.PlatformFlag("linux"); !app.IsMistake(err) {
		t.Errorf("no platform's name: %v", err)
	}
}
