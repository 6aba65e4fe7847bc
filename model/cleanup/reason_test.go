package cleanup_test

import (
	"testing"
	"time"

	"regatta/model/cleanup"
	"regatta/model/ref"
)

// Every image says what becomes of it, and why, in one exact sentence.
func TestReasons(t *testing.T) {
	t.Parallel()
	old := func() *shop {
		return newShop().image("a", 120*day, "pr-1").image("b", 12*day, "pr-2").image("c", 400*day, "v1")
	}
	for name, c := range map[string]struct {
		shop  *shop
		rules cleanup.Rules
		want  map[string]string
	}{
		"older than, of those that match": {
			old(), cleanup.Rules{Match: []string{"pr-*"}, OlderThan: 90 * day}, map[string]string{
				"a": "removed: older than 90 days (120 days), all tags match pr-*",
				"b": "kept: not older than 90 days (12 days)",
				"c": "kept: v1 does not match pr-*",
			},
		},
		"keep last": {
			newShop().image("a", 1*day, "v3").image("b", 2*day, "v2").image("c", 3*day, "v1").image("d", -1, "v0"),
			cleanup.Rules{Match: []string{"v*"}, Last: &cleanup.Last{Count: 2}},
			map[string]string{
				"a": "kept: it is number 1 of the newest 2 that match v*",
				"b": "kept: it is number 2 of the newest 2 that match v*",
				"c": "removed: number 3 of 3 that match v*, of which the newest 2 stay, all tags match v*",
				"d": "kept: no time is known of it, so that it is not counted",
			},
		},
		"keep last by version": {
			newShop().image("a", 1*day, "v1.9.0").image("b", 2*day, "v1.10.0").image("c", 1*day, "main"),
			cleanup.Rules{Last: &cleanup.Last{Count: 1, By: cleanup.ByVersion}},
			map[string]string{
				"a": "removed: number 2 of 2, of which the newest 1 stay by version",
				"b": "kept: it is number 1 of the newest 1 by version",
				"c": "kept: none of its tags is a version, so that it is not counted",
			},
		},
		"times": {
			newShop().image("a", -1, "a").image("b", 90*day, "b").image("c", 90*day+time.Hour, "c").image("d", -2, "d"),
			cleanup.Rules{OlderThan: 90 * day},
			map[string]string{
				"a": "kept: no time is known of it, so that it is not known whether it is older than 90 days",
				"b": "kept: not older than 90 days (90 days)",
				"c": "removed: older than 90 days (90 days)",
			},
		},
		"pulls that nobody tells of": {
			old(), cleanup.Rules{NotPulled: 30 * day}, map[string]string{
				"a": "kept: the registry does not tell when images are pulled",
			},
		},
		"pulls": {
			old().pulled("a", 3*day).pulled("c", 200*day), cleanup.Rules{NotPulled: 30 * day}, map[string]string{
				"a": "kept: pulled in the last 30 days (3 days ago)",
				"b": "kept: never pulled, and not there for 30 days yet (12 days)",
				"c": "removed: not pulled for 30 days (200 days)",
			},
		},
		"never pulled": {
			old().pulled("c", 2*day), cleanup.Rules{NotPulled: 30 * day}, map[string]string{
				"a": "removed: never pulled since it is there, for 30 days (120 days)",
			},
		},
		"protected, in use, listed, excluded and by hand": {
			newShop().image("a", 0, "Prod-1").image("b", 0, "b").image("c", 0, "c").image("d", 0, "d").image("e", 0, "e").
				image("f", 0, "f").image("g", 0, "g"),
			cleanup.Rules{
				Match: []string{"*"}, Protected: []string{"prod-*"}, Exclude: []string{"e"}, Keep: list(t, "# c\nc*"),
				InUse: cleanup.InUse{
					Digests: map[ref.Digest]string{digest("b"): "ECS service web"}, Tags: map[string]string{"d": "pod api-1"},
				},
				Exceptions: map[ref.Digest]cleanup.Exception{digest("f"): cleanup.KeepIt},
			},
			map[string]string{
				"a": "kept: Prod-1 is protected by prod-*",
				"b": "kept: in use by ECS service web",
				"c": "kept: c matches c* on the keep list, line 2",
				"d": "kept: d is in use by pod api-1",
				"e": "kept: e is excluded",
				"f": "kept: by hand",
				"g": "removed: all tags match *",
			},
		},
		"by hand, and protected all the same": {
			newShop().image("a", 0, "a").image("b", 0, "b"), cleanup.Rules{
				Protected: []string{"b"}, Exceptions: map[ref.Digest]cleanup.Exception{
					digest("a"): cleanup.RemoveIt, digest("b"): cleanup.RemoveIt,
				},
			}, map[string]string{"a": "removed: by hand", "b": "kept: b is protected"},
		},
		"an index and its children": {
			newShop().image("amd", 1).image("arm", 1).image("shared", 1).
				index("one", 100*day, []string{"amd", "shared"}, "pr-1").index("two", 1, []string{"arm", "shared"}, "v1"),
			cleanup.Rules{Match: []string{"pr-*"}},
			map[string]string{
				"one":    "removed: all tags match pr-*",
				"amd":    "removed: it goes with the index " + short("one") + " (pr-1), and nothing else lists it",
				"shared": "kept: the index " + short("two") + " (v1) needs it",
				"arm":    "kept: the index " + short("two") + " (v1) needs it",
				"two":    "kept: v1 does not match pr-*",
			},
		},
		"a tagged child of an index that stays": {
			newShop().image("amd", 100*day, "pr-1-amd64").index("one", 1, []string{"amd"}, "v1"),
			cleanup.Rules{Match: []string{"pr-*"}},
			map[string]string{
				"amd": "kept: the index " + short("one") + " (v1) needs it",
			},
		},
		"a child in use keeps its index": {
			newShop().image("amd", 100*day).index("one", 100*day, []string{"amd"}, "v1"),
			cleanup.Rules{OlderThan: day, InUse: cleanup.InUse{Digests: map[ref.Digest]string{digest("amd"): "pod api"}}},
			map[string]string{
				"amd": "kept: in use by pod api",
				"one": "kept: " + short("amd") + " depends on it, which is kept: in use by pod api",
			},
		},
		"orphans": {
			newShop().image("a", 1, "v1").image("sig", 1, signature("a")).image("lost", 1, signature("b")).
				referrer("sbom", 1, "c").referrer("unsure", 1, "d").gone("b", "c"),
			cleanup.Rules{Orphans: true},
			map[string]string{
				"a":      "kept: images with tags are not asked for",
				"sig":    "kept: it describes " + short("a") + " (v1)",
				"lost":   "removed: it is the signature of " + short("b") + ", which is not there",
				"sbom":   "removed: it refers to " + short("c") + ", which is not there",
				"unsure": "kept: it describes " + short("d"),
			},
		},
		"orphans that nobody asks for": {
			newShop().image("lost", 1, signature("b")).gone("b"), cleanup.Rules{Match: []string{"*"}}, map[string]string{
				"lost": "kept: it is the signature of " + short("b") + ", which is not there, and orphans are not asked for",
			},
		},
		"broken indexes": {
			newShop().image("amd", 1).index("one", 1, []string{"amd", "arm"}, "v1").index("two", 1, []string{"amd"}, "v2").
				gone("arm"),
			cleanup.Rules{Broken: true},
			map[string]string{
				"one": "removed: a broken index: 1 of its 2 children is not there",
				"two": "kept: images with tags are not asked for",
				"amd": "kept: the index " + short("two") + " (v2) needs it",
			},
		},
		"untagged": {
			newShop().image("a", 40*day).image("b", 1*day).image("c", 40*day, "v1"),
			cleanup.Rules{Untagged: true, OlderThan: 30 * day},
			map[string]string{
				"a": "removed: older than 30 days (40 days), it has no tags",
				"b": "kept: not older than 30 days (1 day)",
				"c": "kept: images with tags are not asked for",
			},
		},
		"untagged that nobody asks for": {
			newShop().image("a", 40*day), cleanup.Rules{OlderThan: day}, map[string]string{
				"a": "kept: it has no tags, and untagged images are not asked for",
			},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := c.shop.evaluate(c.rules)
			for image, want := range c.want {
				if got := reason(t, got, image); got != want {
					t.Errorf("%s: %q, want %q", image, got, want)
				}
			}
		})
	}
}

