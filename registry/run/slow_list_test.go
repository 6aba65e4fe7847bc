package run_test

import (
	"bytes"
	"context"
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
		want := "too old to decide by: its tags take 3.0s to list (5 tags), and what goes is decided by what is known for 1.0s at most: a new plan can allow more"
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
			p, err := plan.ToDelete(w.view(t, digests...), plan.Selection{Digests: digests}, plan.Options{At: clock(), SlowList: plan.WhereSlow})
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

// The registry's answer about an image is too old as well where it took too long.
func TestOnECRASlowAnswerDecidesNothing(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := cloudWith(t, nil)
		c.runner = run.New(run.Options{
			Journal: newBook(), Now: clock, Open: func(string) (run.Registry, error) { return c.client, nil },
		})
		stays, tagged := c.push("one"), c.push("two", "v1", "v2")
		remove, err := plan.ToDelete(c.view(t, stays), plan.Selection{Digests: []ref.Digest{stays}}, plan.Options{At: clock()})
		must(t, err)
		untag, err := plan.ToUntag(c.view(t), []string{"v1"}, plan.Options{At: clock()})
		must(t, err)
		c.slowPages(func() {})
		slow := 0
		c.registry.Inject(sandbox.Fault{Operation: "ecr:DescribeImages", Match: func(r *http.Request) bool {
			raw, err := io.ReadAll(r.Body)
			r.Body = io.NopCloser(bytes.NewReader(raw))
			return err == nil && bytes.Contains(raw, []byte(`"imageDigest"`))
		}, Effect: sandbox.Afterwards{Do: func() {
			if slow++; slow == 1 { // nobody else is seen to come in between
				c.registry.Tag(repo, "release", string(stays), clock())
			}
			c.registry.Untag(repo, "v2")
			time.Sleep(4 * time.Second)
		}}})
		if r := c.run(t, remove, ""); r.Done != 0 || slow == 0 || !c.tags("release") {
			t.Errorf("after %d answers: %+v", slow, r)
		}
		if r := c.run(t, untag, ""); r.Done != 0 || !c.tags("v1") {
			t.Errorf("%s: %+v", tagged, r)
		}
	})
}

// So it is where only the looks after the list took long.
func TestOnECRAListThatAgesMeanwhileDecidesNothing(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		c := cloudWith(t, nil)
		c.runner = run.New(run.Options{
			Journal: newBook(), Now: clock, Open: func(string) (run.Registry, error) { return c.client, nil },
		})
		d := c.push("one")
		p, err := plan.ToDelete(c.view(t, d), plan.Selection{Digests: []ref.Digest{d}}, plan.Options{At: clock()})
		must(t, err)
		c.registry.Tag(repo, "other", string(d), clock())
		late := false
		c.registry.Inject(sandbox.Fault{Operation: "ecr:DescribeImages", Every: 2, Times: 1, Match: func(r *http.Request) bool {
			raw, err := io.ReadAll(r.Body)
			r.Body = io.NopCloser(bytes.NewReader(raw))
			return err == nil && bytes.Contains(raw, []byte(`"imageTag":"other"`))
		}, Effect: sandbox.Meanwhile{Do: func() {
			late = true
			c.registry.Untag(repo, "other")
			c.registry.Tag(repo, "late", string(d), clock())
			time.Sleep(3 * time.Second)
		}}})
		r := c.run(t, p, "")
		if !late || r.Done != 0 || !c.tags("late") {
			t.Errorf("it was looked at: %t; %+v", late, r)
		}
	})
}

// What goes is decided by a list that is not too old when the delete is asked for, however
// long the looks took that came after it.
func TestAListThatAgesMeanwhileDecidesNothing(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w, _ := withBook(t)
		all := bareImages(w, 2)
		p := w.planDelete(t, plan.Selection{Digests: all[:1]})
		w.registry.Tag(repo, "other", string(all[0]), clock())
		w.registry.Inject(sandbox.Fault{
			Match: func(r *http.Request) bool { return strings.HasSuffix(r.URL.Path, "/manifests/other") }, Every: 2, // after the list
			Effect: sandbox.Meanwhile{Do: func() {
				w.registry.Untag(repo, "other")
				w.registry.Tag(repo, "late", string(all[0]), clock())
				time.Sleep(5 * time.Second)
			}},
		})
		w.run(t, p, "")
		if _, ok := w.registry.Resolve(repo, "late"); !ok {
			t.Error("a tag went along that was set before the list was too old")
		}
	})
}

