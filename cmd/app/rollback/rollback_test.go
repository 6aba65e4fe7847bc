package rollback_test

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"regatta/cmd/app"
	"regatta/cmd/app/change"
	"regatta/cmd/app/rollback"
	"regatta/cmd/config"
	"regatta/model/fault"
	"regatta/model/journal"
	"regatta/model/plan"
	"regatta/model/ref"
	model "regatta/model/rollback"
	"regatta/model/usage"
	"regatta/registry/sandbox"
	"regatta/registry/store"
)

const host = "registry.example"

// world is a repository of which "prod" was moved from "good" to "bad" by this machine.
type world struct {
	*testing.T

	app       *app.App
	reg       *sandbox.Registry
	good, bad ref.Digest
}

func at(tag string) ref.Reference { return ref.Reference{Host: host, Repository: "team/app", Tag: tag} }

func newWorld(t *testing.T) *world {
	t.Helper()
	w := &world{T: t, reg: sandbox.New(sandbox.Options{Now: sandbox.Epoch, Empty: true})}
	w.good, w.bad = w.push("good"), w.push("bad")
	c := config.Default()
	c.Cache.Path = store.Memory
	c.Registries = []config.Registry{{Name: "team", Host: host}}
	w.app = app.New(sandbox.Epoch, c, app.Flags{})
	w.app.Base, w.app.JournalPath = w.reg.Transport(), filepath.Join(t.TempDir(), "journal.db")
	t.Cleanup(func() { _, _ = w.app.Close(), w.reg.Close() })
	w.reg.Tag("team/app", "prod", string(w.good), sandbox.Epoch())
	p, err := change.Planner{App: w.app}.Retag(t.Context(), []plan.Move{{From: at("bad"), To: at("prod")}}, change.Asked{})
	if err != nil {
		t.Fatal(err)
	}
	w.run(p)
	return w
}

func (w *world) push(name string) ref.Digest {
	d := w.reg.PushImage("team/app", sandbox.Image{Layers: []string{name}})
	w.reg.Tag("team/app", name, d, sandbox.Epoch())
	return ref.Digest(d)
}

func (w *world) run(p plan.Plan, remarks ...journal.Remark) plan.Result {
	w.Helper()
	r, err := change.Begin(w.Context(), w.app, p, "a change", "", remarks...)
	if err != nil {
		w.Fatal(err)
	}
	done, err := r.Wait()
	if err != nil {
		w.Fatal(err)
	}
	return done
}

func (w *world) noted(id string) journal.Run {
	w.Helper()
	r, err := w.app.Journal().Run(w.Context(), id)
	if err != nil {
		w.Fatal(err)
	}
	return r
}

// read is prod on its way back.
func (w *world) read(to, keep string) *rollback.Case {
	w.Helper()
	l, err := rollback.Read(w.Context(), w.app, at("prod"), to, keep)
	if err != nil {
		w.Fatal(err)
	}
	return l
}

// dropLayer takes away the layer of the image of a tag.
func (w *world) dropLayer(tag string) {
	w.Helper()
	b, err := w.app.Open(host)
	if err != nil {
		w.Fatal(err)
	}
	m, err := b.Manifest(w.Context(), "team/app", tag)
	if err != nil {
		w.Fatal(err)
	}
	w.reg.DropBlob("team/app", string(m.Layers[0].Digest))
}

// A tag goes back to what is named, or to what it pointed to before; a name that is none is a
// mistake, and one of nothing is not found.
func TestTarget(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for to, want := range map[string]ref.Digest{rollback.Previous: w.good, "good": w.good, string(w.good): w.good, "bad": w.bad} {
		l := w.read(to, "")
		if l.Target.Digest != want || l.Shown != w.bad {
			t.Errorf("%s is %s", to, l.Target.Digest)
		}
	}
	if _, err := rollback.Read(t.Context(), w.app, at("prod"), "no name!", ""); !app.IsMistake(err) {
		t.Errorf("no name: %v", err)
	}
	if _, err := rollback.Read(t.Context(), w.app, at("prod"), "nowhere", ""); !fault.Is(err, fault.NotFound) {
		t.Errorf("nowhere: %v", err)
	}
	if _, err := rollback.Read(t.Context(), w.app, at("nowhere"), rollback.Previous, ""); !fault.Is(err, fault.NotFound) {
		t.Errorf("no such tag: %v", err)
	}
	d := w.reg.PushImage("team/other", sandbox.Image{Layers: []string{"x"}})
	w.reg.Tag("team/other", "prod", d, sandbox.Epoch())
	alone := ref.Reference{Host: host, Repository: "team/other", Tag: "prod"}
	if _, err := rollback.Read(t.Context(), w.app, alone, rollback.Previous, ""); !fault.Is(err, fault.NotFound) {
		t.Errorf("nothing is known of it: %v", err)
	}
}

