package run_test

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"regatta/model/fault"
	"regatta/model/plan"
	"regatta/model/ref"
	"regatta/registry/httpx"
	"regatta/registry/oci"
	"regatta/registry/run"
	"regatta/registry/sandbox"
)

// asked is a request with the time when it was made.
type asked struct {
	method, path string
	at           time.Time
}

// clocked notes when requests are made.
type clocked struct {
	base http.RoundTripper

	mu    sync.Mutex
	asked []asked
}

// RoundTrip implements http.RoundTripper.
func (c *clocked) RoundTrip(req *http.Request) (*http.Response, error) {
	c.mu.Lock()
	c.asked = append(c.asked, asked{req.Method, req.URL.Path, clock()})
	c.mu.Unlock()
	return c.base.RoundTrip(req)
}

// racing is a world in virtual time, with a journal in memory, in which others act
// at chosen requests.
func racing(t *testing.T, q sandbox.Quirks, host httpx.HostOptions) (*world, *clocked) {
	t.Helper()
	reg := sandbox.New(sandbox.Options{Now: clock, Empty: true, Quirks: q})
	t.Cleanup(func() { _ = reg.Close() })
	c := &clocked{base: reg.Transport()}
	w := &world{registry: reg, client: oci.New(at("x").Host, oci.Options{
		Transport: httpx.New(httpx.Options{
			Now: clock, Base: c, Host: func(string) httpx.HostOptions { return host },
		}), Now: clock,
	})}
	w.bare = w.client
	w.runner = run.New(run.Options{
		Journal: notes{}, Now: clock, Open: func(string) (run.Registry, error) { return w.client, nil },
	})
	return w, c
}

// moves are the changes of one tag that somebody else may get in the way of.
func moves(t *testing.T, w *world, digests map[string]ref.Digest) map[string]plan.Plan {
	t.Helper()
	retag, err := plan.ToRetag([]plan.View{w.view(t)}, []plan.Move{{From: at("two"), To: at("a")}}, plan.Options{At: clock()})
	must(t, err)
	return map[string]plan.Plan{
		"retag": retag, "untag": w.planUntag(t, "a"),
		"delete": w.planDelete(t, plan.Selection{Digests: []ref.Digest{digests["twice"]}}),
	}
}

// The registry refuses a change for a while; meanwhile somebody pushes the tag. The
// run looks again before it asks again, and leaves alone what was pushed.
func TestARefusedChangeIsDecidedAnew(t *testing.T) {
	t.Parallel()
	for _, status := range []int{429, 503} {
		for quirk, q := range map[string]sandbox.Quirks{"tags": {}, "dummies": {NoTagDelete: true}} {
			for _, what := range []string{"retag", "untag", "delete"} {
				t.Run(fmt.Sprint(what, " ", status, " ", quirk), func(t *testing.T) {
					t.Parallel()
					synctest.Test(t, func(t *testing.T) {
						w, _ := racing(t, q, httpx.HostOptions{})
						digests := fill(w.registry)
						p := moves(t, w, digests)[what]
						foreign := string(digests["arm"])
						push := func() { w.registry.Tag(repo, "a", foreign, clock()) }
						changes := func(r *http.Request) bool {
							tag := strings.HasSuffix(r.URL.Path, "/manifests/a") || strings.Contains(r.URL.Path, "/manifests/sha256:")
							return tag && (r.Method == http.MethodPut || r.Method == http.MethodDelete)
						}
						for _, effect := range []sandbox.Effect{
							sandbox.Meanwhile{Do: push}, sandbox.Status{Code: status, RetryAfter: 2 * time.Second},
						} {
							w.registry.Inject(sandbox.Fault{Match: changes, Times: 1, Effect: effect})
						}
						r := w.run(t, p, "")
						if got, _ := w.registry.Resolve(repo, "a"); got != foreign {
							t.Errorf("what somebody pushed is gone: a is %q", got)
						}
						if !strings.Contains(fmt.Sprint(r.Steps), "changed meanwhile") {
							t.Errorf("nothing is said of it: %+v", r)
						}
					})
				})
			}
		}
	}
}

