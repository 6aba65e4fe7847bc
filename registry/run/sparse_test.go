package run_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"regatta/model/plan"
	"regatta/model/ref"
	"regatta/registry/peertest"
	"regatta/registry/sandbox"
	"regatta/registry/survey"
)

// goes is a plan as it is shown: with what was asked of the registry.
func (w *world) goes(t *testing.T, digests ...ref.Digest) plan.Plan {
	t.Helper()
	p, err := survey.Delete(t.Context(), w.client, w.view(t, digests...), plan.Selection{Digests: digests}, plan.Options{At: clock()}, nil)
	must(t, err)
	return p
}

// doubted are the tags of what a plan says may not come back.
func doubted(p plan.Plan) map[ref.Digest]string {
	out := map[ref.Digest]string{}
	for _, l := range p.Lost {
		if l.Maybe {
			out[l.Digest] = strings.Join(l.Tags, " ")
		}
	}
	return out
}

// A registry that takes images without all their layers takes back what lacked one; the
// plan says before that it may not.
func TestAnImageWithoutALayerComesBack(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Options{Quirks: sandbox.Quirks{SparseImages: true, SparseIndexes: true}})
	digests := fill(w.registry)
	w.registry.DropBlob(repo, string(ref.DigestOf([]byte("amd"))))
	first := state(t, w.bare, digests)
	p := w.goes(t, digests["one"])
	got := doubted(p)
	if len(p.Lost) != 2 || got[digests["one"]] != "one uno" || !strings.Contains(p.Lost[0].Reason+p.Lost[1].Reason, "no longer has its blob") {
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

// A registry that takes indexes without their children, and no images without their
// layers, gets the index back: that its child was refused does not keep it away.
func TestAnIndexIsTriedWhenItsChildIsRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Options{Quirks: sandbox.Quirks{SparseIndexes: true}})
	digests := fill(w.registry)
	w.registry.DropBlob(repo, string(ref.DigestOf([]byte("amd"))))
	first := state(t, w.bare, digests)
	r := w.run(t, w.goes(t, digests["one"]), "")
	allDone(t, r)
	undone := w.run(t, w.undoOf(t, r.Run).Plan, r.Run)
	if undone.Failed != 1 || undone.Skipped != 0 {
		t.Errorf("%+v", undone)
	}
	same(t, without(first, "manifest amd"), state(t, w.bare, digests))
	book, err := w.journal.Run(t.Context(), r.Run)
	must(t, err)
	if len(book.Undone) != 0 || len(book.UndoneInPart) != 1 {
		t.Errorf("undone by %v, in part by %v", book.Undone, book.UndoneInPart)
	}
}

// dropOnPeer takes a layer of an image away from a registry's disk.
func dropOnPeer(t *testing.T, w *world, at *peertest.Registry, d ref.Digest) ref.Digest {
	t.Helper()
	m, err := w.bare.Manifest(t.Context(), repo, string(d))
	must(t, err)
	layer := m.Layers[0].Digest
	hex := strings.TrimPrefix(string(layer), "sha256:")
	root := filepath.Join(at.Data, "docker", "registry", "v2")
	must(t, os.RemoveAll(filepath.Join(root, "repositories", repo, "_layers", "sha256", hex)))
	must(t, os.RemoveAll(filepath.Join(root, "blobs", "sha256", hex[:2], hex)))
	return layer
}

// Distribution takes no image without its layers: every plan that takes one away, or a
// tag from it, names it; the undo tries, and what is refused is a step that failed.
func TestWhatLacksALayerOnPeers(t *testing.T) {
	t.Parallel()
	for _, peer := range peertest.Peers() {
		t.Run(peer.Name, func(t *testing.T) {
			t.Parallel()
			at := peertest.Start(t, peer, peertest.Options{})
			digests := fillPeer(t, at.Host)
			w := connect(t, at.Host, nil, filepath.Join(t.TempDir(), "journal.db"))
			layer := dropOnPeer(t, w, at, digests["twice"])
			untag, err := survey.Untag(t.Context(), w.client, w.view(t), []string{"a"}, plan.Options{At: clock()}, nil)
			must(t, err)
			if got := doubted(untag); len(got) != 1 || got[digests["twice"]] != "a" {
				t.Errorf("the plan to untag says %+v", untag.Lost)
			}
			r := w.run(t, untag, "")
			allDone(t, r)
			if undone := w.run(t, w.undoOf(t, r.Run).Plan, r.Run); undone.Failed != 1 || undone.Steps[0].Error == "" {
				t.Errorf("%+v", undone)
			}
			p := w.goes(t, digests["twice"], digests["one"])
			if got := doubted(p); len(got) != 1 || got[digests["twice"]] != "b" || !strings.Contains(p.Lost[0].Reason, layer.Short()) {
				t.Errorf("the plan to delete says %+v", p.Lost)
			}
			r = w.run(t, p, "")
			allDone(t, r)
			undone := w.run(t, w.undoOf(t, r.Run).Plan, r.Run)
			if undone.Failed != 1 || undone.Skipped != 1 { // the image, and its tag
				t.Errorf("%+v", undone)
			}
			if d, err := w.bare.Resolve(t.Context(), repo, "one"); err != nil || d.Digest != digests["one"] {
				t.Errorf("one is %v, %v", d.Digest, err)
			}
			book, err := w.journal.Run(t.Context(), r.Run)
			must(t, err)
			if len(book.Undone) != 0 || len(book.UndoneInPart) != 1 {
				t.Errorf("undone by %v, in part by %v", book.Undone, book.UndoneInPart)
			}
		})
	}
}