// What is not whole is no target; a registry that is read-only lets nothing go back.
func TestBarred(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	if err := rollback.Barred([]*rollback.Case{w.read("good", "")}); err != nil {
		t.Errorf("nothing stands against it: %v", err)
	}
	w.app.Flags.ReadOnly = true
	if err := rollback.Barred([]*rollback.Case{w.read("good", "")}); !app.IsRefusal(err) {
		t.Errorf("read-only: %v", err)
	}
	w.app.Flags.ReadOnly = false
	w.dropLayer("good")
	if err := rollback.Barred([]*rollback.Case{w.read("good", "")}); !app.IsRefusal(err) {
		t.Errorf("without its layer: %v", err)
	}
}

// What is left behind is kept under a tag of its own where that is wanted, unless it is not
// whole.
func TestKeep(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	tags := func(keep string) (out []string, notes string) {
		l := w.read("good", keep)
		p, err := rollback.Plan(t.Context(), w.app, []*rollback.Case{l}, keep)
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range p.Steps {
			out = append(out, strings.TrimRight(s.Reference.Tag, "-0123456789"))
		}
		slices.Sort(out)
		return out, strings.Join(p.Notes, "\n")
	}
	if got, _ := tags("was"); !slices.Equal(got, []string{"prod", "was"}) {
		t.Errorf("kept: %q", got)
	}
	if got, _ := tags(""); !slices.Equal(got, []string{"prod"}) {
		t.Errorf("not kept: %q", got)
	}
	w.dropLayer("bad")
	if got, notes := tags("was"); !slices.Equal(got, []string{"prod"}) || !strings.Contains(notes, "no tag keeps what prod leaves") {
		t.Errorf("not whole: %q, notes %q", got, notes)
	}
	for given, want := range map[string]string{"": rollback.DefaultKeep, "none": "", "was-": "was-"} {
		w.app.Config.Rollback.Keep = given
		if got := rollback.KeepPrefix(w.app); got != want {
			t.Errorf("%q keeps under %q", given, got)
		}
	}
}

// After a rollback the tag is read back: only what points where it was to, and can be pulled
// whole, is fine. What was found belongs to the run.
func TestReadBack(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		meanwhile func(w *world)
		ok        bool
		said      string
	}{
		"nothing":     {func(*world) {}, true, "all of which is there"},
		"it moved":    {func(w *world) { w.reg.Tag("team/app", "prod", string(w.bad), sandbox.Epoch()) }, false, ""},
		"it vanished": {func(w *world) { w.reg.Untag("team/app", "prod") }, false, ""},
		"a layer":     {func(w *world) { w.dropLayer("good") }, false, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			l := w.read("good", "")
			p, err := rollback.Plan(t.Context(), w.app, []*rollback.Case{l}, "")
			if err != nil {
				t.Fatal(err)
			}
			done := w.run(p)
			if !rollback.Moved(done, at("prod")) || rollback.Moved(done, at("good")) {
				t.Error("it has not moved, or another one has")
			}
			tt.meanwhile(w)
			found := l.ReadBack(t.Context())
			if found.OK != tt.ok || !strings.Contains(found.Text, tt.said) || found.Text == "" {
				t.Errorf("%+v", found)
			}
			c := rollback.Concluded{Result: done, Verified: []rollback.ReadBack{found}}
			if err := c.Remember(t.Context(), w.app); err != nil {
				t.Fatal(err)
			}
			told := w.noted(done.Run).About(journal.Verified)
			bad := slices.ContainsFunc(told, func(r journal.Remark) bool { return r.Level != rollback.Level(true) })
			if len(told) == 0 || !strings.Contains(told[0].Text, "team/app:prod tag: ") || bad == tt.ok {
				t.Errorf("written down: %+v", told)
			}
			if c.Run = ""; c.Remember(t.Context(), w.app) != nil {
				t.Error("without a run there is nothing to write down")
			}
		})
	}
	failed := plan.Result{Steps: []plan.StepResult{{Kind: plan.Retag, Reference: at("prod").String(), Outcome: plan.Failed}}}
	if rollback.Moved(failed, at("prod")) {
		t.Error("a step that failed has moved a tag")
	}
}

// The next candidate is the first after the target that nobody has rolled back from.
func TestNext(t *testing.T) {
	t.Parallel()
	one, two, three := ref.DigestOf([]byte("1")), ref.DigestOf([]byte("2")), ref.DigestOf([]byte("3"))
	l := &rollback.Case{Candidates: []model.Candidate{{Digest: one}, {Digest: two, Bad: true}, {Digest: three}}}
	for target, want := range map[ref.Digest]string{one: string(three), two: string(three), three: "", "": ""} {
		l.Target.Digest = target
		if got := rollback.NextName(l); got != want {
			t.Errorf("after %s comes %q", target, got)
		}
	}
	l.Target.Digest, l.Candidates[2].Tags = one, []string{"v1", "v1.0"}
	if got := rollback.NextName(l); got != "v1" {
		t.Errorf("it is called %q", got)
	}
	if got := rollback.Typed([]ref.Reference{at("prod"), {Host: host, Repository: "team/web", Tag: "prod"}, at("test")}); got != "prod test" {
		t.Errorf("%q is typed", got)
	}
}

