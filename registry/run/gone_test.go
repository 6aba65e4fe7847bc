package run_test

import (
	"context"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"regatta/model/image"
	"regatta/model/journal"
	"regatta/model/plan"
	"regatta/model/ref"
	"regatta/registry/sandbox"
	"regatta/registry/store"
)

// Where the list afterwards fails it is not known what vanished, which is said.
func TestWhatCannotBeComparedIsSaid(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Options{})
	digests := fill(w.registry)
	p := w.planDelete(t, plan.Selection{Digests: []ref.Digest{digests["twice"]}})
	w.registry.Inject(sandbox.Fault{Method: http.MethodDelete, Times: 1, Effect: sandbox.Afterwards{Do: func() {
		w.registry.Inject(sandbox.Fault{
			Match: func(r *http.Request) bool { return strings.HasSuffix(r.URL.Path, "/tags/list") }, Effect: sandbox.Status{Code: 500},
		})
	}}})
	r := w.run(t, p, "")
	if len(r.AlsoGone) != 1 || !r.AlsoGone[0].Unknown || r.AlsoGone[0].Reference != host+"/"+repo {
		t.Errorf("also gone: %+v", r.AlsoGone)
	}
	book, err := w.journal.Run(t.Context(), r.Run)
	must(t, err)
	if book.State != journal.Partly || !slices.Equal(book.AlsoGone(), r.AlsoGone) {
		t.Errorf("the journal says %s: %+v", book.State, book.AlsoGone())
	}
}

// What vanished before the program was killed is named by whoever ends the run: by going
// on with it, and by undoing it.
func TestWhatVanishedBeforeAKillIsNamed(t *testing.T) {
	t.Parallel()
	for _, how := range []string{"resume", "undo"} {
		w := newWorld(t, sandbox.Options{})
		digests := fill(w.registry)
		p := w.planDelete(t, plan.Selection{Digests: []ref.Digest{digests["twice"]}})
		path := filepath.Join(t.TempDir(), "journal.db")
		before := store.OpenJournal(t.Context(), store.JournalOptions{Path: path, Now: clock})
		id, err := before.Begin(t.Context(), journal.Run{Plan: p, Title: "killed"})
		must(t, err)
		tags := map[string]ref.Digest{}
		for name, d := range state(t, w.bare, nil) {
			tags[strings.TrimPrefix(name, "tag ")] = ref.Digest(d)
		}
		must(t, before.KeepTags(t.Context(), id, repo, tags))
		m, err := w.client.Manifest(t.Context(), repo, string(digests["twice"]))
		must(t, err)
		must(t, before.Intend(t.Context(), id, 0, []image.Manifest{m}))
		w.registry.Tag(repo, "uno", string(digests["twice"]), clock()) // somebody else moves it, and it goes along
		must(t, w.client.DeleteManifest(context.WithoutCancel(t.Context()), repo, digests["twice"], "a", "b", "uno"))
		must(t, before.Close())
		w = connect(t, host, w.registry.Transport(), path)
		if how == "resume" {
			r, err := w.runner.Resume(t.Context(), id, false)
			must(t, err)
			_, err = r.Wait()
			must(t, err)
		} else {
			seen := w.seen(t, id)
			must(t, w.runner.Settle(t.Context(), id))
			w.asSeen(t, seen)
		}
		book, err := w.journal.Run(t.Context(), id)
		must(t, err)
		gone := book.AlsoGone()
		if len(gone) != 1 || !strings.HasPrefix(gone[0].Reference, host+"/"+repo+":uno@") {
			t.Errorf("%s: also gone: %+v", how, gone)
		}
		if kept, err := w.journal.KeptTags(t.Context(), id); err != nil || len(kept) != 0 {
			t.Errorf("%s: the tags are kept on: %v, %v", how, kept, err)
		}
		if u := w.undoOf(t, id); len(u.Plan.Lost) != 1 || u.Plan.Lost[0].Tags[0] != "uno" {
			t.Errorf("%s: undo says %+v", how, u.Plan.Lost)
		}
	}
}
