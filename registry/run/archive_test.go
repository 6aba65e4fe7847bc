package run_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"regatta/model/image"
	"regatta/model/plan"
	"regatta/model/ref"
	"regatta/registry/sandbox"
	"regatta/registry/survey"
)

const nondistributable = "application/vnd.oci.image.layer.nondistributable.v1.tar+gzip"

// An archive keeps every layer that the registry serves, also those that need not
// be there; of those that it does not have the plan says so.
func TestTheArchiveKeepsWhateverTheRegistryServes(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Options{})
	push := func(layers ...string) ref.Digest {
		d := w.registry.PushImage(repo, sandbox.Image{Layers: layers, LayerType: nondistributable})
		w.registry.Tag(repo, layers[0], d, clock())
		return ref.Digest(d)
	}
	kept, without := push("kept", "windows"), push("without", "elsewhere")
	blobs := []ref.Digest{ref.DigestOf([]byte("kept")), ref.DigestOf([]byte("windows"))}
	w.registry.DropBlob(repo, string(ref.DigestOf([]byte("elsewhere"))))
	digests := map[string]ref.Digest{"kept": kept, "without": without}
	first := state(t, w.bare, digests)
	v := w.view(t, kept, without)
	remove, err := plan.ToDelete(v, plan.Selection{Digests: []ref.Digest{kept, without}}, plan.Options{At: clock()})
	must(t, err)
	dir := "oci:" + filepath.Join(t.TempDir(), "archive")
	place, err := w.place(dir)
	must(t, err)
	catches, err := survey.Catches(t.Context(), w.client, v.Whole(remove), place, nil)
	must(t, err)
	p := plan.Archived(remove, catches, dir)
	said := strings.Join(p.Notes, "\n")
	if !strings.Contains(said, without.Short()+" is written without "+ref.DigestOf([]byte("elsewhere")).Short()) ||
		strings.Contains(said, kept.Short()+" is written without") {
		t.Errorf("the plan says:\n%s", said)
	}
	gone := w.run(t, p, "")
	allDone(t, gone)
	for _, d := range append(blobs, ref.DigestOf([]byte("without"))) {
		w.registry.DropBlob(repo, string(d)) // the collector
	}
	allDone(t, w.undo(t, gone.Run))
	same(t, first, state(t, w.bare, digests))
	for _, d := range blobs {
		if there, err := w.bare.BlobExists(t.Context(), repo, image.Descriptor{Digest: d}); err != nil || !there {
			t.Errorf("the layer %s is there: %v, %v", d.Short(), there, err)
		}
	}
}

// A copy brings such layers too.
func TestACopyBringsWhateverTheRegistryServes(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Options{})
	w.registry.Tag(repo, "v1", w.registry.PushImage(repo, sandbox.Image{Layers: []string{"windows"}, LayerType: nondistributable}), clock())
	to := ref.Reference{Host: host, Repository: "other", Tag: "v1"}
	trees, err := survey.Trees(t.Context(), w.client, []plan.Move{{From: at("v1"), To: to}}, false)
	must(t, err)
	p, err := survey.Copy(t.Context(), nil, w.client, trees, "", plan.Options{At: clock()}, nil)
	must(t, err)
	allDone(t, w.run(t, p, ""))
	if there, err := w.bare.BlobExists(t.Context(), "other", image.Descriptor{Digest: ref.DigestOf([]byte("windows"))}); err != nil || !there {
		t.Errorf("it is there: %v, %v", there, err)
	}
}

// What undo is to take from the archive is read before the plan promises it: damaged, or
// gone with the directory, it is named, and undo is of what is there.
func TestUndoLooksIntoTheArchive(t *testing.T) {
	t.Parallel()
	for name, x := range map[string]struct {
		harm func(dir string, d ref.Digest) error
		says string
	}{
		"damaged": {func(dir string, d ref.Digest) error {
			_, hex, _ := strings.Cut(string(d), ":")
			path := filepath.Join(dir, "blobs", "sha256", hex)
			raw, err := os.ReadFile(path)
			if err == nil {
				raw[len(raw)-1] ^= 1
				err = os.WriteFile(path, raw, 0o600)
			}
			return err
		}, "it is not what its digest says any more"},
		"gone": {func(dir string, _ ref.Digest) error { return os.RemoveAll(dir) }, "is not all there any more"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, sandbox.Options{})
			layer := ref.DigestOf([]byte("kept"))
			image := ref.Digest(w.registry.PushImage(repo, sandbox.Image{Layers: []string{"kept"}}))
			w.registry.Tag(repo, "kept", string(image), clock())
			v := w.view(t, image)
			remove, err := plan.ToDelete(v, plan.Selection{Digests: []ref.Digest{image}}, plan.Options{At: clock()})
			must(t, err)
			dir := filepath.Join(t.TempDir(), "archive")
			place, err := w.place("oci:" + dir)
			must(t, err)
			catches, err := survey.Catches(t.Context(), w.client, v.Whole(remove), place, nil)
			must(t, err)
			gone := w.run(t, plan.Archived(remove, catches, "oci:"+dir), "")
			allDone(t, gone)
			w.registry.DropBlob(repo, string(layer))
			if u := w.undoOf(t, gone.Run); u.Verdict != plan.Possible {
				t.Fatalf("with the archive undo is %s: %+v", u.Verdict, u.Plan.Lost)
			}
			must(t, x.harm(dir, layer))
			u := w.undoOf(t, gone.Run)
			said := strings.Join(u.Plan.Notes, "\n")
			takes := slices.ContainsFunc(u.Plan.Steps, func(s plan.Step) bool { return s.Kind == plan.CopyBlob && s.Digest == layer })
			if u.Verdict == plan.Possible || takes || !strings.Contains(said, x.says) || !strings.Contains(said, dir) {
				t.Errorf("undo is %s, takes the layer: %t\n%s\n%+v", u.Verdict, takes, said, u.Plan.Lost)
			}
		})
	}
}
