package rollback_test

import (
	"errors"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"regatta/model/deploy"
	"regatta/model/image"
	"regatta/model/journal"
	"regatta/model/plan"
	"regatta/model/ref"
	"regatta/model/rollback"
	"regatta/model/usage"
)

var noon = time.Date(2026, 11, 25, 12, 0, 0, 0, time.UTC)

func digest(n int) ref.Digest { return ref.DigestOf([]byte(strconv.Itoa(n))) }

func prod() ref.Reference {
	return ref.Reference{Host: "registry.example.com", Repository: "shop/api", Tag: "prod"}
}

// retagged is a run that moved prod, done at the hour.
func retagged(hour int, from, to ref.Digest) journal.Run {
	at := time.Date(2026, 11, 25, hour, 0, 0, 0, time.UTC)
	return journal.Run{
		ID: strconv.Itoa(hour), State: journal.Done, Started: at, Ended: at,
		Plan: plan.Plan{Steps: []plan.Step{{
			Kind: plan.Retag, Reference: prod(), Digest: to, Expect: plan.Expect{Tag: "prod", Digest: from},
		}}},
		Steps: []journal.Step{{Outcome: plan.Done, Ended: at}},
	}
}

func seen(d ref.Digest, first, last int) image.Sighting {
	return image.Sighting{
		Tag: "prod", Digest: d,
		First: time.Date(2026, 11, first, 0, 0, 0, 0, time.UTC), Last: time.Date(2026, 11, last, 0, 0, 0, 0, time.UTC),
	}
}

func reasons(all []rollback.Candidate) []string {
	out := make([]string, len(all))
	for i, c := range all {
		out[i] = strings.Join(c.Tags, ",") + ": " + c.Reason
	}
	return out
}

