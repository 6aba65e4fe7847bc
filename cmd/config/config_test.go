package config

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/adrg/xdg"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"go.yaml.in/yaml/v4"
)

func environment() expander {
	return expander{dir: "/etc/regatta", home: "/home/me", lookup: func(name string) (string, bool) {
		v, ok := map[string]string{"CERTS": "/certs", "EMPTY": ""}[name]
		return v, ok
	}}
}

func read1(t *testing.T, text string) *Config {
	t.Helper()
	c, err := parse("config.yaml", []byte(text), environment())
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func sameConfig() cmp.Option { return cmpopts.IgnoreUnexported(Config{}) }

func TestExample(t *testing.T) {
	t.Parallel()
	want := &Config{
		Registries: []Registry{
			{
				Name: "prod", Kind: "oci", Host: "registry.example.com:5000", Pins: []string{"shop/api", "shop/web"},
				ReadOnly: true, Color: "red", Rate: Rate{PerSecond: 20, Concurrent: 8}, PageSize: 100,
				TLS: TLS{CA: "/home/me/certs/registry.pem", Cert: "/home/me/certs/me.pem", Key: "/home/me/certs/me-key.pem"},
				Usage: Usage{
					ECS: []string{"eu-central-1"}, Lambda: []string{"eu-central-1"}, Kubernetes: []string{"prod"},
					References: "/home/me/keep.txt",
				},
				Price: Price{Standard: 0.10, Archive: 0.07, Currency: "EUR"},
				Trust: []Trust{{Name: "release", Key: "/home/me/certs/release.pub", Repositories: []string{"shop/*"}}},
				Bases: []string{"base/debian"},
			},
			{Name: "localhost:5000", Kind: "oci", Host: "localhost:5000", Color: "none"},
		},
		Theme: "dark", Icons: "unicode", Mouse: true, Prefetch: 2000, Preview: "auto",
		Keys:  Keys{"help": {"?"}, "images.delete": {"D", "ctrl+x"}},
		Cache: Cache{Size: 512_000_000, Path: "/home/me/.local/state/regatta/store.db"},
	}
	c := read1(t, Example())
	if diff := cmp.Diff(want, c, sameConfig()); diff != "" {
		t.Fatal(diff)
	}
	if err := c.Validate([]string{"help", "images.delete"}, noObjection); err != nil {
		t.Fatal(err)
	}
}

func TestNothingSaidIsTheDefault(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{
		"empty": "", "comment": "# nothing\n", "null": "~", "keys without values": "registries:\ntheme:\nkeys:\ncache:\n",
		"a document of nothing": "---\n...\n", "an empty mapping": "{}", "empty lists": "registries: []\nkeys: {}",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(Default(), read1(t, text), sameConfig()); diff != "" {
				t.Fatal(diff)
			}
		})
	}
}

