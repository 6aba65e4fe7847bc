package inside_test

import (
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"regatta/cmd/app"
	"regatta/cmd/app/inside"
	"regatta/cmd/config"
	"regatta/model/fault"
	"regatta/model/image"
	"regatta/model/ref"
	"regatta/model/supply"
	"regatta/registry/sandbox"
)

const host = "registry.example"

// opened is an app whose network is the seeded sandbox, of which the config knows where
// base images are.
func opened(t *testing.T) (*app.App, *sandbox.Registry) {
	t.Helper()
	reg := sandbox.New(sandbox.Options{Now: sandbox.Epoch})
	c := config.Default()
	c.Cache.Path = filepath.Join(t.TempDir(), "store.db")
	c.Registries = []config.Registry{{Name: "shop", Kind: "oci", Host: host, Bases: []string{"base/distroless"}}}
	a := app.New(sandbox.Epoch, c, app.Flags{})
	a.Base = reg.Transport()
	t.Cleanup(func() { _, _ = a.Close(), reg.Close() })
	return a, reg
}

func named(tag string) ref.Reference {
	return ref.Reference{Host: host, Repository: "shop/api", Tag: tag}
}

// resolved is what a tag of shop/api names.
func resolved(t *testing.T, a *app.App, tag string) inside.Resolved {
	t.Helper()
	at, err := inside.Resolve(t.Context(), a, named(tag))
	if err != nil {
		t.Fatal(err)
	}
	return at
}

// imageOf is the image of linux/amd64 that a tag of shop/api names, with its files.
func imageOf(t *testing.T, a *app.App, tag string) *inside.Image {
	t.Helper()
	in, err := inside.Open(t.Context(), a, resolved(t, a, tag), &image.Platform{OS: "linux", Architecture: "amd64"})
	if err != nil {
		t.Fatal(err)
	}
	if err := in.Read(t.Context(), func(int64, int64) {}); err != nil {
		t.Fatal(err)
	}
	return in
}

// A reference keeps the tag that it was given by, and one that names nothing is not found.
func TestResolve(t *testing.T) {
	t.Parallel()
	a, _ := opened(t)
	at := resolved(t, a, "v3.0.0")
	if at.Ref.Digest == "" || at.Name() != host+"/shop/api:v3.0.0" {
		t.Errorf("%s, named %s", at.Ref, at.Name())
	}
	if _, err := inside.Resolve(t.Context(), a, named("nowhere")); !fault.Is(err, fault.NotFound) {
		t.Errorf("nowhere: %v", err)
	}
	one, err := at.ForPlatform(t.Context(), image.Platform{OS: "linux", Architecture: "arm64"})
	if err != nil || one.Ref.Digest == at.Ref.Digest {
		t.Errorf("%s: %v", one.Ref, err)
	}
	_, err = at.ForPlatform(t.Context(), image.Platform{OS: "plan9", Architecture: "mips"})
	if err == nil || !strings.Contains(err.Error(), "it has no image for plan9/mips") {
		t.Errorf("plan9: %v", err)
	}
}

// The progress ends where everything is read, and what is there is found.
func TestRead(t *testing.T) {
	t.Parallel()
	a, _ := opened(t)
	in, err := inside.Open(t.Context(), a, resolved(t, a, "v3.0.0"), nil)
	if err != nil {
		t.Fatal(err)
	}
	var total, done int
	err = in.Read(t.Context(), inside.Kilobytes(func(more, read int) { total, done = total+more, done+read }))
	if err != nil || total == 0 || total != done || len(in.Failed) > 0 || in.Files.Root.Files == 0 {
		t.Errorf("read %d of %d kB, %d files, %v: %v", done, total, in.Files.Root.Files, in.Failed, err)
	}
	if n, err := in.At("/app"); err != nil || n.Path() != "app" {
		t.Errorf("/app: %v", err)
	}
	if _, err := in.At("/nowhere"); !fault.Is(err, fault.NotFound) {
		t.Errorf("/nowhere: %v", err)
	}
	n, err := in.At("/app")
	if err != nil {
		t.Fatal(err)
	}
	if saved, err := in.Save(t.Context(), n, t.TempDir(), func(int64, int64) {}); err != nil || saved.Files == 0 {
		t.Errorf("saved %+v: %v", saved, err)
	}
}

