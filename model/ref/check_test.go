package ref

import (
	"strings"
	"testing"
)

// wantCheck compares what a check says with a part of its message; an empty
// one means that the name is good.
func wantCheck(t *testing.T, check func(string) error, names map[string]string) {
	t.Helper()
	for name, want := range names {
		err := check(name)
		switch {
		case want == "" && err != nil:
			t.Errorf("%q: %v, want no error", name, err)
		case want != "" && (err == nil || !strings.Contains(err.Error(), want)):
			t.Errorf("%q: %v, want it to say %q", name, err, want)
		}
	}
}

func TestCheckTag(t *testing.T) {
	t.Parallel()
	wantCheck(t, CheckTag, map[string]string{
		"v1.2.3": "", "_": "", "A-b_c.9": "", strings.Repeat("a", 128): "",
		"": "empty", strings.Repeat("a", 129): "128", ".a": `starts with "."`, "-a": `starts with "-"`,
		"a b": `' ' is not allowed`, "a/b": `'/'`, "ä": `'ä'`, "a\n": `'\n'`, "a\x9b": "not allowed",
	})
}

func TestCheckRepository(t *testing.T) {
	t.Parallel()
	wantCheck(t, CheckRepository, map[string]string{
		"a": "", "a/b/c": "", "a.b_c__d-e---f": "", "0": "", strings.Repeat("a", 255): "",
		"": "empty", "/a": "part between slashes", "a//b": "part between slashes", "a/": "part between slashes",
		"A": "upper case", "a/-b": `starts with '-'`, "a.": `ends with "."`, "a--": `ends with "--"`,
		"a..b": `".." is not allowed`, "a___b": `"___" is not allowed`, "a._b": `"._" is not allowed`,
		"a-_b": `"-_" is not allowed`, "a b": `' ' is not allowed`, "ä": `'ä'`, "a:b": `':'`,
		strings.Repeat("a", 256): "255",
	})
}

func TestCheckHost(t *testing.T) {
	t.Parallel()
	wantCheck(t, CheckHost, map[string]string{
		"localhost": "", "a.b": "", "a-b.c:1": "", "A.example:65535": "", "127.0.0.1:5000": "", "[::1]": "", "[::1]:80": "",
		"":  "names of letters",
		":": "port", "a:": "port", "a:0": "port", "a:65536": "port", "a:+1": "port", "a:b": "port", "a:1:2": "names",
		"a..b": "names", ".a": "names", "a.": "names", "-a": "names", "a-": "names", "a_b": "names", "a b": "names",
		strings.Repeat("a", 63): "", strings.Repeat("a", 64): "names", "a/b": "names", "ä.example": "names",
		"[::1": "IPv6", "[": "IPv6", "[]": "IPv6", "[127.0.0.1]": "IPv6", "[::1]]": "IPv6", "[::1]:0": "port", "::1": "names",
	})
}

func TestErrorsCutLongNames(t *testing.T) {
	t.Parallel()
	if err := CheckTag(strings.Repeat("a", 10_000)); len(err.Error()) > 200 {
		t.Error(len(err.Error()))
	}
}

func TestLoopback(t *testing.T) {
	t.Parallel()
	for host, want := range map[string]bool{
		"localhost": true, "localhost:5000": true, "a.localhost": true, "127.0.0.1:80": true, "127.9.9.9": true,
		"[::1]:5000": true, "[::1]": true, "localhost.example": false, "10.0.0.1": false, "[2001:db8::1]": false, "": false,
		"127.0.0.1.example": false,
	} {
		if got := IsLoopback(host); got != want {
			t.Errorf("IsLoopback(%q) = %v", host, got)
		}
	}
}

// A name that is refused is repeated without what may be a password.
func TestAnErrorRepeatsNoPassword(t *testing.T) {
	t.Parallel()
	for _, host := range []string{"user:s3cret@h", "user:s3@cret@h:99999"} {
		if err := CheckHost(host); err == nil || strings.Contains(err.Error(), "cret@") || !strings.Contains(err.Error(), "@h") {
			t.Errorf("%q: %v", host, err)
		}
	}
}
