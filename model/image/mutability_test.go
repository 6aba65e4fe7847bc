package image_test

import (
	"path"
	"testing"

	"pgregory.net/rapid"

	"regatta/model/image"
)

func TestMutability(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		m     image.Mutability
		says  string
		fixed map[string]bool
	}{
		{image.Mutability{}, "mutable", map[string]bool{"v1": false}},
		{image.Mutability{Immutable: true}, "immutable", map[string]bool{"v1": true, "": true}},
		{
			image.Mutability{Immutable: true, Except: []string{"dev-*", "latest"}},
			"immutable but dev-*, latest",
			map[string]bool{"dev-1": false, "dev-": false, "xdev-1": true, "latest": false, "latest1": true},
		},
		{
			image.Mutability{Except: []string{"v*.*.0", "*-rc"}},
			"mutable but v*.*.0, *-rc",
			map[string]bool{"v1.2.0": true, "v1.0": false, "v1.0.0": true, "v1.2.1": false, "x-rc": true, "-rc1": false},
		},
	} {
		if got := tt.m.String(); got != tt.says {
			t.Errorf("%+v says %q, want %q", tt.m, got, tt.says)
		}
		for tag, want := range tt.fixed {
			if got := tt.m.Fixed(tag); got != want {
				t.Errorf("%s: tag %q fixed %v, want %v", tt.says, tag, got, want)
			}
		}
	}
}

// Where there is nothing but the star that is special, path.Match says the same.
func TestWildcardsAreThoseOfPath(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		pattern, tag := rapid.StringMatching(`[ab*]{1,8}`).Draw(t, "pattern"), rapid.StringMatching(`[ab]{0,12}`).Draw(t, "tag")
		want, err := path.Match(pattern, tag)
		if err != nil {
			t.Fatal(err)
		}
		if got := (image.Mutability{Except: []string{pattern}}).Fixed(tag); got != want {
			t.Fatalf("%q on %q: %v, want %v", pattern, tag, got, want)
		}
	})
}
