package browse_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"regatta/cmd/app"
	"regatta/cmd/app/browse"
	"regatta/cmd/config"
	"regatta/model/fault"
	"regatta/model/image"
	"regatta/model/ref"
	"regatta/model/usage"
	"regatta/registry"
	"regatta/registry/sandbox"
	"regatta/registry/store"
)

const host = "registry.example"

func in() ref.Reference { return ref.Reference{Host: host, Repository: "team/app"} }

// backend is a registry that may count reads, list what has no tags, and refuse to show some
// images.
type backend struct {
	registry.Backend

	can     image.Capabilities
	refuses map[string]fault.Kind // by what is asked for
}

func (b *backend) Capabilities() image.Capabilities { return b.can }

func (b *backend) Describe(ctx context.Context, repo string, img image.Image, fresh bool) (image.Image, error) {
	for _, name := range append(slices.Clone(img.Tags), string(img.Digest)) {
		if kind, ok := b.refuses[name]; ok {
			return img, &fault.Error{Op: "describe", Object: name, Kind: kind}
		}
	}
	return b.Backend.Describe(ctx, repo, img, fresh)
}

func (b *backend) Manifest(ctx context.Context, repo, reference string) (image.Manifest, error) {
	if kind, ok := b.refuses[reference]; ok {
		return image.Manifest{}, &fault.Error{Op: "read", Object: reference, Kind: kind}
	}
	return b.Backend.Manifest(ctx, repo, reference)
}

// on is a repository of n images with a tag each, and what is listed of it.
func on(t *testing.T, n int) (*app.App, *backend, *sandbox.Registry, []image.Image) {
	t.Helper()
	reg := sandbox.New(sandbox.Options{Now: sandbox.Epoch, Empty: true})
	for i := range n {
		name := fmt.Sprintf("v%03d", i)
		reg.Tag("team/app", name, reg.PushImage("team/app", sandbox.Image{Layers: []string{name}}), sandbox.Epoch())
	}
	c := config.Default()
	c.Cache.Path = store.Memory
	a := app.New(sandbox.Epoch, c, app.Flags{})
	a.Base = reg.Transport()
	t.Cleanup(func() { _, _ = a.Close(), reg.Close() })
	b, err := a.Open(host)
	if err != nil {
		t.Fatal(err)
	}
	listed, err := app.ListImages(t.Context(), b, "team/app")
	if err != nil && n > 0 || len(listed) != n {
		t.Fatalf("%d are listed: %v", len(listed), err)
	}
	return a, &backend{Backend: b, refuses: map[string]fault.Kind{}}, reg, listed
}

