package cli

import (
	"net/http"
	"strings"
	"testing"

	"regatta/cmd/app/change"
	"regatta/cmd/cli/changes"
	"regatta/cmd/cli/propose"
	"regatta/model/image"
	"regatta/model/journal"
	"regatta/model/plan"
	"regatta/model/ref"
	"regatta/registry/oci"
	"regatta/registry/sandbox"
	"regatta/registry/store"
)

// onDummy is an untag by dummy, of the undo of a run if that is named, that ended with its
// program when the tag was on the dummy.
func (c *console) onDummy(tag, undoOf string) (id string) {
	t := c.t
	t.Helper()
	b, err := c.app.Open("registry.example")
	if err != nil {
		t.Fatal(err)
	}
	m, err := b.Manifest(t.Context(), "shop/api", tag)
	if err != nil {
		t.Fatal(err)
	}
	at := ref.Reference{Host: "registry.example", Repository: "shop/api", Tag: tag}
	other := store.OpenJournal(t.Context(), store.JournalOptions{Path: c.app.JournalPath, Now: c.app.Now})
	id, err = other.Begin(t.Context(), journal.Run{Title: "untag " + tag, UndoOf: undoOf, Plan: plan.Plan{
		Registry: at.Host, Repository: at.Repository, CreatedAt: sandbox.Epoch(), Steps: []plan.Step{{
			Kind: plan.UntagByDummy, Digest: m.Digest, Expect: plan.Expect{Tag: tag, Digest: m.Digest}, Reference: at,
		}},
	}})
	if err == nil {
		err = other.Intend(t.Context(), id, 0, []image.Manifest{m})
	}
	if err != nil {
		t.Fatal(err)
	}
	raw, dummy := oci.Dummy("run " + id + " step 1 " + at.String())
	err = b.PrepareDummy(t.Context(), "shop/api")
	if err == nil {
		err = b.PutManifest(t.Context(), "shop/api", tag, image.MediaTypeOCIManifest, raw)
	}
	if err != nil || c.points(tag) != dummy {
		t.Fatalf("%v: %s points to %s", err, tag, c.points(tag))
	}
	if err := other.Close(); err != nil {
		t.Fatal(err)
	}
	return id
}

// Nothing of a run that was interrupted is tidied away before its undo is confirmed: not
// in the registry, and not in the journal.
func TestNothingIsEndedBeforeItsUndoIsConfirmed(t *testing.T) {
	t.Parallel()
	onConsole(t, sandbox.Options{Quirks: sandbox.Quirks{NoTagDelete: true}}, func(c *console) {
		t := c.t
		was := c.points("v3.0")
		id := c.onDummy("v3.0", "")
		stays := c.points("v3.0")
		for name, o := range map[string]propose.Options{"dry run": {DryRun: true}, "nobody confirms it": {}} {
			before := len(c.reg.Requests())
			_, said, err := c.verb(func(ch *propose.Proposal) error {
				ch.Options = o
				return changes.RunUndo(t.Context(), ch, []string{id}, change.Asked{})
			})
			if (err == nil) != o.DryRun {
				t.Errorf("%s: %v\n%s", name, err, said)
			}
			for _, r := range c.reg.Requests()[before:] {
				if r.Method != http.MethodGet && r.Method != http.MethodHead {
					t.Errorf("%s: %s %s", name, r.Method, r.Path)
				}
			}
			if j, err := c.app.Journal().Run(t.Context(), id); err != nil || j.State != journal.Interrupted || c.points("v3.0") != stays {
				t.Errorf("%s: %v: the run is %s, the tag points to %s", name, err, j.State, c.points("v3.0"))
			}
		}
		out, said, err := c.verb(func(ch *propose.Proposal) error {
			return changes.RunUndo(t.Context(), ch, []string{id}, change.Asked{})
		})
		if err != nil || c.points("v3.0") != was || !strings.Contains(said, "the dummy manifest ") {
			t.Errorf("%v: v3.0 points to %s\n%s%s", err, c.points("v3.0"), out, said)
		}
	})
}

// A tag that an undo has left on its dummy when it was killed is as good as removed: the
// next undo says that the dummy goes, and neither that the tag stays nor that it is lost.
func TestAnUndoAfterOneThatWasKilledKnowsItsDummy(t *testing.T) {
	t.Parallel()
	onConsole(t, sandbox.Options{Quirks: sandbox.Quirks{NoTagDelete: true}}, func(c *console) {
		t := c.t
		if _, said, err := c.verb(func(ch *propose.Proposal) error {
			return changes.RunRetag(t.Context(), ch, []string{"registry.example/shop/api:v3.0", "new", "newer"}, false)
		}); err != nil {
			t.Fatal(err, said)
		}
		runs, err := c.app.Journal().Runs(t.Context(), 1)
		if err != nil {
			t.Fatal(err)
		}
		undone := c.onDummy("new", runs[0].ID)
		for _, o := range []propose.Options{{DryRun: true}, {Yes: true}} {
			_, said, err := c.verb(func(ch *propose.Proposal) error {
				ch.Options = o
				return changes.RunUndo(t.Context(), ch, []string{runs[0].ID}, change.Asked{})
			})
			if err != nil || !strings.Contains(said, "the dummy manifest ") && o.Yes || strings.Contains(said, "cannot be undone") {
				t.Errorf("%+v: %v\n%s", o, err, said)
			}
		}
		if c.points("new") != "" || c.points("newer") != "" {
			t.Errorf("new points to %q, newer to %q", c.points("new"), c.points("newer"))
		}
		if u, err := c.app.Journal().Run(t.Context(), undone); err != nil || !u.State.Ended() {
			t.Errorf("%v: the undo that was killed is %s", err, u.State)
		}
	})
}