// Who runs a part of the target runs the target; who runs another digest under the tag, or
// under none, is pinned; what is only listed, or follows another tag, is not.
func TestPinned(t *testing.T) {
	t.Parallel()
	index, child, other := ref.DigestOf([]byte("i")), ref.DigestOf([]byte("c")), ref.DigestOf([]byte("o"))
	l := &rollback.Case{}
	l.Facts.Tag, l.Facts.Current = at("prod"), other
	for name, tt := range map[string]struct {
		how    usage.How
		tag    string
		digest ref.Digest
		pinned bool
	}{
		"the target":       {usage.Task, "prod", index, false},
		"a part of it":     {usage.Task, "prod", child, false},
		"another":          {usage.Task, "prod", other, true},
		"without a tag":    {usage.Deployment, "", other, true},
		"of another tag":   {usage.Task, "test", other, false},
		"follows the tag":  {usage.Task, "prod", "", false},
		"listed in a file": {usage.Listed, "prod", other, false},
	} {
		r := at(tt.tag)
		r.Digest = tt.digest
		l.Facts.Uses = []usage.Use{{How: tt.how, Image: r}}
		if _, pinned := l.Users([]ref.Digest{index, child}); len(pinned) == 1 != tt.pinned {
			t.Errorf("%s: pinned %v", name, pinned)
		}
	}
	l.Target.Digest, l.Manifests = index, []ref.Digest{index, child}
	if got := l.Parts(); !slices.Equal(got, []ref.Digest{index, child}) {
		t.Errorf("its parts are %v", got)
	}
}

// Of all runs a rollback alone was checked before it began; of its tags those went back that
// were there, and pointed to something else.
func TestGoneBack(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	step := func(tag string, kind plan.Kind, from, to ref.Digest) plan.Step {
		return plan.Step{Kind: kind, Reference: at(tag), Digest: to, Expect: plan.Expect{Digest: from}}
	}
	r := journal.Run{
		Remarks: []journal.Remark{{About: journal.Checked}},
		Plan: plan.Plan{Registry: host, Steps: []plan.Step{
			step("prod", plan.Retag, w.bad, w.good), step("kept", plan.Retag, "", w.bad), step("same", plan.Retag, w.bad, w.bad),
			step("gone", plan.Untag, w.bad, w.good),
		}},
	}
	if got, err := rollback.GoneBack(w.app, r); err != nil || len(got) != 1 || got[0].Facts.Tag != at("prod") || got[0].Target.Digest != w.good {
		t.Errorf("%d: %v", len(got), err)
	}
	undo, other := r, r
	undo.UndoOf, other.Remarks = "abc", nil
	for _, no := range []journal.Run{undo, other} {
		if got, err := rollback.GoneBack(w.app, no); err != nil || len(got) != 0 {
			t.Errorf("%d tags of what is no rollback: %v", len(got), err)
		}
	}
}

// A rollback is followed from its plan to its end: what was checked is written down with it,
// what was read back once.
func TestFollowing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	goal := model.Goal{Tag: at("prod"), From: w.bad, To: model.Candidate{Digest: w.good, Tags: []string{"good"}}}
	f := rollback.Follow(w.app, []model.Goal{goal})
	if got := f.Title(); got != "prod of team/app to good" {
		t.Errorf("it is called %q", got)
	}
	stale := goal
	stale.From = w.good
	if _, err := rollback.Follow(w.app, []model.Goal{stale}).Plan(t.Context()); err == nil {
		t.Error("it was chosen for another image than is there, and nothing is said")
	}
	p, err := f.Plan(t.Context())
	if err != nil || len(f.Remarks()) == 0 {
		t.Fatalf("%d remarks: %v", len(f.Remarks()), err)
	}
	done := w.run(p, f.Remarks()...)
	f.Started(done.Run)
	for range 2 {
		s, err := f.Look(t.Context(), false)
		if err != nil || s.Watching || s.Deployed || len(s.Tags) != 1 || len(model.Blocked(s.Tags[0].Checks)) != 0 {
			t.Errorf("%+v: %v", s, err)
		}
	}
	once := len(w.noted(done.Run).About(journal.Verified))
	if s, _ := f.Look(t.Context(), false); once == 0 || once != len(s.Tags[0].Checks) {
		t.Errorf("%d remarks of what was read back", once)
	}
	if err := f.Note(t.Context(), "it\nfailed"); err != nil || w.noted(done.Run).About(journal.Why)[0].Text != "it failed" {
		t.Errorf("why: %v", err)
	}
	moved := rollback.Follow(w.app, []model.Goal{goal})
	if _, err := moved.Plan(t.Context()); err == nil {
		t.Error("what the tag points to is not what was shown, and nothing is said")
	}
}
