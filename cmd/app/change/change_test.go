package change_test

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"regatta/cmd/app"
	"regatta/cmd/app/change"
	"regatta/cmd/config"
	"regatta/model/fault"
	"regatta/model/plan"
	"regatta/model/ref"
	"regatta/registry/sandbox"
	"regatta/registry/store"
)

const host = "registry.example"

// world is a registry with a repository of three images: "one" and "two" have tags, "bare" has
// none; and what plans changes of it.
type world struct {
	change.Planner
	*testing.T

	reg            *sandbox.Registry
	one, two, bare ref.Digest
	journal        string
	uses           string // the file of references that are in use
}

func at(tag string) ref.Reference { return ref.Reference{Host: host, Repository: "team/app", Tag: tag} }

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{T: t, reg: sandbox.New(sandbox.Options{Now: sandbox.Epoch, Empty: true})}
	w.one, w.two, w.bare = w.push("one"), w.push("two"), w.push("bare")
	w.reg.Tag("team/app", "v1", string(w.one), sandbox.Epoch())
	w.reg.Tag("team/app", "v2", string(w.two), sandbox.Epoch())
	w.journal, w.uses = filepath.Join(t.TempDir(), "journal.db"), filepath.Join(t.TempDir(), "uses")
	w.runs()
	w.App = w.another()
	t.Cleanup(func() { _ = w.reg.Close() })
	return w
}

func (w *world) push(name string) ref.Digest {
	return ref.Digest(w.reg.PushImage("team/app", sandbox.Image{Layers: []string{name}, Labels: map[string]string{"name": name}}))
}

// another is a program that shares the journal.
func (w *world) another() *app.App {
	c := config.Default()
	c.Cache.Path = store.Memory
	c.Registries = []config.Registry{{Name: "team", Host: host, Usage: config.Usage{References: w.uses}}}
	a := app.New(sandbox.Epoch, c, app.Flags{})
	a.Base, a.JournalPath = w.reg.Transport(), w.journal
	w.Cleanup(func() { _ = a.Close() })
	return a
}

// runs says what is in use.
func (w *world) runs(references ...string) {
	w.Helper()
	if err := os.WriteFile(w.uses, []byte(strings.Join(references, "\n")), 0o600); err != nil {
		w.Fatal(err)
	}
}

// named are images by their tags.
func named(tags ...string) change.Named { return change.Named{In: at(""), Tags: tags, WithTags: true} }

// must is a plan that there has to be.
func must(t *testing.T) func(plan.Plan, error) plan.Plan {
	t.Helper()
	return func(p plan.Plan, err error) plan.Plan {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return p
	}
}

// kinds are the steps of a plan in a few words.
func kinds(p plan.Plan) string {
	var out []string
	for _, s := range p.Steps {
		out = append(out, string(s.Kind)+" "+s.Reference.Tag)
	}
	return strings.TrimSpace(strings.Join(out, ", "))
}

// lacking takes the layer of the image "one" away.
func (w *world) lacking() {
	w.Helper()
	b, err := w.App.Open(host)
	if err != nil {
		w.Fatal(err)
	}
	m, err := b.Manifest(w.Context(), "team/app", "v1")
	if err != nil {
		w.Fatal(err)
	}
	if !w.reg.DropBlob("team/app", string(m.Layers[0].Digest)) {
		w.Fatal("there is no such layer")
	}
}

// A plan only reads, also of a registry of which nobody knows what it deletes; it is tried where
// whoever asks has confirmed that.
func TestPlansOnlyRead(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	p := must(t)(w.Delete(t.Context(), named("v1"), "", change.Asked{}))
	must(t)(w.Untag(t.Context(), at(""), []string{"v2"}, change.Asked{}))
	must(t)(w.Retag(t.Context(), []plan.Move{{From: at("v1"), To: at("prod")}}, change.Asked{}))
	for _, r := range w.reg.Requests() {
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			t.Errorf("%s %s", r.Method, r.Path)
		}
	}
	if tried, err := change.Try(t.Context(), w.App, plan.Plan{Registry: host}); err != nil || tried {
		t.Errorf("nothing is removed, tried %v: %v", tried, err)
	}
	if tried, err := change.Try(t.Context(), w.App, p); err != nil || !tried {
		t.Errorf("before a delete tried %v: %v", tried, err)
	}
	w.reg.ResetRequests()
	if tried, err := change.Try(t.Context(), w.App, p); err != nil || tried || len(w.reg.Requests()) != 0 {
		t.Errorf("what is known, tried %v, %d requests: %v", tried, len(w.reg.Requests()), err)
	}
	eager := newWorld(t)
	eager.Tries = true
	must(t)(eager.Delete(t.Context(), named("v1"), "", change.Asked{}))
	if tried, err := change.TryIn(t.Context(), eager.App, at("")); err != nil || tried {
		t.Errorf("it was tried with the plan, and again %v: %v", tried, err)
	}
}