// All images are read; of one that cannot be the others are there, and one error that all would
// meet ends it.
func TestRead(t *testing.T) {
	t.Parallel()
	_, b, _, listed := on(t, 5)
	var total, done atomic.Int64
	r := browse.NewReader(b, in(), func(more, read int) { total.Add(int64(more)); done.Add(int64(read)) })
	b.refuses["v002"] = fault.Denied
	if err := r.Read(t.Context(), listed); err != nil || r.Stopped != nil {
		t.Fatalf("%v, stopped by %v", err, r.Stopped)
	}
	if r.Got() != 4 || r.Total != 5 || total.Load() != 5 || done.Load() != 5 {
		t.Errorf("read %d of %d, told %d of %d", r.Got(), r.Total, done.Load(), total.Load())
	}
	if len(r.Failed) != 1 || r.Failed[0].Name != "v002" || !fault.Is(r.Failed[0].Err, fault.Denied) {
		t.Errorf("failed: %v", r.Failed)
	}
	for _, img := range r.Set.Snapshot().Rows {
		if read := img.State == image.Read; read == slices.Contains(img.Tags, "v002") {
			t.Errorf("%v is read: %v", img.Tags, read)
		}
	}
	for _, img := range listed {
		b.refuses[img.Tags[0]] = fault.Auth
	}
	none := browse.NewReader(b, in(), func(int, int) {})
	if err := none.Read(t.Context(), listed); !fault.Is(err, fault.Auth) || len(none.Failed) != 0 {
		t.Errorf("not signed in: %v, failed %v", err, none.Failed)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := browse.NewReader(b, in(), func(int, int) {}).Read(ctx, listed); !fault.Is(err, fault.Cancelled) {
		t.Errorf("cancelled: %v", err)
	}
}

// Where reads are counted, more than fifty of them are asked for first; what is in the cache
// costs nothing.
func TestCost(t *testing.T) {
	t.Parallel()
	for n, refused := range map[int]bool{browse.ManyReads: false, browse.ManyReads + 1: true} {
		_, b, _, listed := on(t, n)
		r := browse.NewReader(b, in(), func(int, int) {})
		if free, err := r.CheckCost(t.Context(), listed); free != 0 || err != nil {
			t.Errorf("where nobody counts, %d reads: %v", free, err)
		}
		b.can.CountsReads = true
		sparing := browse.NewReader(b, in(), func(int, int) {})
		sparing.Sparing = true
		if cost, err := sparing.CheckCost(t.Context(), listed); cost != n || app.IsRefusal(err) != refused {
			t.Errorf("%d of %d reads: %v", cost, n, err)
		}
		if cost, err := r.CheckCost(t.Context(), listed); cost != n || err != nil {
			t.Errorf("who pays is refused %d reads: %v", cost, err)
		}
		unasked := browse.NewReader(b, in(), func(int, int) {})
		unasked.Sparing = true
		err := unasked.Read(t.Context(), listed) // nobody knew before that it counts
		if app.IsRefusal(err) != refused || refused && unasked.Got() != 0 {
			t.Errorf("%d are read of %d: %v", unasked.Got(), n, err)
		}
		if err := r.Read(t.Context(), listed); err != nil {
			t.Fatal(err)
		}
		if cost, err := sparing.CheckCost(t.Context(), listed); cost != 0 || err != nil {
			t.Errorf("what is known costs %d: %v", cost, err)
		}
	}
}

// uses are what runs images of the repository.
func uses(of ...ref.Reference) usage.Set {
	var all []usage.Use
	for _, r := range of {
		all = append(all, usage.Use{Source: usage.File, How: usage.Listed, Image: r})
	}
	return usage.Set{Answers: []usage.Answer{{Source: usage.File, Uses: all}}}
}

func by(d string) ref.Reference {
	r := in()
	r.Digest = ref.Digest(d)
	return r
}

// What runs by its digest alone is shown too, if it is there and the registry does not list it;
// what cannot be read is told, and what is not there is nothing.
func TestUnlisted(t *testing.T) {
	t.Parallel()
	_, b, reg, _ := on(t, 1)
	bare := reg.PushImage("team/app", sandbox.Image{Layers: []string{"bare"}})
	broken := reg.PushImage("team/app", sandbox.Image{Layers: []string{"broken"}})
	b.refuses[broken] = fault.Denied
	gone := string(ref.DigestOf([]byte("gone")))
	set := uses(by(bare), by(bare), by(broken), by(gone), ref.Reference{Host: host, Repository: "team/app", Tag: "v000"})
	r := browse.NewReader(b, in(), func(int, int) {})
	found, err := r.WithUnlisted(t.Context(), nil, set)
	if err != nil || len(found) != 1 || string(found[0].Digest) != bare {
		t.Errorf("%d are found: %v", len(found), err)
	}
	if len(r.Failed) != 1 || r.Failed[0].Name != broken {
		t.Errorf("failed: %v", r.Failed)
	}
	if again, err := r.WithUnlisted(t.Context(), found, uses(by(bare))); err != nil || len(again) != 1 {
		t.Errorf("what is there is there %d times: %v", len(again), err)
	}
	whole := []*image.Image{{Digest: ref.DigestOf(nil), Platforms: []image.PlatformImage{{Digest: ref.Digest(bare)}}}}
	if again, err := r.WithUnlisted(t.Context(), whole, uses(by(bare))); err != nil || len(again) != 1 {
		t.Errorf("a part of what is there is there by itself: %v", err)
	}
	b.refuses[gone] = fault.Auth
	if _, err := r.WithUnlisted(t.Context(), nil, set); !fault.Is(err, fault.Auth) {
		t.Errorf("not signed in: %v", err)
	}
	b.can.Untagged = true
	if same, err := r.WithUnlisted(t.Context(), nil, set); err != nil || len(same) != 0 {
		t.Errorf("where all is listed %d more are: %v", len(same), err)
	}
}

// The use of a part is one of its index, which is read for that; an index that cannot be read
// is told.
func TestMatch(t *testing.T) {
	t.Parallel()
	a, b, reg, _ := on(t, 0)
	child := reg.PushImage("team/app", sandbox.Image{Layers: []string{"child"}})
	index := reg.PushIndex("team/app", child)
	rows := []*image.Image{{Digest: ref.Digest(index), Tags: []string{"v1"}, Kind: image.KindIndex}}
	r := browse.NewReader(b, in(), func(int, int) {})
	found, err := r.Match(t.Context(), a, rows, uses(by(child)))
	if err != nil || len(found.Matches.Of(ref.Digest(index))) != 1 || !found.Asked {
		t.Errorf("%d uses: %v", len(found.Matches.Of(ref.Digest(index))), err)
	}
	part := &image.Image{Digest: ref.Digest(child)}
	for name, tt := range map[string]struct {
		img  *image.Image
		want bool
	}{
		"an image":     {&image.Image{Digest: ref.DigestOf(nil), Tags: []string{"v2"}}, true},
		"a part":       {part, false},
		"a tagged one": {&image.Image{Digest: ref.Digest(child), Tags: []string{"v3"}}, true},
		"unread":       {&image.Image{Tags: []string{"v4"}}, false},
		"an artifact":  {&image.Image{Digest: ref.DigestOf(nil), Kind: image.KindArtifact}, false},
		"a referrer":   {&image.Image{Digest: ref.DigestOf(nil), Subject: ref.Digest(index)}, false},
		"a companion":  {&image.Image{Digest: ref.DigestOf(nil), Tags: []string{strings.Replace(index, ":", "-", 1) + ".sig"}}, false},
	} {
		if got := found.Counts(tt.img); got != tt.want {
			t.Errorf("%s counts: %v", name, got)
		}
	}
	b.refuses[index] = fault.Denied
	r = browse.NewReader(b, in(), func(int, int) {})
	found, err = r.Match(t.Context(), a, rows, uses(by(child)))
	if err != nil || len(r.Failed) != 1 || len(found.Matches.Of(ref.Digest(index))) != 0 {
		t.Errorf("unread: failed %v: %v", r.Failed, err)
	}
	b.refuses[index] = fault.Auth
	if _, err = r.Match(t.Context(), a, rows, uses(by(child))); !fault.Is(err, fault.Auth) {
		t.Errorf("not signed in: %v", err)
	}
	var many []*image.Image
	for i := range browse.ManyReads + 1 {
		many = append(many, &image.Image{Digest: ref.DigestOf([]byte{byte(i)}), Kind: image.KindIndex})
	}
	r.Sparing, b.can.CountsReads = true, true
	if _, err = r.Match(t.Context(), a, many, uses(by(child))); !app.IsRefusal(err) {
		t.Errorf("%d counted reads of indexes: %v", len(many), err)
	}
	if _, err = r.Match(t.Context(), a, many[1:], uses(by(child))); app.IsRefusal(err) {
		t.Errorf("%d counted reads of indexes: %v", len(many)-1, err)
	}
}

// Where nobody is there to ask, it is a mistake to ask; unless nobody wants to know.
func TestNobodyToAsk(t *testing.T) {
	t.Parallel()
	a, b, _, _ := on(t, 0)
	r := browse.NewReader(b, in(), func(int, int) {})
	if _, err := r.Users(t.Context(), a, nil, true); !app.IsMistake(err) {
		t.Errorf("%v", err)
	}
	if found, err := r.Users(t.Context(), a, nil, false); err != nil || found.Asked {
		t.Errorf("%+v: %v", found, err)
	}
}
