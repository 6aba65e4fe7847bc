package run_test

import (
	"path/filepath"
	"testing"

	"github.com/google/go-containerregistry/pkg/name"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/random"
	"github.com/google/go-containerregistry/pkg/v1/remote"

	"regatta/model/fault"
	"regatta/model/plan"
	"regatta/model/ref"
	"regatta/registry/peertest"
)

// fillPeer is fill for a registry that is reached over the network.
func fillPeer(t *testing.T, at string) map[string]ref.Digest {
	t.Helper()
	repository, err := name.NewRepository(at + "/" + repo)
	must(t, err)
	images := map[string]v1.Image{}
	for _, n := range []string{"amd", "shared", "arm", "twice"} {
		images[n], err = random.Image(500, 2)
		must(t, err)
	}
	add := func(n string) mutate.IndexAddendum { return mutate.IndexAddendum{Add: images[n]} }
	indexes := map[string]v1.ImageIndex{
		"one": mutate.AppendManifests(empty.Index, add("amd"), add("shared")),
		"two": mutate.AppendManifests(empty.Index, add("shared"), add("arm")),
	}
	for tag, n := range map[string]string{"one": "one", "uno": "one", "two": "two"} {
		must(t, remote.WriteIndex(repository.Tag(tag), indexes[n]))
	}
	for _, tag := range []string{"a", "b"} {
		must(t, remote.Write(repository.Tag(tag), images["twice"]))
	}
	out := map[string]ref.Digest{}
	for n, img := range images {
		d, err := img.Digest()
		must(t, err)
		out[n] = ref.Digest(d.String())
	}
	for n, index := range indexes {
		d, err := index.Digest()
		must(t, err)
		out[n] = ref.Digest(d.String())
	}
	return out
}

func TestPeers(t *testing.T) {
	t.Parallel()
	for _, p := range peertest.Peers() {
		t.Run(p.Name, func(t *testing.T) {
			t.Parallel()
			r := peertest.Start(t, p, peertest.Options{})
			digests := fillPeer(t, r.Host)
			w := connect(t, r.Host, nil, filepath.Join(t.TempDir(), "journal.db"))
			first := state(t, w.bare, digests)
			if len(first) != 11 {
				t.Fatalf("it begins with %v", first)
			}

			untagged := w.run(t, w.planUntag(t, "a"), "")
			allDone(t, untagged)
			same(t, without(first, "tag a"), state(t, w.bare, digests))
			allDone(t, w.undo(t, untagged.Run))
			same(t, first, state(t, w.bare, digests))

			deleted := w.run(t, w.planDelete(t, plan.Selection{Digests: []ref.Digest{digests["one"]}}), "")
			allDone(t, deleted)
			after := without(first, "tag one", "tag uno", "manifest one", "manifest amd")
			same(t, after, state(t, w.bare, digests))
			undone := w.undo(t, deleted.Run)
			allDone(t, undone)
			same(t, first, state(t, w.bare, digests))
			allDone(t, w.undo(t, undone.Run))
			same(t, after, state(t, w.bare, digests))

			movedOnPeer(t, w, digests)
		})
	}
}

// movedOnPeer has another client move tags between plan and run.
func movedOnPeer(t *testing.T, w *world, digests map[string]ref.Digest) {
	t.Helper()
	untag := w.planUntag(t, "a", "b")
	remove := w.planDelete(t, plan.Selection{Digests: []ref.Digest{digests["twice"]}})
	two, err := w.bare.Manifest(t.Context(), repo, "two")
	must(t, err)
	twice, err := w.bare.Manifest(t.Context(), repo, "a")
	must(t, err)
	must(t, w.bare.PutManifest(t.Context(), repo, "a", two.MediaType, two.Raw))
	must(t, w.bare.PutManifest(t.Context(), repo, "new", twice.MediaType, twice.Raw))
	if r := w.run(t, untag, ""); r.Skipped != 1 || r.Done != 1 {
		t.Errorf("untag: %+v", r)
	}
	if r := w.run(t, remove, ""); r.Skipped == 0 || r.Failed > 0 {
		t.Errorf("delete: %+v", r)
	}
	got := state(t, w.bare, digests)
	if got["tag a"] != string(digests["two"]) || got["tag new"] != string(digests["twice"]) || got["manifest twice"] == "" {
		t.Errorf("another client's tags were touched: %v", got)
	}
	if _, err := w.bare.Resolve(t.Context(), repo, "b"); !fault.Is(err, fault.NotFound) {
		t.Error(err)
	}
}

// What a plan says comes back is what the registry's own collector frees.
func TestBytesComeBackAsPlanned(t *testing.T) {
	t.Parallel()
	for _, p := range peertest.Peers() {
		t.Run(p.Name, func(t *testing.T) {
			t.Parallel()
			r := peertest.Start(t, p, peertest.Options{})
			digests := fillPeer(t, r.Host)
			w := connect(t, r.Host, nil, filepath.Join(t.TempDir(), "journal.db"))
			if freed := r.CollectGarbage(t); freed != 0 {
				t.Fatalf("%d bytes were garbage from the start", freed)
			}
			for _, name := range []string{"one", "twice", "two"} {
				planned := w.planDelete(t, plan.Selection{Digests: []ref.Digest{digests[name]}})
				allDone(t, w.run(t, planned, ""))
				if freed := r.CollectGarbage(t); freed != planned.ReclaimedBytes || freed == 0 || planned.Estimated {
					t.Errorf("%s: %d bytes came back, the plan said %d (estimated: %v)",
						name, freed, planned.ReclaimedBytes, planned.Estimated)
				}
			}
		})
	}
}