// Cancel and pause end a list of many pages that is made in a moment.
func TestCancelAndPauseEndAList(t *testing.T) {
	t.Parallel()
	for _, how := range []string{"cancel", "pause"} {
		synctest.Test(t, func(t *testing.T) {
			w, c := racing(t, sandbox.Quirks{ClampPage: 10}, httpx.HostOptions{})
			w.runner = run.New(run.Options{
				Journal: newBook(), Now: clock, Open: func(string) (run.Registry, error) { return w.client, nil },
			})
			all := bareImages(w, 30)
			for i := range 300 {
				w.registry.Tag(repo, tagName(i), string(all[29]), clock())
			}
			p := w.planDelete(t, plan.Selection{Digests: all[:20]})
			w.registry.Inject(sandbox.Fault{
				Match:  func(r *http.Request) bool { return strings.HasSuffix(r.URL.Path, "/tags/list") },
				Effect: sandbox.Slow{First: 400 * time.Millisecond},
			})
			r, err := w.runner.Start(t.Context(), p, "", "")
			must(t, err)
			time.Sleep(31 * time.Second) // two lists are made, and the third is under way
			stopRun(r, how)
			time.Sleep(time.Second)
			synctest.Wait()
			c.mu.Lock()
			before := len(c.asked)
			c.mu.Unlock()
			time.Sleep(time.Minute)
			c.mu.Lock()
			later := len(c.asked) - before
			c.mu.Unlock()
			if later > 0 || before < 60 {
				t.Errorf("%s: %d requests begin a second after it, and %d before", how, later, before)
			}
			if how == "pause" {
				r.Cancel()
			}
			_, err = r.Wait()
			must(t, err)
		})
	}
}

func stopRun(r *run.Run, how string) {
	if how == "cancel" {
		r.Cancel()
	} else {
		r.Pause()
	}
}

// An image whose tags were taken off before its list got slow stays without them, which is
// said where it is skipped.
func TestAnImageThatStaysWithoutItsTagsSaysSo(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w, book := withBook(t)
		all := bareImages(w, 1)
		w.registry.Tag(repo, "v1", string(all[0]), clock())
		p := w.planDelete(t, plan.Selection{Digests: all})
		w.registry.Inject(sandbox.Fault{
			Method: http.MethodDelete, Times: 1, Effect: sandbox.Afterwards{Do: func() {
				slowLists(w, 0)
				time.Sleep(2 * time.Second)
			}},
		})
		r := w.run(t, p, "")
		last := r.Steps[len(r.Steps)-1]
		if last.Outcome != plan.Skipped || !strings.HasSuffix(last.Error, "; it stays without v1, which this run took off") {
			t.Errorf("%+v", r.Steps)
		}
		now, err := book.Run(t.Context(), r.Run)
		must(t, err)
		if now.Steps[len(now.Steps)-1].Error != last.Error {
			t.Errorf("the journal says %q", now.Steps[len(now.Steps)-1].Error)
		}
		w.registry.ClearFaults()
		// With an older list allowed it is done, which the result says.
		slowLists(w, 0)
		again, err := w.runner.Resume(t.Context(), r.Run, true)
		must(t, err)
		done, err := again.Wait()
		must(t, err)
		if done.Done != len(p.Steps) || len(done.SlowLists) != 1 {
			t.Errorf("%+v", done)
		}
	})
}

// So it is where the run is cancelled in between, in the result and in the journal.
func TestACancelledDeleteSaysThatItsTagsAreGone(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w, book := withBook(t)
		all := bareImages(w, 1)
		w.registry.Tag(repo, "v1", string(all[0]), clock())
		p := w.planDelete(t, plan.Selection{Digests: all})
		ctx, cancel := context.WithCancel(t.Context())
		w.registry.Inject(sandbox.Fault{Method: http.MethodDelete, Times: 1, Effect: sandbox.Afterwards{Do: cancel}})
		r, err := w.runner.Start(ctx, p, "", "")
		must(t, err)
		result, err := r.Wait()
		must(t, err)
		now, err := book.Run(t.Context(), result.Run)
		must(t, err)
		last := result.Steps[len(result.Steps)-1]
		if want := "cancelled; it stays without v1, which this run took off"; last.Error != want || now.Steps[len(now.Steps)-1].Error != want {
			t.Errorf("the result says %q, the journal %q", last.Error, now.Steps[len(now.Steps)-1].Error)
		}
	})
}
