package order_test

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"regatta/model/order"
)

func compare(a, b string) int { return strings.Compare(string(order.Of(a)), string(order.Of(b))) }

func TestTagsSortAsPeopleReadThem(t *testing.T) {
	t.Parallel()
	lists := map[string][]string{
		"versions": {
			"0.9.9", "v1.0.0-alpha", "v1.0.0-alpha.1", "v1.0.0-alpha.beta", "v1.0.0-beta.2", "v1.0.0-beta.11",
			"v1.0.0-rc.1", "v1.0.0", "1.2.9", "v1.2.10", "v1.10.0", "v2.0.0", "v10.0.0",
		},
		"exact tags above floating ones": {"v2", "v2.0", "v2.0.0"},
		"dates":                          {"2024-12-31", "2025-01-02", "2025-01-02.2", "2025-01-02.10", "2026-11-18"},
		"compact dates":                  {"20241231", "20250102", "20250102-2"},
		"names with numbers":             {"build-2", "build-9", "build-10", "build-010a", "main"},
		"classes":                        {"git-1a2b3c4", "latest", "2026-11-18", "v0.0.1"},
	}
	for name, want := range lists {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := slices.Clone(want)
			rand.Shuffle(len(got), func(i, j int) { got[i], got[j] = got[j], got[i] })
			slices.SortFunc(got, compare)
			if !slices.Equal(got, want) {
				t.Errorf("got  %v\nwant %v", got, want)
			}
		})
	}
}

func TestClass(t *testing.T) {
	t.Parallel()
	for tag, want := range map[string]order.Class{
		"": order.None, "git-1a2b3c4": order.Commit, "deadbee": order.Name, "1a2b3c4d": order.Commit, "sha-0123456": order.Commit,
		"latest": order.Name, "git-flow": order.Name, "2026-13-01": order.Version, "2026-11-18": order.Date, "v2026.11.18": order.Date,
		"20261118": order.Date, "202611181": order.Version, "v1": order.Version, "1.2.3+build": order.Version, "v1.2.3.4": order.Name,
	} {
		if got := order.Of(tag).Class(); got != want {
			t.Errorf("class of %q is %d, want %d", tag, got, want)
		}
	}
}

func TestBestIsTheHighest(t *testing.T) {
	t.Parallel()
	if got := order.Best([]string{"latest", "v1.2.3", "git-1a2b3c4"}); got != order.Of("v1.2.3") {
		t.Errorf("best is %q", got)
	}
	if order.Best(nil) != "" {
		t.Error("no tag has a key")
	}
}

// A key must not depend on anything but the tag, and different tags of one
// class must not tie unless they mean the same.
func TestOrderIsTotal(t *testing.T) {
	t.Parallel()
	tag := rapid.StringMatching(`v?[0-9]{1,3}(\.[0-9]{1,3}){0,2}(-[a-z0-9]{1,4}(\.[0-9]{1,2})?)?|[a-z]{1,6}-?[0-9]{0,4}`)
	rapid.Check(t, func(t *rapid.T) {
		a, b, c := tag.Draw(t, "a"), tag.Draw(t, "b"), tag.Draw(t, "c")
		if compare(a, b) != -compare(b, a) {
			t.Fatalf("%q and %q disagree", a, b)
		}
		if compare(a, b) < 0 && compare(b, c) < 0 && compare(a, c) >= 0 {
			t.Fatalf("%q < %q < %q but not first < last", a, b, c)
		}
	})
}