// What runs is not deleted, untagged or moved away from, unless whoever asks says so: then it is
// a risk of its own.
func TestInUse(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.runs(host + "/team/app@" + string(w.one))
	move := []plan.Move{{From: at("v2"), To: at("v1")}}
	for name, change := range map[string]func(change.Asked) (plan.Plan, error){
		"delete": func(o change.Asked) (plan.Plan, error) { return w.Delete(t.Context(), named("v1"), "", o) },
		"by digest": func(o change.Asked) (plan.Plan, error) {
			return w.Delete(t.Context(), change.Named{In: at(""), Digests: []ref.Digest{w.one}, WithTags: true}, "", o)
		},
	} {
		if _, err := change(asked(false)); !fault.Is(err, fault.InUse) {
			t.Errorf("%s: %v", name, err)
		}
		if p := must(t)(change(asked(true))); !p.Typed() || p.Empty() {
			t.Errorf("%s: risks %v", name, p.Risks)
		}
	}
	for name, made := range map[string]func(change.Asked) (plan.Plan, error){
		"untag": func(o change.Asked) (plan.Plan, error) { return w.Untag(t.Context(), at(""), []string{"v1"}, o) },
		"retag": func(o change.Asked) (plan.Plan, error) { return w.Retag(t.Context(), move, o) },
	} {
		if p, err := made(asked(true)); err != nil || len(p.Risks) == 0 {
			t.Errorf("%s: risks %v: %v", name, p.Risks, err)
		}
	}
	w.runs("no reference")
	if _, err := (change.Planner{App: w.another()}).Delete(t.Context(), named("v2"), "", change.Asked{}); !fault.Is(err, fault.Unprotected) {
		t.Errorf("nobody says what runs: %v", err)
	}
}

func asked(inUse bool) change.Asked { return change.Asked{InUse: inUse} }

// An image goes with its tags only where that is asked for, and is kept in a layout first if one
// is named; of nothing, nothing is kept.
func TestDelete(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.reg.Tag("team/app", "also", string(w.one), sandbox.Epoch())
	what := named("v1")
	what.WithTags = false
	if _, err := w.Delete(t.Context(), what, "", change.Asked{}); err == nil || !strings.Contains(err.Error(), "also") {
		t.Errorf("the other tag would go along: %v", err)
	}
	dir := filepath.Join(t.TempDir(), "kept")
	p := must(t)(w.Delete(t.Context(), named("v1"), dir, change.Asked{}))
	if !p.Has(plan.Pull) || p.Steps[0].Kind != plan.Pull || p.Local != "oci:"+dir {
		t.Errorf("in %q: %s", p.Local, kinds(p))
	}
	if _, err := os.Stat(dir); err == nil {
		t.Error("the plan wrote it already")
	}
	if p := must(t)(w.Delete(t.Context(), named("v1"), "", change.Asked{})); p.Has(plan.Pull) || p.Local != "" {
		t.Errorf("without a layout, in %q: %s", p.Local, kinds(p))
	}
	if _, err := w.Delete(t.Context(), named("nowhere"), dir, change.Asked{}); !fault.Is(err, fault.NotFound) {
		t.Errorf("nowhere: %v", err)
	}
	if _, err := w.Delete(t.Context(), named("v1"), "\x00", change.Asked{}); err == nil {
		t.Error("a layout with a name that is none")
	}
}

