package run_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-containerregistry/pkg/name"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/random"
	"github.com/google/go-containerregistry/pkg/v1/remote"

	"regatta/model/plan"
	"regatta/model/ref"
	"regatta/registry/peertest"
	"regatta/registry/sandbox"
	"regatta/registry/survey"
)

// pushTo pushes an image to a repository of a peer.
func pushTo(t *testing.T, at *peertest.Registry, repository string, img v1.Image) ref.Digest {
	t.Helper()
	target, err := name.NewRepository(at.Host + "/" + repository)
	must(t, err)
	must(t, remote.Write(target.Tag("v1"), img))
	d, err := img.Digest()
	must(t, err)
	return ref.Digest(d.String())
}

// wholeOn fails the test unless an image is there with everything that it refers to.
func (w *world) wholeOn(t *testing.T, d ref.Digest) {
	t.Helper()
	found, err := survey.Whole(t.Context(), w.bare, repo, d)
	must(t, err)
	if found.Missing != nil || len(found.Lost) != 0 || found.Unasked != 0 || found.Blobs < 3 {
		t.Errorf("%s is not whole: %+v", d.Short(), found)
	}
}

// Two repositories share layers. What is deleted in one, and collected there, comes back
// from the other.
func TestUndoTakesFromAnotherRepository(t *testing.T) {
	t.Parallel()
	for _, peer := range peertest.Peers() {
		t.Run(peer.Name, func(t *testing.T) {
			t.Parallel()
			at := peertest.Start(t, peer, peertest.Options{})
			img, err := random.Image(3000, 2)
			must(t, err)
			d := pushTo(t, at, repo, img)
			layers, err := img.Layers()
			must(t, err)
			other, err := random.Image(500, 1)
			must(t, err)
			other, err = mutate.AppendLayers(other, layers...)
			must(t, err)
			pushTo(t, at, "team/web", other)
			w := connect(t, at.Host, nil, filepath.Join(t.TempDir(), "journal.db"))
			p := w.goes(t, d)
			if len(p.Lost) != 0 {
				t.Errorf("the plan says %+v", p.Lost)
			}
			r := w.run(t, p, "")
			allDone(t, r)
			at.CollectGarbage(t)
			// The config was the image's alone, and is gone: only pushing it brings it back.
			if u := w.undoOf(t, r.Run); u.Verdict != plan.Partial || len(u.Plan.Lost) != 1 ||
				!strings.Contains(u.Plan.Lost[0].Reason, "the registry no longer has its blob") {
				t.Errorf("%s: %+v", u.Verdict, u.Plan.Lost)
			}
			pushTo(t, at, "team/late", img)
			u := w.undoOf(t, r.Run)
			if u.Verdict != plan.Possible {
				t.Fatalf("%s: %+v", u.Verdict, u.Plan.Lost)
			}
			allDone(t, w.run(t, u.Plan, r.Run))
			w.wholeOn(t, d)
			if now, err := w.bare.Resolve(t.Context(), repo, "v1"); err != nil || now.Digest != d {
				t.Errorf("v1 is %v, %v", now.Digest, err)
			}
		})
	}
}

// A tag goes back to an image that lost a layer meanwhile, which another repository has.
func TestATagGoesBackWithALayerFromElsewhere(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Options{})
	digests := fill(w.registry)
	w.registry.PushImage("team/web", sandbox.Image{Layers: []string{"twice"}})
	layer := string(ref.DigestOf([]byte("twice")))
	w.registry.DropBlob(repo, layer)
	view := w.view(t)
	p, err := survey.Untag(t.Context(), w.client, view, []string{"a"}, plan.Options{At: clock()}, nil)
	must(t, err)
	if len(p.Lost) != 0 {
		t.Errorf("the plan says %+v", p.Lost)
	}
	r := w.run(t, p, "")
	allDone(t, r)
	allDone(t, w.undo(t, r.Run))
	w.wholeOn(t, digests["twice"])
	if now, err := w.bare.Resolve(t.Context(), repo, "a"); err != nil || now.Digest != digests["twice"] {
		t.Errorf("a is %v, %v", now.Digest, err)
	}
}