// Whatever has to be waited for comes before the look: between it and the change
// there is no time at all, and no other request.
func TestNothingLiesBetweenLookAndChange(t *testing.T) {
	t.Parallel()
	for quirk, q := range map[string]sandbox.Quirks{"tags": {}, "dummies": {NoTagDelete: true}} {
		for limit, o := range map[string]httpx.HostOptions{"rate": {Rate: 0.2}, "places": {Concurrency: 1}} {
			for _, what := range []string{"retag", "untag", "delete"} {
				t.Run(what+" "+quirk+" "+limit, func(t *testing.T) {
					t.Parallel()
					synctest.Test(t, func(t *testing.T) {
						w, c := racing(t, q, o)
						p := moves(t, w, fill(w.registry))[what]
						c.asked = nil
						allDone(t, w.run(t, p, ""))
						checkMoments(t, c.asked)
					})
				})
			}
		}
	}
}

// checkMoments wants before each change of a tag, at the same time, a look at it. A
// delete by digest goes by a list, which may be a second old.
func checkMoments(t *testing.T, all []asked) {
	t.Helper()
	changes := 0
	for i, a := range all {
		tag := a.path[strings.LastIndex(a.path, "/")+1:]
		if !strings.Contains(a.path, "/manifests/") || a.method != http.MethodPut && a.method != http.MethodDelete {
			continue
		}
		if a.method == http.MethodDelete && all[i-1].method == http.MethodPut {
			continue // of the dummy that was put there just now
		}
		changes++
		look := all[i-1]
		late := !look.at.Equal(a.at) || look.method != http.MethodHead || look.path != a.path
		if strings.HasPrefix(tag, "sha256:") {
			late = a.at.Sub(look.at) > time.Second
		}
		if late {
			t.Errorf("%s %s comes %s after %s %s", a.method, a.path, a.at.Sub(look.at), look.method, look.path)
		}
	}
	if changes == 0 {
		t.Error("nothing was changed")
	}
}

// slowly makes every delete take a while.
func slowly(w *world, d time.Duration) {
	w.registry.Inject(sandbox.Fault{Method: http.MethodDelete, Effect: sandbox.Slow{First: d}})
}

// bareImages pushes n images without tags.
func bareImages(w *world, n int) []ref.Digest {
	out := make([]ref.Digest, n)
	for i := range out {
		out[i] = ref.Digest(w.registry.PushImage(repo, sandbox.Image{Layers: []string{"bare", tagName(i)}}))
	}
	return out
}

// atDelete does something just before the n-th delete is served.
func atDelete(w *world, n int, do func()) {
	w.registry.Inject(sandbox.Fault{
		Method: http.MethodDelete, Every: n, Times: 1, Effect: sandbox.Meanwhile{Do: do},
	})
}

// outcomeOf is how the delete of a manifest ended.
func outcomeOf(t *testing.T, r plan.Result, d ref.Digest) plan.StepResult {
	t.Helper()
	i := slices.IndexFunc(r.Steps, func(s plan.StepResult) bool { return s.Kind == plan.Delete && s.Digest == d })
	if i < 0 {
		t.Fatalf("there is no delete of %s", d)
	}
	return r.Steps[i]
}