// A tag is pointed at what can be pulled whole, or it is asked for; across repositories the image
// is copied, and it is said what stays behind.
func TestRetag(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	move := []plan.Move{{From: at("v1"), To: at("prod")}}
	if p := must(t)(w.Retag(t.Context(), move, change.Asked{})); kinds(p) != "retag prod" || p.Steps[0].Digest != w.one {
		t.Errorf("%s", kinds(p))
	}
	bare := at("")
	bare.Digest = w.bare
	p := must(t)(w.Retag(t.Context(), []plan.Move{{From: bare, To: at("prod")}}, change.Asked{}))
	if kinds(p) != "retag prod" || p.Steps[0].Digest != w.bare {
		t.Errorf("by digest: %s", kinds(p))
	}
	elsewhere := []plan.Move{{From: at("v1"), To: ref.Reference{Host: host, Repository: "team/other", Tag: "v1"}}}
	p = must(t)(w.Retag(t.Context(), elsewhere, change.Asked{}))
	if !p.Has(plan.CopyBlob) || !strings.Contains(strings.Join(p.Notes, "\n"), "referrers stay behind") {
		t.Errorf("%s, notes %q", kinds(p), p.Notes)
	}
	if _, err := w.Retag(t.Context(), []plan.Move{{From: at("nowhere"), To: at("prod")}}, change.Asked{}); !fault.Is(err, fault.NotFound) {
		t.Errorf("nowhere: %v", err)
	}
	w.lacking()
	if _, err := w.Retag(t.Context(), move, change.Asked{}); !fault.Is(err, fault.Incomplete) {
		t.Errorf("without its layer: %v", err)
	}
	if p := must(t)(w.Retag(t.Context(), move, change.Asked{NotWhole: true})); len(p.Risks) == 0 {
		t.Error("without its layer, and no risk")
	}
}

// What refers to an image is copied where that is asked for, and else it is said that it is not.
func TestCopy(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.reg.PushArtifact("team/app", sandbox.Artifact{Type: "application/x-sig", Subject: string(w.one), MediaType: "a/b", Content: "signed"})
	to := []plan.Move{{From: at("v1"), To: ref.Reference{Host: host, Repository: "team/other", Tag: "v1"}}}
	alone := must(t)(w.Copy(t.Context(), to, false, change.Asked{}))
	with := must(t)(w.Copy(t.Context(), to, true, change.Asked{}))
	if len(with.Steps) <= len(alone.Steps) || strings.Contains(strings.Join(with.Notes, "\n"), "stay behind") {
		t.Errorf("%d steps alone, with referrers %d: %q", len(alone.Steps), len(with.Steps), with.Notes)
	}
	w.lacking()
	if _, err := w.Copy(t.Context(), to, false, change.Asked{}); err == nil {
		t.Error("what is nowhere is copied")
	}
}

// A file holds one image, of one platform; a directory any number of them.
func TestPull(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	dir := t.TempDir()
	both := []ref.Reference{at("v1"), at("v2")}
	if _, err := w.Pull(t.Context(), both, "docker-archive:"+filepath.Join(dir, "both.tar"), nil); !app.IsMistake(err) {
		t.Errorf("two in a file: %v", err)
	}
	p := must(t)(w.Pull(t.Context(), both, "oci:"+filepath.Join(dir, "both"), nil))
	if n := len(p.Steps); n != 2 || len(p.Risks) != 0 {
		t.Errorf("two in a directory: %s, risks %v", kinds(p), p.Risks)
	}
	file := filepath.Join(dir, "one.tar")
	p = must(t)(w.Pull(t.Context(), both[:1], "docker-archive:"+file, nil))
	if again := must(t)(w.Landing(p)); len(again.Risks) != 0 {
		t.Errorf("nothing is there: %v", again.Risks)
	}
	if err := os.WriteFile(file, []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	there := change.Planner{App: w.another()}
	again, err := there.Landing(p)
	if said := strings.Join(again.Notes, "\n"); err == nil && len(again.Risks) == 0 && !strings.Contains(said, "one.tar") {
		t.Errorf("what is there is written over: %q, risks %v", said, again.Risks)
	}
	if same := must(t)(w.Landing(plan.Plan{Registry: host})); same.Local != "" || len(same.Risks)+len(same.Notes) != 0 {
		t.Errorf("a plan that writes nothing: %+v", same)
	}
	if _, err := w.Pull(t.Context(), both, "", nil); err == nil {
		t.Error("a place that is none")
	}
}
