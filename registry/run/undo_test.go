package run_test

import (
	"errors"
	"net/http"
	"path/filepath"
	"sync"
	"testing"

	"regatta/model/fault"
	"regatta/model/image"
	"regatta/model/journal"
	"regatta/model/plan"
	"regatta/model/ref"
	"regatta/registry/peertest"
	"regatta/registry/run"
	"regatta/registry/sandbox"
	"regatta/registry/store"
	"regatta/registry/survey"
)

// undoOf is what the undo of a run is planned as.
func (w *world) undoOf(t *testing.T, id string) plan.Undo {
	t.Helper()
	r, err := w.journal.Run(t.Context(), id)
	must(t, err)
	u, err := survey.Undo(t.Context(), w.client, w.keeper(), r, plan.Options{At: clock()}, nil)
	must(t, err)
	return u
}

// An index that lacks a child goes back as it was, where the registry takes it; the
// plan of the delete says before that it may not.
func TestAnIndexWithoutAChildComesBack(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Options{Quirks: sandbox.Quirks{SparseIndexes: true}})
	digests := fill(w.registry)
	w.registry.DropManifest(repo, string(digests["amd"]))
	delete(digests, "amd")
	first := state(t, w.bare, digests)
	p := w.planDelete(t, plan.Selection{Digests: []ref.Digest{digests["one"]}})
	if len(p.Lost) != 1 || p.Lost[0].Digest != digests["one"] || !p.Lost[0].Maybe || len(p.Lost[0].Tags) != 2 || p.Loses() {
		t.Fatalf("the plan says %+v", p.Lost)
	}
	r := w.run(t, p, "")
	allDone(t, r)
	u := w.undoOf(t, r.Run)
	if u.Verdict != plan.Partial || u.Plan.Loses() {
		t.Errorf("%s: %+v", u.Verdict, u.Plan.Lost)
	}
	allDone(t, w.run(t, u.Plan, r.Run))
	same(t, first, state(t, w.bare, digests))
	book, err := w.journal.Run(t.Context(), r.Run)
	must(t, err)
	if len(book.Undone) != 1 {
		t.Errorf("undone by %v", book.Undone)
	}
}

// Distribution refuses such an index: the undo says so, is not called done, and
// everything else comes back.
func TestAnIndexThatTheRegistryRefusesToTakeBack(t *testing.T) {
	t.Parallel()
	for _, peer := range peertest.Peers() {
		t.Run(peer.Name, func(t *testing.T) {
			t.Parallel()
			at := peertest.Start(t, peer, peertest.Options{})
			digests := fillPeer(t, at.Host)
			w := connect(t, at.Host, nil, filepath.Join(t.TempDir(), "journal.db"))
			must(t, w.client.DeleteManifest(t.Context(), repo, digests["amd"]))
			p := w.planDelete(t, plan.Selection{Digests: []ref.Digest{digests["one"], digests["twice"]}})
			if len(p.Lost) != 1 || !p.Lost[0].Maybe {
				t.Errorf("the plan says %+v", p.Lost)
			}
			r := w.run(t, p, "")
			allDone(t, r)
			undone := w.run(t, w.undoOf(t, r.Run).Plan, r.Run)
			if undone.Failed != 1 || undone.Skipped != 2 { // the index, and its two tags
				t.Errorf("%d failed, %d skipped: %+v", undone.Failed, undone.Skipped, undone.Steps)
			}
			if d, err := w.bare.Resolve(t.Context(), repo, "a"); err != nil || d.Digest != digests["twice"] {
				t.Errorf("a is %v, %v", d.Digest, err)
			}
			book, err := w.journal.Run(t.Context(), r.Run)
			must(t, err)
			if len(book.Undone) != 0 || len(book.UndoneInPart) != 1 {
				t.Errorf("undone by %v, in part by %v", book.Undone, book.UndoneInPart)
			}
		})
	}
}

// What the plan says that it loses is what its undo loses.
func TestThePlanSaysWhatItsUndoSays(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Options{})
	digests := fill(w.registry)
	old := w.registry.PushRaw(repo, image.MediaTypeDockerSchema1, []byte(
		`{"schemaVersion":1,"name":"shop/api","tag":"old","architecture":"amd64","fsLayers":[],"history":[]}`))
	w.registry.Tag(repo, "old", old, clock())
	for name, p := range map[string]plan.Plan{
		"delete": w.planDelete(t, plan.Selection{Digests: []ref.Digest{ref.Digest(old), digests["twice"]}}),
		"untag":  w.planUntag(t, "old", "a"),
	} {
		ran := plan.Ran{Plan: p, Saved: map[ref.Digest]plan.Manifest{}}
		for _, s := range p.Steps {
			ran.Outcomes = append(ran.Outcomes, plan.Done)
			m, err := w.client.Manifest(t.Context(), repo, string(s.Digest))
			must(t, err)
			ran.Saved[s.Digest] = plan.Manifest{MediaType: m.MediaType, Raw: m.Raw}
		}
		u := plan.Inverse(ran, nil, w.client.CanDelete(), plan.Options{At: clock()})
		if len(p.Lost) != 1 || len(u.Plan.Lost) != 1 || p.Lost[0].Digest != ref.Digest(old) ||
			p.Lost[0].Reason != u.Plan.Lost[0].Reason || !p.Loses() {
			t.Errorf("%s: the plan says %+v, its undo %+v", name, p.Lost, u.Plan.Lost)
		}
	}
}

