package local_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"regatta/model/fault"
	"regatta/model/image"
	"regatta/model/ref"
	"regatta/registry/httpx"
	"regatta/registry/local"
	"regatta/registry/oci"
	"regatta/registry/peertest"
	"regatta/registry/sandbox"
)

const repo = "shop/api"

func clock() time.Time { return time.Now() }

func must(tb testing.TB, err error) {
	tb.Helper()
	if err != nil {
		tb.Fatal(err)
	}
}

func wantKind(tb testing.TB, err error, want fault.Kind) {
	tb.Helper()
	if !fault.Is(err, want) {
		tb.Errorf("error %v, want kind %v", err, want)
	}
}

// source is a registry with an index of two images, and one of them with a tag
// of its own.
func source(t *testing.T) (c *oci.Client, index, single ref.Reference) {
	t.Helper()
	reg := sandbox.New(sandbox.Options{Now: clock, Empty: true})
	t.Cleanup(func() { _ = reg.Close() })
	push := func(platform string) string {
		return reg.PushImage(repo, sandbox.Image{
			Platform: platform, Layers: []string{strings.Repeat("base", 50_000), platform}, Created: time.Unix(1, 0),
		})
	}
	amd, arm := push("linux/amd64"), push("linux/arm64")
	ix := reg.PushIndex(repo, amd, arm)
	reg.Tag(repo, "v1", ix, time.Unix(2, 0))
	reg.Tag(repo, "amd", amd, time.Unix(2, 0))
	tr := httpx.New(httpx.Options{Now: clock, Base: reg.Transport(), CertDirs: []string{}})
	host := "registry.sandbox.localhost"
	at := func(tag, d string) ref.Reference {
		return ref.Reference{Host: host, Repository: repo, Tag: tag, Digest: ref.Digest(d)}
	}
	return oci.New(host, oci.Options{Transport: tr, Now: clock}), at("v1", ix), at("amd", amd)
}

func openPlace(t *testing.T, arg string, o local.Options) local.Place {
	t.Helper()
	name, err := local.Parse(arg)
	must(t, err)
	p, err := local.Open(name, o)
	must(t, err)
	t.Cleanup(func() { must(t, p.Close()) })
	return p
}

func silent(int64) {}

// breaking is a source whose connections break after a few bytes.
type breaking struct {
	local.Content

	after int64
	mu    sync.Mutex
	from  map[ref.Digest][]int64 // the offsets that were asked for
}

var errBroke = &fault.Error{Op: "read blob of", Object: "it", Kind: fault.Unreachable}

// Blob implements local.Content.
func (b *breaking) Blob(ctx context.Context, repo string, d image.Descriptor, offset int64) (io.ReadCloser, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.from[d.Digest] = append(b.from[d.Digest], offset)
	body, err := b.Content.Blob(ctx, repo, d, offset)
	if err != nil || d.Size-offset <= b.after {
		return body, err
	}
	return io.NopCloser(io.MultiReader(io.LimitReader(body, b.after), failing{})), nil
}

type failing struct{}

// Read implements io.Reader.
func (failing) Read([]byte) (int, error) { return 0, errBroke }