func TestProblems(t *testing.T) {
	t.Parallel()
	tests := map[string]struct{ text, want string }{
		"typing error": {"theem: dark", `1:1: unknown key "theem"; did you mean "theme"?`},
		"nothing near": {"cache: {colour: red}", `1:9: unknown key "colour"; want one of path, size`},
		"no region":    {"aws: {regions: [Frankfurt]}", `1:17: "Frankfurt" is no region of AWS such as eu-central-1`},
		"key twice":    {"theme: dark\nicons: ascii\ntheme: dark", `3:1: key "theme" is there twice, first on line 1`},
		"bad choice":   {"theme: drak", `1:8: unknown value "drak"; did you mean "dark"?`},
		"bad flag":     {"mouse: yes", `1:8: want true or false, have "yes"`},
		"quoted flag":  {`mouse: "true"`, `1:8: want true or false, have "true"`},
		"bad count":    {"prefetch: -1", `1:11: want a whole number from 0 to 1,000,000, have "-1"`},
		"bad size":     {"cache: {size: 12 parsecs}", `1:15: want a size from 1MB to 1TB such as 512MB, have "12 parsecs"`},
		"size of zero": {"cache: {size: 0}", `1:15: want a size from 1MB to 1TB such as 512MB, have "0"`},
		"not a rate":   {"registries: [{host: a, rate: {per-second: .nan}}]", `1:43: want a number from 0.01 to 10,000, have ".nan"`},
		"list for text": {
			"theme: [dark]", `1:8: want text, have a list`,
		},
		"text for list":      {"registries: prod", `1:13: want a list of registries, have "prod"`},
		"no host":            {"registries: [{name: prod}]", `1:14: this registry has no host`},
		"bad host":           {"registries: [{host: a_b}]", `1:21: invalid name: host "a_b": want names of letters, digits and '-' joined by dots`},
		"no ECS region":      {"registries: [{host: a.example, usage: {ecs: [Frankfurt]}}]", `1:46: "Frankfurt" is no region of AWS such as eu-central-1`},
		"a region twice":     {"registries: [{host: a.example, usage: {lambda: [eu-west-1, eu-west-1]}}]", `1:60: "eu-west-1" is there twice`},
		"a flag for kubectl": {"registries: [{host: a.example, usage: {kubernetes: [--all]}}]", "1:53: a context of kubectl does not begin with -; `kubectl config get-contexts` lists them"},
		"regions as a word":  {"registries: [{host: a.example, usage: {ecs: eu-west-1}}]", `1:45: want a list of regions, have "eu-west-1"`},
		"no key":             {"registries: [{host: a.example, trust: [{name: x}]}]", "1:40: the key is missing: a file with PEM, or the PEM itself"},
		"an odd glob":        {"registries: [{host: a.example, trust: [{key: a, repositories: ['[']}]}]", `1:64: "[" is no pattern such as shop/*`},
		"an odd currency":    {"registries: [{host: a.example, price: {currency: euro}}]", `1:50: "euro" is no code of a currency such as EUR`},
		"no price":           {"registries: [{host: a.example, price: {archive: 1}}]", `1:39: the price of standard storage is missing`},
		"a price in words":   {"registries: [{host: a.example, price: {standard: cheap}}]", `1:50: want a number from 0 to 10,000, have "cheap"`},
		"an unknown source":  {"registries: [{host: a.example, usage: {nomad: x}}]", `1:40: unknown key "nomad"; want one of ecs, kubernetes, lambda, references`},
		"an address":         {"registries: [{host: https://a.example/}]", `1:21: want "a.example", without https://`},
		"a plain address":    {"registries: [{host: 'http://a.example'}]", `1:21: want "a.example" with tls: {plain-http: true}, without http://`},
		"bad pin":            {"registries: [{host: a, pins: [A]}]", `1:31: invalid name: repository "A": upper case is not allowed`},
		"pin twice":          {"registries: [{host: a, pins: [b, b]}]", `1:34: the repository "b" is pinned twice`},
		"name twice":         {"registries:\n- host: a\n- host: b\n  name: a", `3:3: the registry name "a" is used twice, first on line 2; give each a name of its own`},
		"name of words":      {"registries: [{host: a, name: my prod}]", `1:30: the name "my prod" is no word of up to 64 characters`},
		"half a pair":        {"registries: [{host: a, tls: {cert: x}}]", `1:29: cert and key go together, and one is missing`},
		"unset variable":     {"cache: {path: $NOPE/x}", `1:15: the environment variable NOPE of the path is not set`},
		"a lone dollar":      {"cache: {path: a$/x}", `1:15: a $ in the path "a$/x" names no environment variable`},
		"open brace":         {`cache: {path: "${CERTS"}`, `1:15: a $ in the path "${CERTS" names no environment variable`},
		"alias":              {"theme: &x dark\nicons: *x", `2:8: aliases (*x) are not allowed here`},
		"merge key":          {"<<: {theme: dark}", `1:1: unknown key "<<"; want one of aws, cache, icons, keys, mouse, prefetch, preview, read-only, registries, rollback, theme`},
		"complex key":        {"? [a]\n: b", `1:3: want a name before the colon, have a list`},
		"tagged":             {"theme: !!binary ZGFyaw==", `1:8: want text, have a value tagged !!binary`},
		"control sequence":   {`theme: "\e[2J"`, `1:8: the text "" has characters that cannot be shown`},
		"empty key":          {`keys: {help: ""}`, `1:14: want text, have none`},
		"keys of keys":       {`keys: {help: {a: b}}`, `1:14: want a key or a list of keys, have a mapping`},
		"not a mapping":      {"- a", `1:1: want settings, one a line, have a list`},
		"syntax":             {"a: [b\nc: d", `2:2: while parsing a flow sequence: did not find expected ',' or ']'`},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := parse("c.yaml", []byte(tt.text), environment())
			if _, ok := errors.AsType[Errors](err); !ok {
				t.Fatalf("error %v is of type %T", err, err)
			}
			if diff := cmp.Diff("c.yaml:"+tt.want, err.Error()); diff != "" {
				t.Fatal(diff)
			}
		})
	}
}