// While 200 images are deleted, somebody needs some of those that are still to come:
// with a new tag, with a tag that was elsewhere, by an index, by a signature.
func TestWhatIsNeededMeanwhileStays(t *testing.T) {
	t.Parallel()
	for name, need := range map[string]func(w *world, d string){
		"a new tag":   func(w *world, d string) { w.registry.Tag(repo, "release-1.0", d, clock()) },
		"a moved tag": func(w *world, d string) { w.registry.Tag(repo, "prod", d, clock()) },
		"an index": func(w *world, d string) {
			w.registry.Tag(repo, "multi", w.registry.PushIndex(repo, d), clock())
		},
		"a moved index": func(w *world, d string) {
			w.registry.Tag(repo, "prod", w.registry.PushIndex(repo, d), clock())
		},
		"a signature without a tag": func(w *world, d string) {
			w.registry.PushArtifact(repo, sandbox.Artifact{Type: "sig", Subject: d})
		},
		"a signature": func(w *world, d string) {
			w.registry.Tag(repo, "sig", w.registry.PushArtifact(repo, sandbox.Artifact{Type: "sig", Subject: d}), clock())
		},
		"a signature by its tag":    func(w *world, d string) { standBeside(w, d, ".sig") },
		"an attestation by its tag": func(w *world, d string) { standBeside(w, d, ".att") },
		"an SBOM by its tag":        func(w *world, d string) { standBeside(w, d, ".sbom") },
		"an index of referrers":     func(w *world, d string) { standBeside(w, d, "") },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				w, _ := racing(t, sandbox.Quirks{}, httpx.HostOptions{})
				digests := bareImages(w, 200)
				w.registry.Tag(repo, "prod", w.registry.PushImage(repo, sandbox.Image{Layers: []string{"prod"}}), clock())
				p := w.planDelete(t, plan.Selection{Digests: digests})
				last := p.Steps[len(p.Steps)-1].Digest
				slowly(w, 200*time.Millisecond)
				atDelete(w, 40, func() { need(w, string(last)) })
				r := w.run(t, p, "")
				if _, err := w.bare.Resolve(t.Context(), repo, string(last)); err != nil {
					t.Errorf("it is gone: %v", err)
				}
				if s := outcomeOf(t, r, last); s.Outcome != plan.Skipped || !strings.Contains(s.Error, "now") {
					t.Errorf("its delete: %+v", s)
				}
				if r.Done != 199 || len(r.AlsoGone) != 0 {
					t.Errorf("%d done, also gone %v", r.Done, r.AlsoGone)
				}
			})
		})
	}
}

// A tag that comes while its manifest is being deleted cannot be helped; but it is
// named, and undo knows it.
func TestWhatWentAlongIsNamed(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Options{})
	digests := bareImages(w, 40)
	w.registry.Tag(repo, "other", w.registry.PushImage(repo, sandbox.Image{Layers: []string{"other"}}), clock())
	w.registry.Tag(repo, "else", w.registry.PushImage(repo, sandbox.Image{Layers: []string{"other"}}), clock())
	p := w.planDelete(t, plan.Selection{Digests: digests})
	first, seen := p.Steps[0].Digest, make(chan struct{})
	var once, listed sync.Once
	w.registry.Inject(sandbox.Fault{
		Method: http.MethodDelete, Match: func(r *http.Request) bool { return strings.HasSuffix(r.URL.Path, string(first)) },
		Effect: sandbox.Meanwhile{Do: func() {
			once.Do(func() {
				w.registry.Tag(repo, "release-1.0", string(first), clock())
				w.registry.Untag(repo, "else")
				<-seen
			})
		}},
	})
	w.registry.Inject(sandbox.Fault{
		Method: http.MethodHead, Match: func(r *http.Request) bool { return strings.HasSuffix(r.URL.Path, "/release-1.0") },
		Effect: sandbox.Afterwards{Do: func() { listed.Do(func() { close(seen) }) }},
	})
	slowly(w, 300*time.Millisecond)
	r := w.run(t, p, "")
	w.registry.ClearFaults()
	along := fmt.Sprintf("%s/%s:release-1.0@%s", host, repo, first)
	if len(r.AlsoGone) != 2 || r.AlsoGone[1].Reference != along || !r.AlsoGone[1].Along || r.AlsoGone[0].Along {
		t.Fatalf("also gone: %+v", r.AlsoGone)
	}
	u := w.undoOf(t, r.Run)
	if u.Verdict != plan.Partial || len(u.Plan.Lost) != 1 || !slices.Equal(u.Plan.Lost[0].Tags, []string{"else"}) || !u.Plan.Loses() {
		t.Errorf("what nobody knows who removed is not named: %s, %+v", u.Verdict, u.Plan.Lost)
	}
	allDone(t, w.run(t, u.Plan, r.Run))
	if got, _ := w.registry.Resolve(repo, "release-1.0"); got != string(first) {
		t.Errorf("undo leaves release-1.0 at %q", got)
	}
	if _, there := w.registry.Resolve(repo, "else"); there {
		t.Error("undo has brought back what somebody else has removed")
	}
}