// Of an image with a layer that cannot be read, what that may hold is unknown: it is neither
// found nor denied, saved nor compared, and the error names the layer.
func TestUnreadLayer(t *testing.T) {
	t.Parallel()
	readable, _ := opened(t)
	whole := imageOf(t, readable, "v3.0.0")
	top := whole.Layers[len(whole.Layers)-1].Layer.Digest
	a, reg := opened(t)
	reg.Inject(sandbox.Fault{Pattern: regexp.MustCompile("/blobs/" + string(top)), Effect: sandbox.Status{Code: 403}})
	in := imageOf(t, a, "v3.0.0")
	if len(in.Failed) != 1 || !strings.Contains(in.Failed[0].Name, top.Short()) || in.Files.Complete() {
		t.Fatalf("failed: %v", in.Failed)
	}
	if _, err := in.At("/etc/passwd"); !fault.Is(err, fault.Denied) || !strings.Contains(err.Error(), top.Short()) {
		t.Errorf("what may be in it: %v", err)
	}
	dir := t.TempDir()
	if _, err := in.Save(t.Context(), in.Files.Root, dir, func(int64, int64) {}); !fault.Is(err, fault.Denied) {
		t.Errorf("saved: %v", err)
	}
	if left, err := filepath.Glob(filepath.Join(dir, "*")); err != nil || len(left) > 0 {
		t.Errorf("%v is left: %v", left, err)
	}
	p, err := inside.ResolvePair(t.Context(), a, named("v2.9.0"), named("v3.0.0"))
	if err != nil {
		t.Fatal(err)
	}
	c, err := inside.Compare(t.Context(), p)
	if err != nil {
		t.Fatal(err)
	}
	before := c.Parts
	c.AddFiles(t.Context(), a, func(int64, int64) {})
	if len(c.Failed) != 1 || c.Failed[0].Name != "files" || c.Parts != before+1 {
		t.Errorf("%d parts, then %d: %v", before, c.Parts, c.Failed)
	}
}

// Two images are compared in all that they have; one is the same as itself.
func TestCompare(t *testing.T) {
	t.Parallel()
	a, _ := opened(t)
	p, err := inside.ResolvePair(t.Context(), a, named("v3.0.0"), named("v3.2.0"))
	if err != nil {
		t.Fatal(err)
	}
	c, err := inside.Compare(t.Context(), p)
	if err != nil || len(c.Failed) > 0 || len(c.Index.Images) == 0 || len(c.Packages) == 0 {
		t.Fatalf("%d images, %d SBOMs, failed %v: %v", len(c.Index.Images), len(c.Packages), c.Failed, err)
	}
	if p.Scanned() || len(c.Findings) > 0 {
		t.Error("findings of a registry that scans nothing")
	}
	c.AddFiles(t.Context(), a, func(int64, int64) {})
	for _, i := range c.Index.Images {
		alone, err := p.Packages(t.Context(), i)
		if err != nil || len(alone.Changed) != len(c.Packages[i.Platform].Changed) {
			t.Errorf("%s alone: %v", i.Platform, err)
		}
		if f := c.Files[i.Platform]; f == nil || len(f.Added)+len(f.Removed)+len(f.Changed) == 0 {
			t.Errorf("%s: no files differ", i.Platform)
		}
	}
	same, err := inside.Pair{From: p.From, To: p.From}.Index(t.Context())
	if err != nil || same.From != same.To || same.Transfer != 0 {
		t.Errorf("with itself: %+v, %v", same, err)
	}
}