func TestAllProblemsAtOnceInOrder(t *testing.T) {
	t.Parallel()
	_, err := parse("c", []byte("theme: x\nmouse: maybe\nregistries:\n- hots: a\n- host: 'b c'\nwhat: 1\n"), environment())
	want := strings.Join([]string{
		`c:1:8: unknown value "x"; want one of auto, dark, light, high-contrast, colour-blind`,
		`c:2:8: want true or false, have "maybe"`,
		`c:4:3: unknown key "hots"; did you mean "host"?`,
		`c:5:9: invalid name: host "b c": want names of letters, digits and '-' joined by dots`,
		`c:6:1: unknown key "what"; want one of aws, cache, icons, keys, mouse, prefetch, preview, read-only, registries, rollback, theme`,
	}, "\n")
	if diff := cmp.Diff(want, err.Error()); diff != "" {
		t.Fatal(diff)
	}
}

func TestFilesThatExplode(t *testing.T) {
	t.Parallel()
	var bomb strings.Builder
	bomb.WriteString("a: &a [x, x]\n")
	for c := 'b'; c < 'z'; c++ {
		fmt.Fprintf(&bomb, "%c: &%c [%s]\n", c, c, strings.Repeat(fmt.Sprintf("*%c,", c-1), 9))
	}
	for name, text := range map[string]string{
		"alias bomb":     bomb.String(),
		"deep flow":      strings.Repeat("[", 100_000),
		"deep block":     strings.Repeat("- ", 100_000) + "x",
		"deep, closed":   strings.Repeat("{a: ", 40) + "b" + strings.Repeat("}", 40),
		"two documents":  "theme: dark\n---\ntheme: light",
		"invalid UTF-8":  "theme: \xff\xfe",
		"self reference": "registries: &r [*r]",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if _, err := parse("c.yaml", []byte(text), environment()); err == nil {
				t.Fatal("it loads")
			}
		})
	}
}

func TestPaths(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"~":               "/home/me",
		"~/x":             "/home/me/x",
		"~other/x":        "/etc/regatta/~other/x",
		"$CERTS/a":        "/certs/a",
		"${CERTS}a":       "/certsa",
		"$EMPTY":          "/etc/regatta",
		"certs/../ca.pem": "/etc/regatta/ca.pem",
		"/ca.pem":         "/ca.pem",
	} {
		if got := read1(t, "cache: {path: '"+in+"'}").Cache.Path; got != want {
			t.Errorf("%s is %s, want %s", in, got, want)
		}
	}
}

func TestSizes(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]int64{"512MB": 512e6, "1 GiB": 1 << 30, "2000000": 2e6, "1.5gb": 1.5e9} {
		if got := read1(t, "cache: {size: "+in+"}").Cache.Size; got != want {
			t.Errorf("%s is %d, want %d", in, got, want)
		}
	}
}

