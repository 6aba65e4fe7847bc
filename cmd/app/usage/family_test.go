package usage_test

import (
	"context"
	"fmt"
	"testing"

	"regatta/cmd/app"
	"regatta/cmd/app/browse"
	"regatta/cmd/app/usage"
	"regatta/cmd/config"
	"regatta/model/fault"
	"regatta/model/image"
	"regatta/model/ref"
	model "regatta/model/usage"
	"regatta/registry"
	"regatta/registry/sandbox"
	"regatta/registry/store"
)

const host = "registry.example"

// backend is a registry that may count reads, and fails to show some manifests.
type backend struct {
	registry.Backend

	counts bool
	fails  map[string]fault.Kind
}

func (b *backend) Capabilities() image.Capabilities { return image.Capabilities{CountsReads: b.counts} }

func (b *backend) Manifest(ctx context.Context, repo, reference string) (image.Manifest, error) {
	if kind, ok := b.fails[reference]; ok {
		return image.Manifest{}, &fault.Error{Op: "read", Object: reference, Kind: kind}
	}
	return b.Backend.Manifest(ctx, repo, reference)
}

func at(tag, digest string) ref.Reference {
	return ref.Reference{Host: host, Repository: "team/app", Tag: tag, Digest: ref.Digest(digest)}
}

func uses(all ...ref.Reference) []model.Use {
	var out []model.Use
	for _, r := range all {
		out = append(out, model.Use{Source: model.ECS, How: model.Task, Image: r})
	}
	return out
}

func on(t *testing.T) (*app.App, *backend, *sandbox.Registry) {
	t.Helper()
	reg := sandbox.New(sandbox.Options{Now: sandbox.Epoch, Empty: true})
	c := config.Default()
	c.Cache.Path = store.Memory
	a := app.New(sandbox.Epoch, c, app.Flags{})
	a.Base = reg.Transport()
	t.Cleanup(func() { _, _ = a.Close(), reg.Close() })
	b, err := a.Open(host)
	if err != nil {
		t.Fatal(err)
	}
	return a, &backend{Backend: b, fails: map[string]fault.Kind{}}, reg
}

// An image is used by its tags and its digest, by its index and by its parts; what is used that
// could not be read may be it, and is counted; what is not there is not.
func TestUsesOfAnImage(t *testing.T) {
	t.Parallel()
	a, b, reg := on(t)
	child := reg.PushImage("team/app", sandbox.Image{Layers: []string{"child"}})
	index := reg.PushIndex("team/app", child)
	other := reg.PushIndex("team/app", reg.PushImage("team/app", sandbox.Image{Layers: []string{"other"}}))
	reg.Tag("team/app", "v1", index, sandbox.Epoch())
	gone := string(ref.DigestOf([]byte("gone")))
	for name, tt := range map[string]struct {
		of           ref.Reference
		by           ref.Reference
		fails        map[string]fault.Kind
		hits, unread int
		err          fault.Kind
	}{
		"its tag":            {of: at("v1", ""), by: at("v1", ""), hits: 1},
		"its digest":         {of: at("v1", ""), by: at("", index), hits: 1},
		"its part":           {of: at("v1", ""), by: at("", child), hits: 1},
		"its index":          {of: at("", child), by: at("v1", ""), hits: 1},
		"another":            {of: at("v1", ""), by: at("", other)},
		"gone":               {of: at("v1", ""), by: at("", gone)},
		"unread":             {of: at("", child), by: at("", other), fails: map[string]fault.Kind{other: fault.Unavailable}, unread: 1},
		"not there to read":  {of: at("", child), by: at("", other), fails: map[string]fault.Kind{other: fault.NotFound}},
		"not signed in":      {of: at("", child), by: at("", other), fails: map[string]fault.Kind{other: fault.Auth}, err: fault.Auth},
		"an image not there": {of: at("nowhere", ""), by: at("v1", ""), err: fault.NotFound},
	} {
		b.fails = tt.fails
		hits, unread, err := usage.Of(t.Context(), a, b, tt.of, uses(tt.by, tt.by))
		if len(hits) > 0 {
			hits = hits[:1]
		}
		if ok := err == nil; len(hits) != tt.hits || unread != tt.unread || ok != (tt.err == fault.Unknown) || !ok && !fault.Is(err, tt.err) {
			t.Errorf("%s: %d uses, %d unread: %v", name, len(hits), unread, err)
		}
	}
}

// Where reads are counted as pulls no more than fifty are made, and those that are not are
// unread; what is in the cache is read all the same.
func TestCountedReads(t *testing.T) {
	t.Parallel()
	a, b, reg := on(t)
	b.counts = true
	var used []ref.Reference
	for i := range browse.ManyReads + 3 {
		child := reg.PushImage("team/app", sandbox.Image{Layers: []string{fmt.Sprint("layer ", i)}})
		used = append(used, at("", reg.PushIndex("team/app", child)))
	}
	alone := reg.PushImage("team/app", sandbox.Image{Layers: []string{"alone"}})
	for _, want := range []int{3, 0} { // the second time fifty of them are known
		if _, unread, err := usage.Of(t.Context(), a, b, at("", alone), uses(used...)); err != nil || unread != want {
			t.Errorf("%d of %d unread, want %d: %v", unread, len(used), want, err)
		}
	}
}
