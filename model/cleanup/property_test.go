package cleanup_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"regatta/model/cleanup"
	"regatta/model/image"
	"regatta/model/plan"
	"regatta/model/ref"
)

// entry is a manifest of a drawn repository.
type entry struct {
	name, subject  string
	kind           image.Kind
	children, tags []string
	age            time.Duration
	pulled         time.Duration // 0 is never
}

// world is a drawn repository: images, indexes of them and of indexes, tagged
// or not, signatures by tag and by subject, some of what is not there.
func world(t *rapid.T) []entry {
	n := rapid.IntRange(1, 14).Draw(t, "manifests")
	all, signed := make([]entry, n), map[string]bool{}
	for i := range all {
		at := func(label string) string {
			return fmt.Sprint("m", rapid.IntRange(0, i+1).Draw(t, label)-1) // m-1 is not there
		}
		e := entry{
			name: fmt.Sprint("m", i), kind: image.KindImage,
			age:    time.Duration(rapid.IntRange(-1, 20).Draw(t, "age")) * 10 * day,
			pulled: time.Duration(rapid.IntRange(0, 4).Draw(t, "pulled")) * 30 * day,
		}
		switch rapid.IntRange(0, 4).Draw(t, "kind") {
		case 0:
			e.kind = image.KindIndex
			for range rapid.IntRange(0, 3).Draw(t, "children") {
				if c := at("child"); !slices.Contains(e.children, c) && c != e.name {
					e.children = append(e.children, c)
				}
			}
		case 1:
			e.kind, e.subject = image.KindArtifact, at("subject")
		case 2:
			if tag := signature(at("signed")); !signed[tag] {
				signed[tag] = true
				e.tags = append(e.tags, tag)
			}
		}
		for k := range rapid.IntRange(0, 2).Draw(t, "tags") {
			e.tags = append(e.tags, fmt.Sprintf("%s-%d.%d", rapid.SampledFrom([]string{"pr", "v1", "main"}).Draw(t, "stem"), i, k))
		}
		if rapid.IntRange(0, 9).Draw(t, "marked") == 0 {
			e.tags = append(e.tags, cleanup.MarkTag(digest(e.name), today.Add(time.Duration(rapid.IntRange(-3, 3).Draw(t, "due"))*day)))
		}
		all[i] = e
	}
	return all
}

func build(all []entry) *shop {
	s := newShop().gone("m-1")
	for _, e := range all {
		s.add(s.manifest(e.name, e.kind, e.children, e.subject), e.age, e.tags)
		if e.pulled > 0 {
			s.pulled(e.name, e.pulled)
		}
	}
	return s
}

func rules(t *rapid.T, n int) cleanup.Rules {
	patterns := rapid.SliceOfN(rapid.SampledFrom([]string{"pr-*", "v1-*", "*", "main-?.0", "*.1"}), 0, 2)
	flag := func(name string) bool { return rapid.Bool().Draw(t, name) }
	r := cleanup.Rules{
		Match: patterns.Draw(t, "match"), AnyTag: flag("any tag"), Untagged: flag("untagged"), Orphans: flag("orphans"),
		Broken:    flag("broken"),
		OlderThan: time.Duration(rapid.IntRange(0, 3).Draw(t, "older")) * 30 * day,
		NotPulled: time.Duration(rapid.IntRange(0, 2).Draw(t, "not pulled")) * 30 * day,
	}
	if flag("last") {
		r.Last = &cleanup.Last{Count: rapid.IntRange(0, 4).Draw(t, "count"), By: cleanup.Order(rapid.IntRange(0, 1).Draw(t, "by"))}
	}
	if flag("grace") {
		r.Grace = 14 * day
	}
	if rapid.IntRange(0, 3).Draw(t, "by hand") == 0 {
		r.Exceptions = map[ref.Digest]cleanup.Exception{some(t, n): cleanup.RemoveIt}
	}
	return r
}

func some(t *rapid.T, n int) ref.Digest {
	return digest("m" + strconv.Itoa(rapid.IntRange(0, n-1).Draw(t, "one of them")))
}

