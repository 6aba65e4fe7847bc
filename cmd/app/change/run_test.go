package change_test

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"

	"regatta/cmd/app"
	"regatta/cmd/app/change"
	"regatta/cmd/config"
	"regatta/model/cleanup"
	"regatta/model/fault"
	"regatta/model/image"
	"regatta/model/journal"
	"regatta/model/plan"
	"regatta/model/ref"
	"regatta/registry/sandbox"
	"regatta/registry/store"
	"regatta/registry/survey"
)

// run carries out a plan to its end, and is what the journal says of it then.
func (w *world) run(p plan.Plan, title, undoOf string) journal.Run {
	w.Helper()
	r, err := change.Begin(w.Context(), w.App, p, title, undoOf)
	if err != nil {
		w.Fatal(err)
	}
	if _, err := r.Wait(); err != nil {
		w.Fatal(err)
	}
	return w.noted(r.ID())
}

func (w *world) noted(id string) journal.Run {
	w.Helper()
	r, err := w.App.Journal().Run(w.Context(), id)
	if err != nil {
		w.Fatal(err)
	}
	return r
}

// undo is the plan that undoes a run.
func (w *world) undo(r journal.Run) plan.Undo {
	w.Helper()
	u, err := w.Undo(w.Context(), r, change.Asked{})
	if err != nil {
		w.Fatal(err)
	}
	return u
}

func (w *world) points(tag string, want ref.Digest) {
	w.Helper()
	if d, _ := w.reg.Resolve("team/app", tag); d != string(want) {
		w.Errorf("%s points to %q, want %q", tag, d, want)
	}
}

// The newest run that changed anything is undone, then the one before it: never an undo, and
// none a second time.
func TestUndoTheNewest(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	if _, err := w.Newest(t.Context(), "look"); err == nil || fault.AdviceOf(err) != "look" {
		t.Errorf("of no runs: %v", err)
	}
	move := func(tag, to string) plan.Plan {
		return must(t)(w.Retag(t.Context(), []plan.Move{{From: at(tag), To: at(to)}}, change.Asked{}))
	}
	first := w.run(move("v1", "prod"), "first", "")
	second := w.run(move("v2", "prod"), "second", "")
	w.points("prod", w.two)
	for _, one := range []struct {
		undoes journal.Run
		leaves ref.Digest
	}{{second, w.one}, {first, ""}} {
		r, err := w.Newest(t.Context(), "")
		if err != nil || r.ID != one.undoes.ID {
			t.Fatalf("the newest is %q, want %q: %v", r.Title, one.undoes.Title, err)
		}
		u := w.undo(r)
		if len(u.Plan.Undoes) != len(r.Steps) {
			t.Errorf("the plan knows %d outcomes of %d", len(u.Plan.Undoes), len(r.Steps))
		}
		w.run(u.Plan, "undo", r.ID)
		w.points("prod", one.leaves)
		if _, err := w.Undo(t.Context(), w.noted(r.ID), change.Asked{}); !fault.Is(err, fault.Drift) {
			t.Errorf("once more: %v", err)
		}
	}
	if r, err := w.Newest(t.Context(), ""); err == nil {
		t.Errorf("then %q is undone", r.Title)
	}
}

// A plan without steps does not begin: its run would stand for an undo that brought nothing back.
func TestNothingDoesNotBegin(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	if _, err := change.Begin(t.Context(), w.App, plan.Plan{Registry: host}, "nothing", ""); !fault.Is(err, fault.Unsupported) {
		t.Errorf("%v", err)
	}
	if all, err := w.App.Journal().Runs(t.Context(), 9); err != nil || len(all) != 0 {
		t.Errorf("%d runs are written down: %v", len(all), err)
	}
}

// A record says what was done and whether an undo would bring it back.
func TestRecord(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r := w.run(must(t)(w.Delete(t.Context(), named("v1"), "", change.Asked{})), "delete one", "")
	before, err := w.Record(t.Context(), r.ID)
	if err != nil || !strings.Contains(before, "delete one") {
		t.Errorf("%v: %q", err, before)
	}
	w.run(w.undo(r).Plan, "undo", r.ID)
	after, err := w.Record(t.Context(), r.ID)
	if err != nil || after == before {
		t.Errorf("after its undo the record is the same: %v", err)
	}
	if _, err := w.Record(t.Context(), "nobody"); !fault.Is(err, fault.NotFound) {
		t.Errorf("of no run: %v", err)
	}
}

