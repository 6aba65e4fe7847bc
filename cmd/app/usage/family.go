// Package usage tells which of what runs a registry's images runs a given one. It imports
// app, model and registry.
package usage

import (
	"context"
	"sync"

	"regatta/cmd/app"
	"regatta/cmd/app/browse"
	"regatta/model/fault"
	"regatta/model/image"
	"regatta/model/ref"
	"regatta/model/usage"
	"regatta/registry"
)

// family puts together how an image belongs to what is used: of the whole
// repository only what the uses name is looked up, and only indexes are read.
type family struct {
	backend registry.Backend
	session *app.App
	repo    string

	mu     sync.Mutex
	kin    usage.Links
	reads  int             // reads that count as pulls
	seen   map[string]bool // references that were looked up
	next   []string        // those to look up
	unread int             // what could not be read, or would have counted once too often
}

// Of finds which uses are of an image: by its tags and its digest, those of
// its index and of its parts. unread is how many of the manifests that are used
// remain unknown.
func Of(
	ctx context.Context, s *app.App, b registry.Backend, r ref.Reference, uses []usage.Use,
) (hits []usage.Hit, unread int, err error) {
	f := &family{backend: b, session: s, repo: r.Repository, seen: map[string]bool{}}
	own, err := b.Resolve(ctx, r.Repository, r.Identifier())
	if err != nil {
		return nil, 0, err
	}
	f.want(string(own.Digest))
	for _, u := range uses {
		f.want(u.Image.Tag)
		f.want(string(u.Image.Digest))
	}
	for len(f.next) > 0 {
		wave := f.next
		f.next = nil
		if err := app.Each(ctx, wave, f.look); err != nil {
			return nil, 0, err
		}
	}
	return usage.Match(uses, &f.kin).Of(own.Digest), f.unread, nil
}

func (f *family) want(reference string) {
	if reference != "" && !f.seen[reference] {
		f.seen[reference] = true
		f.next = append(f.next, reference)
	}
}

// look looks a tag or digest up. Its error is one that would meet all others too.
func (f *family) look(ctx context.Context, reference string) error {
	d, err := f.backend.Resolve(ctx, f.repo, reference)
	if err != nil {
		return f.failed(ctx, err)
	}
	f.mu.Lock()
	if reference != string(d.Digest) {
		f.kin.Tag(reference, d.Digest)
	}
	f.mu.Unlock()
	if image.KindOf(d.MediaType, d.ArtifactType) != image.KindIndex || !f.mayRead(ctx, d.Digest) {
		return nil
	}
	m, err := f.backend.Manifest(ctx, f.repo, string(d.Digest))
	if err != nil {
		return f.failed(ctx, err)
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, child := range m.Children {
		f.kin.Child(d.Digest, child.Digest)
		if image.KindOf(child.MediaType, "") == image.KindIndex {
			f.want(string(child.Digest))
		}
	}
	return nil
}

// failed takes what is not there for what nobody can run from here.
func (f *family) failed(ctx context.Context, err error) error {
	switch {
	case app.MeetsAll(err) || ctx.Err() != nil:
		return err
	case !fault.Is(err, fault.NotFound):
		f.mu.Lock()
		defer f.mu.Unlock()
		f.unread++
	}
	return nil
}

// mayRead stops where the registry counts reads as pulls and they become many.
func (f *family) mayRead(ctx context.Context, d ref.Digest) bool {
	if !f.backend.Capabilities().CountsReads {
		return true
	}
	if _, _, cached := f.session.Store().Content(ctx, d); cached {
		return true
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.reads >= browse.ManyReads {
		f.unread++
		return false
	}
	f.reads++
	return true
}
