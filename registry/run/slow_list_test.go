package run_test

import (
	"bytes"
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"regatta/model/journal"
	"regatta/model/plan"
	"regatta/model/ref"
	"regatta/registry/httpx"
	"regatta/registry/run"
	"regatta/registry/sandbox"
)

// slowLists has lists of tags take long, so many times; 0 is always.
func slowLists(w *world, times int) {
	w.registry.Inject(sandbox.Fault{
		Match: func(r *http.Request) bool { return strings.HasSuffix(r.URL.Path, "/tags/list") }, Times: times,
		Effect: sandbox.Afterwards{Do: func() { time.Sleep(3 * time.Second) }},
	})
}

// withBook is a world in a bubble, with a journal that can be read.
func withBook(t *testing.T) (*world, *book) {
	t.Helper()
	w, _ := racing(t, sandbox.Quirks{}, httpx.HostOptions{})
	b := newBook()
	w.runner = run.New(run.Options{
		Journal: b, Now: clock, Open: func(string) (run.Registry, error) { return w.client, nil },
	})
	return w, b
}

// A list that is too old when it is there decides nothing: nothing is deleted by it, which
// is said of each delete, and the registry is not asked without an end.
func TestASlowListDecidesNothing(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w, book := withBook(t)
		all := bareImages(w, 200)
		for i := range 5 {
			w.registry.Tag(repo, tagName(i), string(all[i]), clock())
		}
		p := w.planDelete(t, plan.Selection{Digests: all})
		slowLists(w, 0)
		began := clock()
		r := w.run(t, p, "")
		if r.Skipped != len(all)+5 || r.Done+r.Failed+r.InDoubt > 0 || len(r.SlowLists) != 0 || len(r.AlsoGone) != 0 {
			t.Errorf("%d skipped, %d done, %d failed; %q", r.Skipped, r.Done, r.Failed, r.SlowLists)
		}
		want := "too old to decide by: its tags take 3.0s to list (5 tags), and what goes is decided by a list of 1.0s at most"
		for _, s := range r.Steps {
			if !strings.HasSuffix(s.Error, want) && !strings.HasSuffix(s.Error, "which comes before it, was not done") {
				t.Fatalf("it says %q", s.Error)
			}
		}
		if took := clock().Sub(began); took > 3*time.Minute {
			t.Errorf("it took %s to say so", took)
		}
		now, err := book.Run(t.Context(), r.Run)
		must(t, err)
		there := len(state(t, w.bare, named(all)))
		if now.Changed() || there != len(all)+5 {
			t.Errorf("%s, %d tags and manifests are there", now.State, there)
		}
	})
}

// A registry that was busy for a moment is asked again.
func TestAListIsMadeAgainThatWasSlowOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w, _ := withBook(t)
		p := w.planDelete(t, plan.Selection{Digests: bareImages(w, 3)})
		slowLists(w, 3)
		if r := w.run(t, p, ""); r.Done != 3 || len(r.SlowLists) != 0 {
			t.Errorf("%+v", r)
		}
	})
}

// Where the plan was made by a list that is slow, and that was allowed, what goes by it is
// no secret: what was tagged in that time may have gone along unseen.
func TestSlowListsAreSaid(t *testing.T) {
	t.Parallel()
	for _, slow := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			w, book := withBook(t)
			digests := bareImages(w, 3)
			if slow {
				slowLists(w, 0)
			}
			p, err := plan.ToDelete(w.view(t, digests...), plan.Selection{Digests: digests}, plan.Options{At: clock(), SlowList: true})
			must(t, err)
			r := w.run(t, p, "")
			now, err := book.Run(t.Context(), r.Run)
			must(t, err)
			told := now.About(journal.Listed)
			want := "the tags of " + repo + " took up to 3.0s to list (" + strconv.Itoa(len(state(t, w.bare, nil))) + " tags): a tag"
			if slow != (len(told) == 1 && strings.HasPrefix(told[0].Text, want)) || len(now.About(journal.Verified)) != 0 {
				t.Errorf("slow is %t: %+v, want %s", slow, told, want)
			}
			if r.Done != 3 || slow != (len(r.SlowLists) == 1 && r.SlowLists[0] == told[0].Text) {
				t.Errorf("%d are done; the result says %q", r.Done, r.SlowLists)
			}
		})
	}
}

// slowPages has the pages of an account's images take long, and does something once.
func (c *cloud) slowPages(do func()) {
	c.registry.Inject(sandbox.Fault{
		Operation: "ecr:DescribeImages", Match: func(r *http.Request) bool {
			raw, err := io.ReadAll(r.Body)
			r.Body = io.NopCloser(bytes.NewReader(raw))
			return err == nil && bytes.Contains(raw, []byte(`"maxResults"`))
		},
		Effect: sandbox.Afterwards{Do: func() {
			do()
			time.Sleep(1100 * time.Millisecond)
		}},
	})
}

// ECR tells the tags of an image: where its pages take long, an image without tags goes by
// that, and one that got a tag meanwhile stays.
func TestOnECRASlowListDecidesNothing(t *testing.T) {
	t.Parallel()
	synctest.Test(t, onECRASlowListDecidesNothing)
}

func onECRASlowListDecidesNothing(t *testing.T) {
	c := cloudWith(t, nil)
	c.runner = run.New(run.Options{
		Journal: newBook(), Now: clock, Open: func(string) (run.Registry, error) { return c.client, nil },
	})
	stays, goes, tagged := c.push("one"), c.push("two"), c.push("three", "v1", "v2")
	all := []ref.Digest{stays, goes}
	remove, err := plan.ToDelete(c.view(t, all...), plan.Selection{Digests: all}, plan.Options{At: clock()})
	must(t, err)
	untag, err := plan.ToUntag(c.view(t), []string{"v1"}, plan.Options{At: clock()})
	must(t, err)
	c.slowPages(func() {
		c.registry.Tag(repo, "release", string(stays), clock())
		c.registry.Untag(repo, "v2")
	})
	r := c.run(t, remove, "")
	if len(r.SlowLists) > 0 || r.Done != 1 || outcomeOf(t, r, goes).Outcome != plan.Done || !c.tags("release") ||
		!strings.Contains(outcomeOf(t, r, stays).Error, "the tag release points to it now") {
		t.Errorf("%+v", r)
	}
	if r := c.run(t, untag, ""); r.Skipped != 1 || !strings.Contains(r.Steps[0].Error, "last tag") {
		t.Errorf("%s: %+v", tagged, r)
	}
}

func named(all []ref.Digest) map[string]ref.Digest {
	out := map[string]ref.Digest{}
	for _, d := range all {
		out[string(d)] = d
	}
	return out
}