// A plan of before is compared with the registry as it is: what moved is drift, what runs by now
// is refused, and an image that has lost a layer is no target.
func TestCheck(t *testing.T) {
	t.Parallel()
	move := []plan.Move{{From: at("v1"), To: at("prod")}}
	for name, tt := range map[string]struct {
		since func(w *world)
		kind  fault.Kind
		o     change.Asked
	}{
		"nothing":                {func(*world) {}, fault.Unknown, change.Asked{}},
		"a tag that moved":       {func(w *world) { w.reg.Tag("team/app", "prod", string(w.bare), sandbox.Epoch()) }, fault.Drift, change.Asked{}},
		"a layer that went":      {func(w *world) { w.lacking() }, fault.Incomplete, change.Asked{}},
		"a layer, as is wanted":  {func(w *world) { w.lacking() }, fault.Unknown, change.Asked{NotWhole: true}},
		"another tag of another": {func(w *world) { w.reg.Tag("team/app", "v3", string(w.two), sandbox.Epoch()) }, fault.Unknown, change.Asked{}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.reg.Tag("team/app", "prod", string(w.two), sandbox.Epoch())
			was := must(t)(w.Retag(t.Context(), move, change.Asked{}))
			tt.since(w)
			_, err := (change.Planner{App: w.another()}).Check(t.Context(), was, tt.o)
			if ok := err == nil; ok != (tt.kind == fault.Unknown) || !ok && !fault.Is(err, tt.kind) {
				t.Errorf("%v", err)
			}
			drift := (*plan.DriftError)(nil)
			if tt.kind == fault.Drift && !errors.As(err, &drift) {
				t.Errorf("%T", err)
			}
		})
	}
	w := newWorld(t)
	was := must(t)(w.Delete(t.Context(), named("v1"), "", change.Asked{}))
	w.runs(host + "/team/app:v1")
	later := change.Planner{App: w.another()}
	if _, err := later.Check(t.Context(), was, change.Asked{}); !fault.Is(err, fault.InUse) {
		t.Errorf("what runs by now: %v", err)
	}
	if p := must(t)(later.Check(t.Context(), was, change.Asked{InUse: true})); len(p.Risks) == 0 {
		t.Error("what runs by now is no risk")
	}
}

// interrupted is a run of a plan that a program has begun, and left.
func (w *world) interrupted(p plan.Plan, steps ...int) journal.Run {
	w.Helper()
	gone := w.another()
	id, err := gone.Journal().Begin(w.Context(), journal.Run{Title: "left", Plan: p})
	if err != nil {
		w.Fatal(err)
	}
	for _, i := range steps {
		if err := gone.Journal().Intend(w.Context(), id, i, nil); err != nil {
			w.Fatal(err)
		}
	}
	if err := gone.Close(); err != nil {
		w.Fatal(err)
	}
	return w.noted(id)
}

// What is left of a run is what its steps would still do: what somebody else has changed is named
// and left out.
func TestRest(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	moves := []plan.Move{{From: at("v1"), To: at("prod")}, {From: at("v1"), To: at("test")}}
	r := w.interrupted(must(t)(w.Retag(t.Context(), moves, change.Asked{})))
	if r.State != journal.Interrupted {
		t.Fatalf("it is %s", r.State)
	}
	if p := must(t)(w.Rest(t.Context(), r, change.Asked{})); kinds(p) != "retag prod, retag test" {
		t.Errorf("all of it is left: %s", kinds(p))
	}
	w.reg.Tag("team/app", "test", string(w.two), sandbox.Epoch())
	p := must(t)(w.Rest(t.Context(), r, change.Asked{}))
	if kinds(p) != "retag prod" || !strings.Contains(strings.Join(p.Notes, "\n"), "test") {
		t.Errorf("%s, notes %q", kinds(p), p.Notes)
	}
}

// A run that had changed nothing is ended with the plan of its undo, and not offered again; one
// that had is not.
func TestEndIdle(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	move := []plan.Move{{From: at("v1"), To: at("prod")}}
	p := must(t)(w.Retag(t.Context(), move, change.Asked{}))
	idle := w.interrupted(p)
	ended, err := w.EndIdle(t.Context(), idle, w.undo(idle).Plan)
	if err != nil || !strings.Contains(strings.Join(ended.Notes, "\n"), "had changed nothing") {
		t.Errorf("notes %q: %v", ended.Notes, err)
	}
	if r := w.noted(idle.ID); !r.State.Ended() {
		t.Errorf("it is %s", r.State)
	}
	begun := w.interrupted(p, 0)
	w.reg.Tag("team/app", "prod", string(w.one), sandbox.Epoch())
	u := w.undo(begun)
	if kept, err := w.EndIdle(t.Context(), begun, u.Plan); err != nil || kept.Empty() || w.noted(begun.ID).State.Ended() {
		t.Errorf("of one that had changed something %s is left: %v", kinds(kept), err)
	}
	done := w.run(must(t)(w.Retag(t.Context(), []plan.Move{{From: at("v2"), To: at("test")}}, change.Asked{})), "done", "")
	if same, err := w.EndIdle(t.Context(), done, plan.Plan{}); err != nil || len(same.Notes) != 0 {
		t.Errorf("of one that ended %q: %v", same.Notes, err)
	}
}

