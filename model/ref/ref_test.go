package ref

import (
	"errors"
	"strings"
	"testing"
)

var sum = strings.Repeat("ab", 32)

func TestParse(t *testing.T) {
	t.Parallel()
	d := Digest("sha256:" + sum)
	tests := map[string]struct {
		in   string
		want Reference
	}{
		"short name":          {"nginx", Reference{Host: DockerHub, Repository: "library/nginx", Tag: "latest"}},
		"short name with tag": {"nginx:1.27", Reference{Host: DockerHub, Repository: "library/nginx", Tag: "1.27"}},
		"user's":              {"me/app", Reference{Host: DockerHub, Repository: "me/app", Tag: "latest"}},
		"hub by its old name": {"index.docker.io/nginx", Reference{Host: DockerHub, Repository: "library/nginx", Tag: "latest"}},
		"host":                {"ghcr.io/a/b:v1", Reference{Host: "ghcr.io", Repository: "a/b", Tag: "v1"}},
		"port":                {"localhost:5000/a", Reference{Host: "localhost:5000", Repository: "a", Tag: "latest"}},
		"localhost":           {"localhost/a", Reference{Host: "localhost", Repository: "a", Tag: "latest"}},
		"upper case is a host": {
			"Registry/a", Reference{Host: "Registry", Repository: "a", Tag: "latest"},
		},
		"IPv6":           {"[::1]:5000/a:b", Reference{Host: "[::1]:5000", Repository: "a", Tag: "b"}},
		"digest":         {"ghcr.io/a@sha256:" + sum, Reference{Host: "ghcr.io", Repository: "a", Digest: d}},
		"tag and digest": {"ghcr.io/a:v1@sha256:" + sum, Reference{Host: "ghcr.io", Repository: "a", Tag: "v1", Digest: d}},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := Parse(tt.in)
			if err != nil || got != tt.want {
				t.Fatalf("%+v, %v; want %+v", got, err, tt.want)
			}
			if again, err := Parse(got.String()); err != nil || again != got {
				t.Fatalf("%s parses as %+v, %v", got, again, err)
			}
		})
	}
}

func TestParseErrors(t *testing.T) {
	t.Parallel()
	for in, why := range map[string]string{
		"":                        "repository",
		"ghcr.io/":                "repository",
		"ghcr.io/A":               "upper case",
		"ghcr.io/a:":              "tag",
		"ghcr.io/a:.b":            "starts with",
		"ghcr.io/a@sha256:12":     "64 hex digits",
		"ghcr.io/a@md5:" + sum:    "sha256 or sha512",
		"ghcr.io:0/a":             "port",
		"-x.io/a":                 "host",
		"ghcr.io/a\x1b[2J":        `\x1b`,
		strings.Repeat("a/", 200): "longer than 255",
	} {
		_, err := Parse(in)
		if !errors.Is(err, ErrInvalid) || !strings.Contains(err.Error(), why) {
			t.Errorf("Parse(%q): %v, want it to say %q", in, err, why)
		}
	}
}

func TestParseTarget(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]Reference{
		"ghcr.io":               {Host: "ghcr.io"},
		"ghcr.io/":              {Host: "ghcr.io"},
		"localhost":             {Host: "localhost"},
		"localhost:5000":        {Host: "localhost:5000"},
		"registry-1.docker.io":  {Host: DockerHub},
		"ghcr.io/a":             {Host: "ghcr.io", Repository: "a"},
		"ghcr.io/a:v1":          {Host: "ghcr.io", Repository: "a", Tag: "v1"},
		"nginx":                 {Host: DockerHub, Repository: "library/nginx"},
		"nginx@sha256:" + sum:   {Host: DockerHub, Repository: "library/nginx", Digest: Digest("sha256:" + sum)},
		"[2001:db8::1]":         {Host: "[2001:db8::1]"},
		"[2001:db8::1]:5000/ab": {Host: "[2001:db8::1]:5000", Repository: "ab"},
	} {
		if got, err := ParseTarget(in); err != nil || got != want {
			t.Errorf("ParseTarget(%q) = %+v, %v; want %+v", in, got, err, want)
		}
	}
}

// A word in capitals is no host, and no name of a repository either.
func TestCapitalsAreRefused(t *testing.T) {
	t.Parallel()
	for _, in := range []string{"UPPER/x", "Upper/x:v1", "UPPER"} {
		if got, err := ParseTarget(in); err == nil {
			t.Errorf("ParseTarget(%q) = %+v", in, got)
		}
	}
	for in, want := range map[string]string{"UPPER:5000/x": "UPPER:5000", "Registry.example/x": "Registry.example"} {
		if got, err := ParseTarget(in); err != nil || got.Host != want {
			t.Errorf("ParseTarget(%q) = %+v, %v", in, got, err)
		}
	}
}

func TestReference(t *testing.T) {
	t.Parallel()
	r := Reference{Host: "h", Repository: "r", Tag: "t"}
	if r.Identifier() != "t" || r.Name() != "h/r" || (Reference{Host: "h"}).Name() != "h" {
		t.Error(r)
	}
	r.Digest = "sha256:x"
	if r.Identifier() != "sha256:x" || r.String() != "h/r:t@sha256:x" {
		t.Error(r)
	}
}