func TestHistoryFromJournalAndSightings(t *testing.T) {
	t.Parallel()
	f := rollback.Facts{
		Tag: prod(), Current: digest(3), Now: noon,
		Runs: []journal.Run{retagged(9, digest(2), digest(3))},
		Seen: []image.Sighting{seen(digest(2), 14, 24), seen(digest(1), 1, 13)},
	}
	got := rollback.History(f)
	want := []rollback.Entry{
		{Digest: digest(3), Since: noon.Add(-3 * time.Hour), Began: true, Source: rollback.Journal, Text: "set from this machine"},
		{
			Digest: digest(2), Since: f.Seen[0].First, Until: noon.Add(-3 * time.Hour), Ended: true, Source: rollback.Journal,
			Text: "replaced from this machine",
		},
		{Digest: digest(1), Since: f.Seen[1].First, Until: f.Seen[1].Last, Source: rollback.Seen, Text: "seen at the registry"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestCandidatesInOrder(t *testing.T) {
	t.Parallel()
	f := rollback.Facts{
		Tag: prod(), Current: digest(5), Now: noon, KeepPrefix: "rollback-from-",
		Runs: []journal.Run{retagged(9, digest(4), digest(5))},
		Seen: []image.Sighting{seen(digest(3), 1, 13)},
		Images: []image.Image{
			{Digest: digest(5), Tags: []string{"prod", "v2.4.0"}, Pushed: noon.Add(-4 * time.Hour)},
			{Digest: digest(4), Tags: []string{"v2.3.1", "v2.3"}, Pushed: noon.Add(-50 * time.Hour)},
			{Digest: digest(3), Tags: []string{"v2.3.0", "rollback-from-20261113-020000"}},
			{Digest: digest(2), Tags: []string{"v2.4.0-rc.1"}},
			{Digest: digest(1), Tags: []string{"v2.2.0"}},
			{Digest: digest(6), Tags: []string{"v2.5.0"}, Pushed: noon.Add(-time.Hour)},
			{Digest: digest(7), Tags: []string{"hotfix"}, Pushed: noon.Add(-48 * time.Hour)},
		},
		Uses: []usage.Use{{
			Source: usage.ECS, Place: "prod/api", How: usage.Task, Running: 2,
			Image: ref.Reference{Host: "registry.example.com", Repository: "shop/api", Digest: digest(8)},
		}},
	}
	want := []string{
		"v2.3.1,v2.3: previous digest of prod, until 3h ago; v2.3.1, a version before v2.4.0",
		": ecs task prod/api (2 running)",
		"v2.2.0: v2.2.0, a version before v2.4.0",
		"v2.4.0-rc.1: v2.4.0-rc.1, a version before v2.4.0",
		"hotfix: pushed 2d ago",
		"v2.3.0,rollback-from-20261113-020000: rolled back from before; prod pointed to it, for 12d, seen until 12d ago; " +
			"v2.3.0, a version before v2.4.0",
	}
	if diff := cmp.Diff(want, reasons(rollback.Candidates(f))); diff != "" {
		t.Error(diff)
	}
}

// What stands beside that which follows the tag, pinned by its digest, is no image
// that the tag could go back to before any other.
func TestCandidatesBeside(t *testing.T) {
	t.Parallel()
	use := func(place, tag string, d ref.Digest) usage.Use {
		return usage.Use{
			Source: usage.ECS, Place: place, How: usage.Deployment,
			Image: ref.Reference{Host: "registry.example.com", Repository: "shop/api", Tag: tag, Digest: d},
		}
	}
	f := rollback.Facts{
		Tag: prod(), Current: digest(5), Now: noon,
		Images: []image.Image{
			{Digest: digest(5), Tags: []string{"prod", "v2.4.0"}}, {Digest: digest(4), Tags: []string{"v2.3.1"}},
		},
		Uses: []usage.Use{use("prod/api", "prod", digest(5)), use("prod/api", "", digest(8)), use("test/api", "", digest(9))},
	}
	want := []string{
		": ecs deployment test/api", "v2.3.1: v2.3.1, a version before v2.4.0", ": ecs deployment prod/api",
	}
	if diff := cmp.Diff(want, reasons(rollback.Candidates(f))); diff != "" {
		t.Error(diff)
	}
}

// A rollback that was undone does not make the image bad that it left.
func TestWhatWasRolledBackFrom(t *testing.T) {
	t.Parallel()
	left := retagged(9, digest(1), digest(2))
	left.Plan.Steps = append(left.Plan.Steps, plan.Step{
		Kind: plan.Retag, Digest: digest(1),
		Reference: ref.Reference{Host: prod().Host, Repository: prod().Repository, Tag: "rollback-from-x"},
	})
	left.Steps = append(left.Steps, left.Steps[0])
	for name, undone := range map[string][]string{"stands": nil, "undone": {"later"}} {
		left.Undone = undone
		f := rollback.Facts{
			Tag: prod(), Current: digest(2), Now: noon, KeepPrefix: "rollback-from-", Runs: []journal.Run{left},
		}
		all := rollback.Candidates(f)
		if len(all) != 1 || all[0].Digest != digest(1) || all[0].Bad != (undone == nil) {
			t.Errorf("%s: %+v", name, all)
		}
	}
}

// Whatever is known, no candidate is the present image, none is there twice, and
// what was rolled back from comes after all others.
func TestCandidatesProperties(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		some := rapid.IntRange(0, 6)
		f := rollback.Facts{Tag: prod(), Current: digest(some.Draw(t, "now")), Now: noon, KeepPrefix: "keep-"}
		for range rapid.IntRange(0, 8).Draw(t, "images") {
			f.Images = append(f.Images, image.Image{
				Digest: digest(some.Draw(t, "digest")),
				Tags:   []string{rapid.SampledFrom([]string{"v1.0.0", "v1.1.0", "keep-1", "main", "prod"}).Draw(t, "tag")},
				Pushed: noon.Add(-time.Duration(some.Draw(t, "age")) * time.Hour),
			})
		}
		for hour := range rapid.IntRange(0, 5).Draw(t, "runs") {
			f.Runs = append([]journal.Run{
				retagged(hour+1, digest(some.Draw(t, "from")), digest(some.Draw(t, "to"))),
			}, f.Runs...)
		}
		for range rapid.IntRange(0, 4).Draw(t, "seen") {
			first := rapid.IntRange(1, 24).Draw(t, "first")
			f.Seen = append(f.Seen, seen(digest(some.Draw(t, "seen")), first, rapid.IntRange(first, 24).Draw(t, "last")))
		}
		found, bad := map[ref.Digest]bool{}, false
		for _, c := range rollback.Candidates(f) {
			if c.Digest == f.Current || found[c.Digest] || c.Reason == "" || bad && !c.Bad {
				t.Fatalf("%+v among %+v", c, found)
			}
			found[c.Digest], bad = true, c.Bad
		}
	})
}

func linux(arch string) image.Platform { return image.Platform{OS: "linux", Architecture: arch} }

// good is a rollback that nothing speaks against.
func good() rollback.Before {
	return rollback.Before{
		Tag: prod(), Shown: digest(2), Now: digest(2), Asked: true,
		Left: rollback.Content{Digest: digest(2), Platforms: []image.Platform{linux("amd64"), linux("arm64")}},
		Target: rollback.Content{
			Digest: digest(1), Manifests: []ref.Digest{digest(1)}, Blobs: 3,
			Platforms: []image.Platform{linux("amd64"), linux("arm64")},
		},
	}
}

func TestPreflight(t *testing.T) {
	t.Parallel()
	for _, c := range rollback.Preflight(good()) {
		known := rollback.OK
		if c.Name == "permission" { // that shows when it is tried
			known = rollback.Unknown
		}
		if c.Level != known || c.Text == "" {
			t.Errorf("%+v", c)
		}
	}
	why := errors.New("it is so")
	for name, x := range map[string]struct {
		change func(*rollback.Before)
		check  string
		level  rollback.Level
		text   string
	}{
		"gone":        {func(b *rollback.Before) { b.Now = "" }, "tag", rollback.Block, "not there any more"},
		"moved":       {func(b *rollback.Before) { b.Now = digest(9) }, "tag", rollback.Block, "look again"},
		"there":       {func(b *rollback.Before) { b.Target.Digest = digest(2) }, "tag", rollback.Block, "already"},
		"no manifest": {func(b *rollback.Before) { b.Target.Missing = why }, "content", rollback.Block, "it is so"},
		"no child": {
			func(b *rollback.Before) { b.Target.Children = []ref.Digest{digest(7)} }, "content", rollback.Block, digest(7).Short(),
		},
		"no blob": {
			func(b *rollback.Before) { b.Target.Lost = []ref.Digest{digest(4), digest(5), digest(6), digest(7)} }, "content",
			rollback.Block, "and 1 more",
		},
		"unasked":  {func(b *rollback.Before) { b.Target.Unasked = 2 }, "content", rollback.Warn, "2 manifests and blobs"},
		"archived": {func(b *rollback.Before) { b.Target.Storage = image.Archived }, "storage", rollback.Block, "regatta restore"},
		"restoring": {
			func(b *rollback.Before) { b.Target.Storage = image.Restoring }, "storage", rollback.Block, "on its way",
		},
		"one platform": {
			func(b *rollback.Before) { b.Target.Platforms = b.Target.Platforms[:1] }, "platforms", rollback.Warn, "linux/arm64",
		},
		"other platforms": {
			func(b *rollback.Before) { b.Target.Platforms = []image.Platform{linux("s390x")} }, "platforms", rollback.Block, "none",
		},
		"no platforms": {
			func(b *rollback.Before) { b.Target.Platforms, b.Left.Platforms = nil, nil }, "platforms", rollback.Warn, "nothing",
		},
		"unsigned":  {func(b *rollback.Before) { b.Left.Signed = true }, "signature", rollback.Warn, "not signed"},
		"unknown":   {func(b *rollback.Before) { b.Target.SignedErr = why }, "signature", rollback.Warn, "it is so"},
		"immutable": {func(b *rollback.Before) { b.Immutable = true }, "mutability", rollback.Block, "digest"},
		"expires":   {func(b *rollback.Before) { b.Expires = "rule 1" }, "lifecycle", rollback.Warn, "rule 1"},
		"left":      {func(b *rollback.Before) { b.ExpiresLeft = "rule 2" }, "lifecycle", rollback.Warn, "left behind"},
		"no policy": {func(b *rollback.Before) { b.PolicyUnknown = why }, "lifecycle", rollback.Warn, "it is so"},
		"silence": {
			func(b *rollback.Before) { b.Incomplete = []string{"ecs: timeout"} }, "used by", rollback.Warn, "ecs: timeout",
		},
		"kept": {
			func(b *rollback.Before) {
				pod := usage.Use{Source: usage.Kubernetes, Place: "shop/deployment/api", How: usage.Pod, Kept: true}
				b.Follow = []usage.Hit{{Use: pod}, {Use: pod}, {Use: usage.Use{Source: usage.ECS, Place: "prod/api"}}}
			},
			"used by", rollback.Warn, "imagePullPolicy is not Always: shop/deployment/api",
		},
		"pinned": {
			func(b *rollback.Before) {
				b.Pinned = []usage.Use{{Source: usage.ECS, Place: "prod/api", How: usage.Deployment}}
			},
			"pinned", rollback.Warn, "prod/api",
		},
		"no source": {func(b *rollback.Before) { b.Asked = false }, "used by", rollback.Unknown, "no usage source"},
		"read-only": {func(b *rollback.Before) { b.ReadOnly = why }, "permission", rollback.Block, "it is so"},
	} {
		b := good()
		x.change(&b)
		hit := false
		for _, c := range rollback.Preflight(b) {
			if c.Level == rollback.OK || c.Level == rollback.Unknown && c.Name != x.check {
				continue
			}
			hit = c.Name == x.check && c.Level == x.level && strings.Contains(c.Text, x.text)
			if !hit {
				t.Errorf("%s: %+v", name, c)
			}
		}
		if !hit {
			t.Errorf("%s is not noticed", name)
		}
		if blocks := len(rollback.Blocked(rollback.Preflight(b))) > 0; blocks != (x.level == rollback.Block) {
			t.Errorf("%s: blocked is %v", name, blocks)
		}
	}
}

// What the services that follow the tag have run is better than a version before;
// what runs elsewhere, as a newer release in staging, is worse. The part of an
// index that a machine names is told by its service as a whole.
func TestCandidatesByWhatRan(t *testing.T) {
	t.Parallel()
	use := func(how usage.How, place, tag string, d ref.Digest) usage.Use {
		at := prod()
		at.Tag, at.Digest = tag, d
		return usage.Use{Source: usage.ECS, Place: place, How: how, Image: at, Running: 1}
	}
	past := func(d ref.Digest, began, ended time.Duration, stable bool) deploy.Past {
		return deploy.Past{Place: "prod/api", Digest: d, Began: noon.Add(-began), Ended: noon.Add(-ended), Stable: stable}
	}
	const day = 24 * time.Hour
	f := rollback.Facts{
		Tag: prod(), Current: digest(5), Now: noon,
		Images: []image.Image{
			{Digest: digest(6), Tags: []string{"v2.5.0", "staging"}, Pushed: noon.Add(-time.Hour)},
			{Digest: digest(5), Tags: []string{"prod", "v2.4.0"}, Pushed: noon.Add(-day)},
			{Digest: digest(2), Tags: []string{"v2.3.1"}, Pushed: noon.Add(-30 * day)},
			{Digest: digest(1), Tags: []string{"v2.3.0"}, Pushed: noon.Add(-40 * day)},
		},
		Past: []deploy.Past{
			past(digest(5), 3*time.Hour, 2*time.Hour, true), past(digest(4), day, day-time.Hour, false),
			past(digest(1), 12*day, 12*day-time.Hour, true),
		},
		Uses: []usage.Use{
			use(usage.Deployment, "staging/api", "staging", digest(6)), use(usage.Task, "staging/api", "staging", digest(7)),
			use(usage.Deployment, "canary/api", "canary", digest(2)),
		},
	}
	want := []string{
		"v2.3.0: ran in prod/api, for 11d, until 2h ago; v2.3.0, a version before v2.4.0",
		"v2.3.1: v2.3.1, a version before v2.4.0; ecs deployment canary/api (1 running)",
		"v2.5.0,staging: ecs deployment staging/api (1 running)",
	}
	if diff := cmp.Diff(want, reasons(rollback.Candidates(f))); diff != "" {
		t.Error(diff)
	}
	if h := rollback.History(f); len(h) != 2 || h[1].Source != rollback.Deployed || !h[1].Ended || !h[0].Until.IsZero() {
		t.Errorf("%+v", h)
	}
}