// Rules never take what runs, what is protected by them, or what nothing selects; what goes is
// kept first where a layout is named.
func TestPrune(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.runs(host + "/team/app:v1")
	rules := cleanup.Rules{Match: []string{"*"}}
	in := w.pruning(rules)
	found, p, err := w.Prune(t.Context(), in, sandbox.Epoch(), change.Asked{})
	if err != nil || !p.Has(plan.Delete) || strings.Contains(kinds(p), "v1") {
		t.Fatalf("%s: %v", kinds(p), err)
	}
	for _, s := range p.Steps {
		if s.Digest == w.one {
			t.Errorf("what runs goes: %s", kinds(p))
		}
	}
	for i, v := range found.Verdicts {
		if kept := v.Outcome == cleanup.Kept; kept != (found.Stock.Images[i].Digest == w.one || found.Stock.Images[i].Digest == w.bare) {
			t.Errorf("%s: %v", found.Stock.Images[i].Tags, v.Outcome)
		}
	}
	in.Rules.Protected, in.Archive = []string{"v2"}, filepath.Join(t.TempDir(), "kept")
	if _, p, err = w.Prune(t.Context(), in, sandbox.Epoch(), change.Asked{}); err != nil || !p.Empty() {
		t.Errorf("what is protected goes: %s: %v", kinds(p), err)
	}
	in.Rules.Protected = nil
	_, p, err = w.Prune(t.Context(), in, sandbox.Epoch(), change.Asked{})
	if err != nil || !p.Has(plan.Pull) || p.Local != "oci:"+in.Archive {
		t.Errorf("kept in %q: %s: %v", p.Local, kinds(p), err)
	}
}

func (w *world) pruning(rules cleanup.Rules) change.Pruning {
	w.Helper()
	v, err := w.View(w.Context(), at(""), survey.Options{Referrers: true})
	if err != nil {
		w.Fatal(err)
	}
	b, err := w.App.Open(host)
	if err != nil {
		w.Fatal(err)
	}
	listed, err := change.List(w.Context(), b, "team/app")
	if err != nil {
		w.Fatal(err)
	}
	images := map[ref.Digest]image.Image{}
	for _, img := range listed {
		full, err := b.Describe(w.Context(), "team/app", img, false)
		if err != nil {
			w.Fatal(err)
		}
		images[full.Digest] = full
	}
	return change.Pruning{View: v, Stock: cleanup.NewStock(v.Graph, images), Rules: rules}
}

// On ECR an image is moved to the archive, and back; what is not there is not.
func TestArchiving(t *testing.T) {
	for name, value := range map[string]string{
		"AWS_ACCESS_KEY_ID": "AKIAEXAMPLE", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_SESSION_TOKEN": "", "AWS_PROFILE": "",
		"AWS_CONFIG_FILE": "/none", "AWS_SHARED_CREDENTIALS_FILE": "/none", "AWS_ENDPOINT_URL": "",
	} {
		t.Setenv(name, value)
	}
	reg := sandbox.New(sandbox.Options{Now: sandbox.Epoch, Auth: sandbox.Auth{AWS: true}})
	c := config.Default()
	c.Cache.Path = store.Memory
	p := change.Planner{App: app.New(sandbox.Epoch, c, app.Flags{})}
	p.App.Base = reg.Transport()
	t.Cleanup(func() { _, _ = p.App.Close(), reg.Close() })
	in := ref.Reference{Host: "111122223333.dkr.ecr.eu-central-1.amazonaws.com", Repository: "shop/mailer"}
	what := change.Named{In: in, Tags: []string{"v1.1.0"}}
	digest, _ := reg.Resolve(in.Repository, "v1.1.0")
	made := must(t)(p.Archive(t.Context(), what, change.Asked{}))
	if !made.Has(plan.Archive) || made.Steps[0].Digest != ref.Digest(digest) {
		t.Errorf("%s", kinds(made))
	}
	if back := must(t)(p.Restore(t.Context(), what)); !back.Empty() {
		t.Errorf("what is not archived is restored: %s", kinds(back))
	}
	reg.Archive(in.Repository, digest, sandbox.Epoch())
	byDigest := change.Named{In: in, Digests: []ref.Digest{ref.Digest(digest)}}
	if back := must(t)(p.Restore(t.Context(), byDigest)); !back.Has(plan.Restore) {
		t.Errorf("what is archived stays: %s", kinds(back))
	}
	if _, err := p.Archive(t.Context(), change.Named{In: in, Tags: []string{"nowhere"}}, change.Asked{}); !fault.Is(err, fault.NotFound) {
		t.Errorf("nowhere: %v", err)
	}
}