// The base is found where the config says to look, and nowhere by guessing.
func TestFindBase(t *testing.T) {
	t.Parallel()
	a, _ := opened(t)
	in := imageOf(t, a, "v3.0.0")
	var total, done int
	tell := func(more, looked int) { total, done = total+more, done+looked }
	f, err := inside.FindBase(t.Context(), a, in, nil, tell)
	if err != nil || f.Repository.Repository != "base/distroless" || f.Shared == 0 || total == 0 || total != done {
		t.Errorf("%s, %d layers, looked in %d of %d: %v", f.Name(), f.Shared, done, total, err)
	}
	if _, err := inside.FindBase(t.Context(), a, in, []string{"UPPER"}, tell); !app.IsMistake(err) {
		t.Errorf("no name: %v", err)
	}
}

// What accompanies an image is found beside its platform or the index; without a key no
// signature counts as verified.
func TestSupplyChain(t *testing.T) {
	t.Parallel()
	a, _ := opened(t)
	c, err := inside.ReadSupplyChain(t.Context(), a, named("v3.2.0"))
	if err != nil {
		t.Fatal(err)
	}
	at, err := c.ForPlatform(nil)
	if err != nil {
		t.Fatal(err)
	}
	_, doc, ok := c.Find(at, supply.SBOM)
	if !ok {
		t.Fatal("no SBOM")
	}
	if bill, err := c.SBOM(t.Context(), doc.Layer); err != nil || len(bill.Packages) == 0 {
		t.Errorf("%d packages: %v", len(bill.Packages), err)
	}
	if err := c.CheckSigned(); len(c.Signatures()) == 0 || !fault.Is(err, fault.Denied) {
		t.Errorf("%d signatures: %v", len(c.Signatures()), err)
	}
	a.Config.Registries[0].Trust = []config.Trust{{Name: "shop", Key: sandbox.PublicKey()}}
	if known, err := inside.ReadSupplyChain(t.Context(), a, named("v3.2.0")); err != nil || known.CheckSigned() != nil {
		t.Errorf("with its key: %v", err)
	}
	if err := c.Missing("VEX", nil); !fault.Is(err, fault.NotFound) || !strings.Contains(err.Error(), "the VEX of") {
		t.Errorf("what is missing: %v", err)
	}
	if _, err := c.ForPlatform(&image.Platform{OS: "plan9"}); !fault.Is(err, fault.NotFound) {
		t.Errorf("plan9: %v", err)
	}
	tree, err := inside.SupplyOf(t.Context(), a, resolved(t, a, "v3.2.0"), c.Root)
	if err != nil || len(tree.Nodes) != len(c.Tree.Nodes) {
		t.Errorf("the same by its manifest: %v", err)
	}
	raw, err := inside.ReadDocument(t.Context(), resolved(t, a, "v3.2.0"), doc.Layer, 9)
	if err != nil || len(raw) != 10 {
		t.Errorf("%d bytes: %v", len(raw), err)
	}
}

// A part of an inspection that cannot be read is named, and the rest is there.
func TestInspect(t *testing.T) {
	t.Parallel()
	a, reg := opened(t)
	b, err := a.Open(host)
	if err != nil {
		t.Fatal(err)
	}
	reg.Inject(sandbox.Fault{Pattern: regexp.MustCompile("/referrers/"), Effect: sandbox.Status{Code: 403}})
	in, err := inside.Inspect(t.Context(), b, named("v3.0.0"), nil)
	if err != nil || in.Config == nil || in.Whole == nil || len(in.Steps()) == 0 {
		t.Fatalf("%+v: %v", in, err)
	}
	if len(in.Failed) != 1 || in.Failed[0].Name != "referrers" || in.RefsRead || in.Parts != 4 || in.Findings != nil {
		t.Errorf("%v of %d failed", in.Failed, in.Parts)
	}
	if _, err := inside.Inspect(t.Context(), b, named("nowhere"), nil); !fault.Is(err, fault.NotFound) {
		t.Errorf("nowhere: %v", err)
	}
}