// keepMore adds a reason to keep.
func keepMore(t *rapid.T, r cleanup.Rules, all []entry) cleanup.Rules {
	pattern := rapid.SampledFrom([]string{"pr-*", "*.0", "main-*", "sha256-*"}).Draw(t, "kept")
	switch rapid.IntRange(0, 3).Draw(t, "how") {
	case 0:
		r.Exclude = append(slices.Clone(r.Exclude), pattern)
	case 1:
		r.Protected = []string{pattern}
	case 2:
		r.InUse.Digests = map[ref.Digest]string{some(t, len(all)): "somebody"}
	case 3:
		r.Exceptions = map[ref.Digest]cleanup.Exception{some(t, len(all)): cleanup.KeepIt}
	}
	return r
}

func goes(s *cleanup.Selection) map[ref.Digest]bool {
	out := map[ref.Digest]bool{}
	for i, v := range s.Verdicts {
		if v.Outcome == cleanup.Removed {
			out[s.Stock.Images[i].Digest] = true
		}
	}
	return out
}

func TestTheOrderOfReadingDoesNotMatter(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		all := world(t)
		r := rules(t, len(all))
		shuffled := slices.Clone(all)
		rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 0)).Shuffle(len(all), func(i, j int) {
			shuffled[i], shuffled[j] = shuffled[j], shuffled[i]
		})
		one, two := build(all).evaluate(r), build(shuffled).evaluate(r)
		if one.Stock.Images[0].Digest != two.Stock.Images[0].Digest {
			t.Fatal("the images are in another order")
		}
		if diff := cmp.Diff(one.Verdicts, two.Verdicts); diff != "" || one.Bytes != two.Bytes {
			t.Error(diff)
		}
	})
}

// The plan removes what the verdicts say, no more and no less, brings back the
// bytes that they promise, and breaks no index that stays.
func TestThePlanIsWhatTheVerdictsSay(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		all := world(t)
		s, r := build(all), rules(t, len(all))
		if rapid.Bool().Draw(t, "keep") {
			r = keepMore(t, r, all)
		}
		got := s.evaluate(r)
		p, err := plan.ToPrune(s.view(), got.Pruning(), plan.Options{At: today})
		if err != nil {
			t.Fatal(err)
		}
		planned := map[ref.Digest]bool{}
		for _, d := range p.Removes() {
			planned[d] = true
		}
		if diff := cmp.Diff(goes(got), planned); diff != "" || p.ReclaimedBytes != got.Bytes {
			t.Errorf("%d bytes of %d %s", p.ReclaimedBytes, got.Bytes, diff)
		}
		for _, k := range p.Kept {
			if planned[k.Digest] || k.Reason == "" {
				t.Errorf("%s is kept (%q) and removed", k.Digest.Short(), k.Reason)
			}
			for _, c := range s.graph.Children(k.Digest) {
				if planned[c] {
					t.Errorf("the index %s loses %s", k.Digest.Short(), c.Short())
				}
			}
		}
		if err := plan.Check(p, s.view()); err != nil {
			t.Error(err)
		}
	})
}

func TestMoreReasonsToKeepNeverRemoveMore(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		all := world(t)
		s, r := build(all), rules(t, len(all))
		r.Exceptions = nil // keepMore may set them
		more := keepMore(t, r, all)
		if rapid.Bool().Draw(t, "keep more of the last") && r.Last != nil {
			more = r
			more.Last = &cleanup.Last{Count: r.Last.Count + rapid.IntRange(1, 3).Draw(t, "more"), By: r.Last.By}
		}
		before := goes(s.evaluate(r))
		for d := range goes(s.evaluate(more)) {
			if !before[d] {
				t.Errorf("%s goes only now", d.Short())
			}
		}
	})
}

func TestWhatIsKeptForItsOwnSakeStays(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		all := world(t)
		s, r, d := build(all), rules(t, len(all)), some(t, len(all))
		r.InUse.Digests = map[ref.Digest]string{d: "somebody"}
		if goes(s.evaluate(r))[d] {
			t.Errorf("%s is in use and goes", d.Short())
		}
	})
}

func TestNoRuleRemovesNothing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		if gone := goes(build(world(t)).evaluate(cleanup.Rules{})); len(gone) > 0 {
			t.Error(gone)
		}
	})
}
