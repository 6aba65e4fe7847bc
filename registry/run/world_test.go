package run_test

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"regatta/model/image"
	"regatta/model/journal"
	"regatta/model/plan"
	"regatta/model/ref"
	"regatta/registry/httpx"
	"regatta/registry/local"
	"regatta/registry/oci"
	"regatta/registry/run"
	"regatta/registry/sandbox"
	"regatta/registry/store"
	"regatta/registry/survey"
)

const (
	host = "registry.sandbox.localhost"
	repo = "shop/api"
)

func clock() time.Time { return time.Now() }

func must(tb testing.TB, err error) {
	tb.Helper()
	if err != nil {
		tb.Fatal(err)
	}
}

// world is a registry, a client with a cache, a journal and a runner.
type world struct {
	registry *sandbox.Registry // nil where it is a program of its own
	client   *oci.Client
	bare     *oci.Client // without a cache
	journal  *store.Journal
	runner   *run.Runner
	others   map[string]*oci.Client // further registries, by host
}

func newWorld(t *testing.T, o sandbox.Options) *world {
	t.Helper()
	o.Now, o.Empty = clock, true
	reg := sandbox.New(o)
	t.Cleanup(func() { _ = reg.Close() })
	w := connect(t, host, reg.Transport(), filepath.Join(t.TempDir(), "journal.db"))
	w.registry = reg
	return w
}

func connect(t *testing.T, at string, base http.RoundTripper, path string) *world {
	t.Helper()
	cache := store.Open(store.Options{Path: store.Memory, Now: clock})
	t.Cleanup(func() { _ = cache.Close() })
	tr := httpx.New(httpx.Options{
		Now: clock, Base: base, CertDirs: []string{}, Jitter: func(time.Duration) time.Duration { return time.Millisecond },
	})
	w := &world{
		client:  oci.New(at, oci.Options{Transport: tr, Now: clock, Cache: cache}),
		bare:    oci.New(at, oci.Options{Transport: tr, Now: clock}),
		journal: store.OpenJournal(t.Context(), store.JournalOptions{Path: path, Now: clock}),
	}
	t.Cleanup(func() { _ = w.journal.Close() })
	w.runner = run.New(run.Options{
		Journal: w.journal, Now: clock, Local: w.place, Open: func(at string) (run.Registry, error) {
			if other := w.others[at]; other != nil {
				return other, nil
			}
			return w.client, nil
		},
	})
	return w
}

// place opens a place on this machine.
func (w *world) place(name string) (local.Place, error) { return local.Open(name, local.Options{}) }

func (w *world) keeper() survey.Keeper { return survey.Keeper{Saved: w.journal, Place: w.place} }

// fill pushes two indexes that share a child, with a tag and a referrer each,
// and an image with two tags. It returns the digests by name.
func fill(reg *sandbox.Registry) map[string]ref.Digest {
	img := func(name string) string {
		return reg.PushImage(repo, sandbox.Image{Layers: []string{"base", name}, Created: time.Unix(1, 0)})
	}
	amd, shared, arm, twice := img("amd"), img("shared"), img("arm"), img("twice")
	one, two := reg.PushIndex(repo, amd, shared), reg.PushIndex(repo, shared, arm)
	sbom := reg.PushArtifact(repo, sandbox.Artifact{
		Type: "application/spdx+json", Subject: one, MediaType: "text/plain", Content: "sbom",
	})
	for tag, d := range map[string]string{"one": one, "uno": one, "two": two, "a": twice, "b": twice} {
		reg.Tag(repo, tag, d, time.Unix(2, 0))
	}
	return map[string]ref.Digest{
		"amd": ref.Digest(amd), "shared": ref.Digest(shared), "arm": ref.Digest(arm), "twice": ref.Digest(twice),
		"one": ref.Digest(one), "two": ref.Digest(two), "sbom": ref.Digest(sbom),
	}
}

// state is what is in the repository: tags with their digests, and the bytes of
// the manifests that are asked for.
func state(t *testing.T, c *oci.Client, digests map[string]ref.Digest) map[string]string {
	t.Helper()
	out := map[string]string{}
	for cursor := ""; ; {
		page, err := c.Images(t.Context(), repo, cursor)
		must(t, err)
		for _, img := range page.Images {
			d, err := c.Resolve(t.Context(), repo, img.Tags[0])
			must(t, err)
			out["tag "+img.Tags[0]] = string(d.Digest)
		}
		if cursor = page.Next; cursor == "" {
			break
		}
	}
	for name, d := range digests {
		if _, err := c.Resolve(t.Context(), repo, string(d)); err != nil {
			continue
		}
		m, err := c.Manifest(t.Context(), repo, string(d))
		must(t, err)
		must(t, d.Verify(m.Raw))
		out["manifest "+name] = m.MediaType
	}
	return out
}