// Whoever undoes a run that was interrupted ends it, so that nobody resumes it.
func TestUndoEndsWhatWasInterrupted(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Options{})
	digests := fill(w.registry)
	first := state(t, w.bare, digests)
	path := filepath.Join(t.TempDir(), "journal.db")
	before := store.OpenJournal(t.Context(), store.JournalOptions{Path: path, Now: clock})
	p := w.planUntag(t, "a", "b")
	id, err := before.Begin(t.Context(), journal.Run{Plan: p, Title: "interrupted"})
	must(t, err)
	m, err := w.client.Manifest(t.Context(), repo, "a")
	must(t, err)
	must(t, before.Intend(t.Context(), id, 0, []image.Manifest{m}))
	must(t, w.client.DeleteTag(t.Context(), repo, "a", ""))
	must(t, before.Close())
	w = connect(t, host, w.registry.Transport(), path)
	allDone(t, w.run(t, w.undoOf(t, id).Plan, id))
	same(t, first, state(t, w.bare, digests))
	r, err := w.journal.Run(t.Context(), id)
	must(t, err)
	if r.State != journal.Cancelled || len(r.Undone) != 1 {
		t.Errorf("it is %s, undone by %v", r.State, r.Undone)
	}
}

// Of two undos at the same moment one acts, and the other is told of it.
func TestTwoUndosOfOneRun(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Options{})
	fill(w.registry)
	r := w.run(t, w.planUntag(t, "a"), "")
	plans := []plan.Undo{w.undoOf(t, r.Run), w.undoOf(t, r.Run)}
	results := make([]error, len(plans))
	var all sync.WaitGroup
	for i, u := range plans {
		all.Go(func() {
			undo, err := w.runner.Start(t.Context(), u.Plan, "undo", r.Run)
			if err == nil {
				_, err = undo.Wait()
			}
			results[i] = err
		})
	}
	all.Wait()
	told := 0
	for _, err := range results {
		if fault.Is(err, fault.Drift) {
			told++
		}
	}
	if told != 1 || results[0] != nil && results[1] != nil {
		t.Errorf("%v", results)
	}
	runs, err := w.journal.Runs(t.Context(), 10)
	must(t, err)
	if len(runs) != 2 {
		t.Errorf("%d runs", len(runs))
	}
}

// A run whose registry cannot be opened when it is resumed does not stay under way.
func TestResumeWithoutARegistry(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Options{})
	fill(w.registry)
	w.registry.Inject(sandbox.Fault{Method: http.MethodDelete, Effect: sandbox.Status{Code: http.StatusForbidden}})
	r := w.run(t, w.planUntag(t, "a"), "")
	if r.Failed != 1 {
		t.Fatalf("%+v", r)
	}
	broken := errors.New("no such host")
	runner := run.New(run.Options{
		Journal: w.journal, Now: clock, Open: func(string) (run.Registry, error) { return nil, broken },
	})
	if _, err := runner.Resume(t.Context(), r.Run, false); !errors.Is(err, broken) {
		t.Errorf("%v", err)
	}
	book, err := w.journal.Run(t.Context(), r.Run)
	must(t, err)
	if !book.State.Ended() {
		t.Errorf("it is %s", book.State)
	}
	w.registry.ClearFaults()
	again, err := w.runner.Resume(t.Context(), r.Run, false)
	must(t, err)
	result, err := again.Wait()
	must(t, err)
	allDone(t, result)
}

// The tags cannot be listed when it is proved that they are gone: each is looked at
// by itself, and what is not gone is not done.
func TestTheProofWithoutAList(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Options{})
	tags, _ := many(w, 40)
	p := w.planUntag(t, tags...)
	last := p.Steps[39].Reference.Tag
	w.registry.Inject(sandbox.Fault{
		Method: http.MethodDelete, Effect: sandbox.Status{Code: http.StatusAccepted},
		Match: func(r *http.Request) bool { return r.URL.Path == "/v2/"+repo+"/manifests/"+last },
	})
	w.registry.Inject(sandbox.Fault{
		Prefix: "/v2/" + repo + "/tags/list", Effect: sandbox.Status{Code: http.StatusForbidden},
	})
	r := w.run(t, p, "")
	if r.Done != 39 || r.Failed != 1 || r.Steps[39].Outcome != plan.Failed {
		t.Errorf("%d done, %d failed: %+v", r.Done, r.Failed, r.Steps[39])
	}
}