func TestLayoutGoesOnWhereItBroke(t *testing.T) {
	t.Parallel()
	c, index, _ := source(t)
	dir := filepath.Join(t.TempDir(), "new", "layout")
	b := &breaking{Content: c, after: 90_000, from: map[ref.Digest][]int64{}}
	var reached int64
	for n := 1; ; n++ {
		p := openPlace(t, dir, local.Options{}) // as a new program would
		if there, err := p.Has(t.Context(), index); there || err != nil {
			t.Fatalf("before try %d: %v, %v", n, there, err)
		}
		reached = 0
		err := p.Save(t.Context(), b, index, func(at int64) { reached = at })
		if err == nil {
			break
		}
		if wantKind(t, err, fault.Unreachable); n > 5 {
			t.Fatal("it gets nowhere")
		}
	}
	resumed := false
	for _, offsets := range b.from {
		for i, at := range offsets {
			resumed = resumed || at > 0
			if i > 0 && (at < offsets[i-1] || at > offsets[i-1]+b.after) {
				t.Errorf("asked from %v", offsets)
			}
		}
	}
	if !resumed || reached == 0 || reached > 90_000 {
		t.Errorf("the last try read %d bytes; offsets %v", reached, b.from)
	}
	p := openPlace(t, dir, local.Options{})
	if there, err := p.Has(t.Context(), index); !there || err != nil {
		t.Errorf("it is not there: %v", err)
	}
	if left, _ := filepath.Glob(filepath.Join(dir, "blobs", "sha256", "*.part")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestLayoutIsReadByPeers(t *testing.T) {
	t.Parallel()
	c, index, single := source(t)
	dir := t.TempDir()
	p := openPlace(t, dir, local.Options{})
	must(t, p.Save(t.Context(), c, index, silent))
	must(t, p.Save(t.Context(), c, single, silent))
	must(t, p.Save(t.Context(), c, index, silent)) // again is no second entry
	skopeo := peertest.Find(t, "skopeo", "the package manager has it")
	out, err := exec.CommandContext(t.Context(), skopeo, "inspect", "--raw", "oci:"+dir+":v1").Output()
	if err != nil || ref.DigestOf(out) != index.Digest {
		t.Errorf("skopeo reads %s, %v", out, err)
	}
	raw, err := os.ReadFile(filepath.Join(dir, "index.json"))
	if err != nil || strings.Count(string(raw), `"digest"`) != 2 {
		t.Errorf("index.json: %s, %v", raw, err)
	}
	for name, want := range map[string]ref.Digest{"v1": index.Digest, "amd": single.Digest, string(single.Digest): single.Digest} {
		m, err := p.Manifests(t.Context(), name)
		if err != nil || m[0].Digest != want {
			t.Errorf("%s: %v", name, err)
		}
	}
	_, err = p.Manifests(t.Context(), "")
	wantKind(t, err, fault.Invalid)
	if !strings.Contains(err.Error(), "amd, v1") {
		t.Error(err)
	}
	_, err = p.Manifests(t.Context(), "v9")
	wantKind(t, err, fault.NotFound)
}

// What is in the directory is compared with its digest, not believed.
func TestLayoutMendsWhatIsDamaged(t *testing.T) {
	t.Parallel()
	c, _, single := source(t)
	dir := t.TempDir()
	must(t, openPlace(t, dir, local.Options{}).Save(t.Context(), c, single, silent))
	tree, err := local.Tree(t.Context(), c, repo, string(single.Digest))
	must(t, err)
	layer := local.Blobs(tree)[1]
	path := filepath.Join(dir, "blobs", "sha256", layer.Digest.Hex())
	must(t, os.WriteFile(path, bytes.Repeat([]byte("x"), int(layer.Size)), 0o600))
	p := openPlace(t, dir, local.Options{})
	if there, err := p.Has(t.Context(), single); there || err != nil {
		t.Errorf("a damaged image is there: %v", err)
	}
	body, err := p.Blob(t.Context(), layer, 0)
	must(t, err)
	_, err = io.ReadAll(body)
	wantKind(t, err, fault.Corrupt)
	must(t, body.Close())
	must(t, p.Save(t.Context(), c, single, silent))
	if there, err := p.Has(t.Context(), single); !there || err != nil {
		t.Errorf("it is not mended: %v", err)
	}
	// A part of something else is found out at its end, and is not gone on from again.
	must(t, os.Remove(path))
	must(t, os.WriteFile(path+".part", []byte("something else"), 0o600))
	p = openPlace(t, dir, local.Options{})
	wantKind(t, p.Save(t.Context(), c, single, silent), fault.Corrupt)
	must(t, p.Save(t.Context(), c, single, silent))
}

func TestLayoutWritesIntoNothingElse(t *testing.T) {
	t.Parallel()
	c, _, single := source(t)
	dir := t.TempDir()
	must(t, os.WriteFile(filepath.Join(dir, "thesis.doc"), []byte("mine"), 0o600))
	wantKind(t, openPlace(t, dir, local.Options{}).Ready(t.Context()), fault.Occupied)
	wantKind(t, openPlace(t, dir, local.Options{}).Save(t.Context(), c, single, silent), fault.Occupied)
	must(t, openPlace(t, filepath.Join(dir, "new"), local.Options{}).Ready(t.Context()))
	if names, _ := os.ReadDir(dir); len(names) != 1 {
		t.Errorf("there are %v", names)
	}
	file := filepath.Join(dir, "thesis.doc")
	if err := openPlace(t, "oci:"+file, local.Options{}).Save(t.Context(), c, single, silent); err == nil {
		t.Error("a file became a layout")
	}
	_, err := openPlace(t, filepath.Join(dir, "nothing"), local.Options{}).Manifests(t.Context(), "")
	wantKind(t, err, fault.NotFound)
}

// A disk that fills up: what came is kept, and the error says so.
func TestFullDisk(t *testing.T) {
	t.Parallel()
	if _, err := os.Stat("/dev/full"); err != nil {
		t.Skip("there is no /dev/full")
	}
	c, _, single := source(t)
	dir := t.TempDir()
	p := openPlace(t, dir, local.Options{})
	tree, err := local.Tree(t.Context(), c, repo, string(single.Digest))
	must(t, err)
	must(t, p.Save(t.Context(), c, single, silent))
	path := filepath.Join(dir, "blobs", "sha256", local.Blobs(tree)[1].Digest.Hex())
	must(t, os.Remove(path))
	must(t, os.Symlink("/dev/full", path+".part"))
	err = openPlace(t, dir, local.Options{}).Save(t.Context(), c, single, silent)
	wantKind(t, err, fault.NoSpace)
	if fault.KindOf(err) == fault.NoSpace && !strings.Contains(err.Error(), "kept") {
		t.Error(err)
	}
}

func TestCancelledSaveSaysSo(t *testing.T) {
	t.Parallel()
	c, index, _ := source(t)
	ctx, cancel := context.WithCancel(t.Context())
	err := openPlace(t, t.TempDir(), local.Options{}).Save(ctx, c, index, func(int64) { cancel() })
	if !errors.Is(err, context.Canceled) && !fault.Is(err, fault.Cancelled) {
		t.Errorf("error is %v", err)
	}
}

func TestNames(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	here, err := filepath.Abs("x")
	must(t, err)
	for arg, want := range map[string]string{
		"x": "oci:" + here, "x.tar": "docker-archive:" + here + ".tar", "daemon": "docker-daemon:",
		"daemon:shop/api:v1": "docker-daemon:shop/api:v1", "oci:x": "oci:" + here, "docker-archive:x": "docker-archive:" + here,
		dir: "oci:" + dir, "daemonic": "oci:" + filepath.Join(filepath.Dir(here), "daemonic"),
	} {
		got, err := local.Parse(arg)
		if err != nil || got != want {
			t.Errorf("%s is %s, %v; want %s", arg, got, err, want)
		}
		if again, _ := local.Parse(got); again != got {
			t.Errorf("%s becomes %s", got, again)
		}
	}
	for _, arg := range []string{"", "oci:"} {
		if _, err := local.Parse(arg); err == nil {
			t.Errorf("%q names a place", arg)
		}
	}
	if _, err := local.Open("ftp:x", local.Options{}); err == nil {
		t.Error("an unknown transport is opened")
	}
	if _, err := local.Open("docker-daemon:x", local.Options{Engine: "ssh://host"}); err == nil {
		t.Error("ssh is spoken")
	}
}