func TestTimesInTheFuture(t *testing.T) {
	t.Parallel()
	s := newShop().image("a", 1, "a").image("b", 1, "b").pulled("b", -day)
	img := s.described[digest("a")]
	img.Pushed = today.Add(time.Hour)
	s.described[digest("a")] = img
	if got, want := reason(t, s.evaluate(cleanup.Rules{OlderThan: 1}), "a"),
		"kept: its time, 2026-11-20 10:00:00, is in the future"; got != want {
		t.Error(got)
	}
	if got, want := reason(t, s.evaluate(cleanup.Rules{NotPulled: 1}), "b"),
		"kept: its time, 2026-11-21 09:00:00, is in the future"; got != want {
		t.Error(got)
	}
}

func TestEqualTimesSaySo(t *testing.T) {
	t.Parallel()
	got := newShop().image("a", day, "v1.9").image("b", day, "v1.10").evaluate(cleanup.Rules{Last: &cleanup.Last{Count: 1}})
	const tie = "; others have the same time, so that tags and then digests decide"
	if r := reason(t, got, "b"); r != "kept: it is number 1 of the newest 1"+tie {
		t.Error(r)
	}
	if r := reason(t, got, "a"); r != "removed: number 2 of 2, of which the newest 1 stay"+tie {
		t.Error(r)
	}
}