// What was deleted and is pushed again stays, also of so many that not each is
// looked at.
func TestWhatIsPushedAgainStays(t *testing.T) {
	t.Parallel()
	for _, tagged := range []bool{false, true} {
		synctest.Test(t, func(t *testing.T) {
			w, _ := racing(t, sandbox.Quirks{}, httpx.HostOptions{})
			digests := bareImages(w, 100)
			p := w.planDelete(t, plan.Selection{Digests: digests})
			again := []int{70, 99}
			if tagged {
				again = append(again, 0) // which is looked at by itself
			}
			for _, n := range again {
				d := p.Steps[n].Digest
				m, err := w.client.Manifest(t.Context(), repo, string(d))
				must(t, err)
				w.registry.Inject(sandbox.Fault{
					Method: http.MethodDelete, Times: 1,
					Match: func(r *http.Request) bool { return strings.HasSuffix(r.URL.Path, string(d)) },
					Effect: sandbox.Afterwards{Do: func() {
						w.registry.PushRaw(repo, m.MediaType, m.Raw)
						if tagged {
							w.registry.Tag(repo, tagName(n), string(d), clock())
						}
					}},
				})
			}
			w.run(t, p, "")
			for _, n := range again {
				if _, err := w.client.Resolve(t.Context(), repo, string(p.Steps[n].Digest)); err != nil {
					t.Errorf("%d, tagged %v: what was pushed again is gone: %v", n, tagged, err)
				}
			}
		})
	}
}

// A tag that somebody sets again once it was removed stays.
func TestATagThatIsSetAgainStays(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w, _ := racing(t, sandbox.Quirks{}, httpx.HostOptions{})
		tags, digests := many(w, 60)
		p := w.planUntag(t, tags...)
		tag := p.Steps[50].Reference.Tag
		w.registry.Inject(sandbox.Fault{
			Method: http.MethodDelete, Times: 1, Match: func(r *http.Request) bool { return strings.HasSuffix(r.URL.Path, "/"+tag) },
			Effect: sandbox.Afterwards{Do: func() { w.registry.Tag(repo, tag, string(digests[tag]), clock()) }},
		})
		r := w.run(t, p, "")
		if _, there := w.registry.Resolve(repo, tag); !there || r.Failed != 1 {
			t.Errorf("%s is there: %v; %d failed", tag, there, r.Failed)
		}
	})
}

// What came meanwhile and cannot be read may list anything: nothing goes that it
// may need.
func TestWhatCannotBeReadMeanwhileStopsTheDeletes(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w, _ := racing(t, sandbox.Quirks{}, httpx.HostOptions{})
		p := w.planDelete(t, plan.Selection{Digests: bareImages(w, 200)})
		last := p.Steps[len(p.Steps)-1].Digest
		slowly(w, 200*time.Millisecond)
		atDelete(w, 40, func() {
			index := w.registry.PushIndex(repo, string(last))
			w.registry.Inject(sandbox.Fault{
				Method: http.MethodGet, Effect: sandbox.Status{Code: http.StatusForbidden},
				Match: func(r *http.Request) bool { return strings.HasSuffix(r.URL.Path, index) },
			})
			w.registry.Tag(repo, "multi", index, clock())
		})
		r := w.run(t, p, "")
		if s := outcomeOf(t, r, last); s.Outcome != plan.Failed || !strings.Contains(s.Error, "came to the repository meanwhile") {
			t.Errorf("%+v", s)
		}
		if _, err := w.bare.Resolve(t.Context(), repo, string(last)); fault.Is(err, fault.NotFound) {
			t.Error("it is gone")
		}
	})
}