func same(t *testing.T, want, got map[string]string) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Helper()
		t.Error(diff)
	}
}

// without is a state less some names.
func without(in map[string]string, names ...string) map[string]string {
	out := maps.Clone(in)
	maps.DeleteFunc(out, func(name, _ string) bool { return slices.Contains(names, name) })
	return out
}

func (w *world) view(t *testing.T, digests ...ref.Digest) plan.View {
	t.Helper()
	v, err := survey.View(t.Context(), w.client, repo, survey.Options{Digests: digests, Referrers: true})
	must(t, err)
	return v
}

func (w *world) planDelete(t *testing.T, s plan.Selection) plan.Plan {
	t.Helper()
	p, err := plan.ToDelete(w.view(t, s.Digests...), s, plan.Options{At: clock()})
	must(t, err)
	return p
}

func (w *world) planUntag(t *testing.T, tags ...string) plan.Plan {
	t.Helper()
	p, err := plan.ToUntag(w.view(t), tags, plan.Options{At: clock()})
	must(t, err)
	return p
}

func (w *world) run(t *testing.T, p plan.Plan, undoOf string) plan.Result {
	t.Helper()
	r, err := w.runner.Start(t.Context(), p, "a test", undoOf)
	must(t, err)
	result, err := r.Wait()
	must(t, err)
	return result
}

// undo undoes a run, which has to be possible.
func (w *world) undo(t *testing.T, id string) plan.Result {
	t.Helper()
	r := w.seen(t, id)
	u, err := survey.Undo(t.Context(), w.client, w.keeper(), r, plan.Options{At: clock()}, nil)
	must(t, err)
	if u.Verdict != plan.Possible {
		t.Fatalf("undo is %s: %+v", u.Verdict, u.Plan.Lost)
	}
	result := w.run(t, u.Plan, id)
	w.asSeen(t, r)
	return result
}

// seen is what shows of a run; the journal stays as it is.
func (w *world) seen(t *testing.T, id string) journal.Run {
	t.Helper()
	was, err := w.journal.Run(t.Context(), id)
	must(t, err)
	seen, err := w.runner.Seen(t.Context(), was)
	must(t, err)
	if still, err := w.journal.Run(t.Context(), id); err != nil || !cmp.Equal(ended(was), ended(still)) {
		t.Errorf("%v: looking made %v of %v", err, ended(still), ended(was))
	}
	return seen
}

// asSeen checks that the journal has now what was seen of a run before it was ended.
func (w *world) asSeen(t *testing.T, seen journal.Run) {
	t.Helper()
	now, err := w.journal.Run(t.Context(), seen.ID)
	must(t, err)
	if d := cmp.Diff(ended(seen), ended(now)); d != "" || !cmp.Equal(seen.AlsoGone(), now.AlsoGone()) {
		t.Errorf("planned with other outcomes than were found: %s", d)
	}
}

func ended(r journal.Run) []plan.Outcome {
	var out []plan.Outcome
	for _, s := range r.Steps {
		out = append(out, s.Outcome)
	}
	return out
}

func allDone(t *testing.T, r plan.Result) {
	t.Helper()
	if r.Done != len(r.Steps) {
		t.Fatalf("not all done: %+v", r)
	}
}

// notes is a journal in memory.
type notes struct{}

func (notes) Run(context.Context, string) (journal.Run, error)            { return journal.Run{}, nil }
func (notes) Begin(context.Context, journal.Run) (string, error)          { return "run", nil }
func (notes) Claim(context.Context, string) (journal.Run, error)          { return journal.Run{}, nil }
func (notes) End(context.Context, string, journal.State) error            { return nil }
func (notes) Intend(context.Context, string, int, []image.Manifest) error { return nil }
func (notes) Settle(context.Context, string, int, plan.Outcome, string) error {
	return nil
}

func tagName(i int) string { return fmt.Sprintf("t%03d", i) }

func (notes) KeepTags(context.Context, string, string, map[string]ref.Digest) error { return nil }

func (notes) KeptTags(context.Context, string) (map[string]map[string]ref.Digest, error) {
	return nil, nil
}

func (notes) Remark(context.Context, string, ...journal.Remark) error { return nil }