func TestValidate(t *testing.T) {
	t.Parallel()
	c := read1(t, "keys:\n  images.delete: D\n  images.delte: [x, y]\n  help: 1\n")
	err := c.Validate([]string{"help", "images.delete"}, noObjection)
	if err == nil || err.Error() != `config.yaml:3:3: unknown action "images.delte"; did you mean "images.delete"?` {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"1"}, c.Keys["help"]); diff != "" {
		t.Fatal(diff)
	}
}

func TestLoad(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	path := filepath.Join(dir, "config.yaml")
	c, err := Load(path)
	if diff := cmp.Diff(Default(), c, sameConfig()); err != nil || diff != "" {
		t.Fatal(err, diff)
	}
	if err := os.WriteFile(path, []byte("cache: {path: here.db}"), 0o600); err != nil {
		t.Fatal(err)
	}
	if c, err = Load(path); err != nil || c.Cache.Path != filepath.Join(dir, "here.db") {
		t.Fatal(c, err)
	}
	if _, err := Load(dir); err == nil || !strings.Contains(err.Error(), EnvPath) {
		t.Fatal("a directory:", err)
	}
	if err := os.WriteFile(path, []byte(strings.Repeat("#", maxFile+1)), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := Load(path); err == nil || !strings.Contains(err.Error(), "larger than 1 MiB") {
		t.Fatal("a large file:", err)
	}
}

func TestPath(t *testing.T) {
	t.Setenv("XDG_CONFIG_HOME", "/xdg")
	xdg.Reload()
	t.Cleanup(xdg.Reload)
	t.Setenv(EnvPath, "")
	if got := Path(); got != filepath.Join("/xdg", "regatta", "config.yaml") {
		t.Fatal(got)
	}
	t.Setenv(EnvPath, "/elsewhere.yaml")
	if got := Path(); got != "/elsewhere.yaml" {
		t.Fatal(got)
	}
}

func FuzzConfig(f *testing.F) {
	f.Add(Example())
	f.Add("registries: [{host: a, rate: {per-second: 1e2}}, {host: '[::1]:80', name: b}]")
	f.Add("keys: {a: '~', b: [1, 'null', \" \"]}\ncache: {size: 1GB, path: ~/x}")
	f.Add("a: &a [*a]\n? {}\n: !!binary x")
	f.Fuzz(func(t *testing.T, text string) {
		c, err := parse("c", []byte(text), environment())
		if err != nil {
			return
		}
		raw, err := yaml.Dump(c)
		if err != nil {
			t.Fatal(err)
		}
		again, err := parse("c", raw, environment())
		if err != nil {
			t.Fatalf("%v\n%s", err, raw)
		}
		if diff := cmp.Diff(c, again, sameConfig(), cmpopts.EquateEmpty()); diff != "" {
			t.Fatalf("%s\n%s", diff, raw)
		}
	})
}

func noObjection(string, []string) string { return "" }

func TestValidateAsksAboutTheKeys(t *testing.T) {
	t.Parallel()
	c := read1(t, "keys: {help: [x, y]}\n")
	err := c.Validate([]string{"help"}, func(action string, keys []string) string {
		return action + " has " + strings.Join(keys, " and ")
	})
	if err == nil || !strings.Contains(err.Error(), ":1:8: help has x and y") {
		t.Errorf("got %v", err)
	}
}

func TestTrust(t *testing.T) {
	t.Parallel()
	c := read1(t, "registries:\n- host: a.example\n  trust:\n  - key: |\n      -----BEGIN PUBLIC KEY-----\n      x\n      -----END PUBLIC KEY-----\n"+
		"  - {key: k.pub, repositories: [shop/*]}\n")
	all := c.Registries[0].Trust
	if len(all) != 2 || !all[0].Inline() || all[0].Name != "key" || all[1].Inline() || all[1].Name != "k.pub" {
		t.Fatalf("%+v", all)
	}
	for repo, want := range map[string]bool{"shop/api": true, "shop/api/x": false, "team/app": false} {
		if !all[0].Covers(repo) || all[1].Covers(repo) != want {
			t.Errorf("%s: %t, %t", repo, all[0].Covers(repo), all[1].Covers(repo))
		}
	}
}
