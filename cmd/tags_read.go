package cmd

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync"
	"sync/atomic"

	"regatta/cmd/app"
	"regatta/model/catalog"
	"regatta/model/image"
	"regatta/model/ref"
	"regatta/model/text"
	"regatta/registry"
)

// tagReader reads the images that a repository lists and folds them into one a
// digest.
type tagReader struct {
	backend  registry.Backend
	ref      ref.Reference
	progress *progress
	sparing  bool // stop where it turns out that the registry counts reads

	accepted atomic.Bool // what reading costs is known and is fine

	mu      sync.Mutex
	set     *catalog.Images
	failed  failures
	got     atomic.Int64 // images read
	stopped error        // why the rest was not read
	total   int
}

func newTagReader(b registry.Backend, r ref.Reference, p *progress) *tagReader {
	return &tagReader{backend: b, ref: r, progress: p, set: catalog.NewImages()}
}

// read reads all images. It returns an error if there is nothing to show.
func (t *tagReader) read(ctx context.Context, listed []image.Image) error {
	t.set.Begin()
	t.set.Append(listed)
	t.total = len(listed)
	var todo []image.Image
	for _, img := range listed {
		if img.State != image.Read {
			todo = append(todo, img)
		}
	}
	t.progress.add(t.total, t.total-len(todo))
	t.got.Store(int64(t.total - len(todo)))
	err := app.Each(ctx, todo, t.one)
	if err := context.Cause(ctx); err != nil {
		return fmt.Errorf("read the images of %s: %w", t.ref.Name(), err)
	}
	t.stopped = err
	if err != nil && t.got.Load() == 0 {
		return err
	}
	return nil
}

// one reads one image. It returns an error that would meet all the others too.
func (t *tagReader) one(ctx context.Context, img image.Image) error {
	if err := t.spare(ctx); err != nil {
		return err
	}
	described, err := t.backend.Describe(ctx, t.ref.Repository, img, false)
	t.progress.add(0, 1)
	if ctx.Err() != nil {
		return nil // the error that ended the others is the one to tell
	}
	if app.MeetsAll(err) {
		return err
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if err != nil {
		t.failed.add(img.Name(), err)
		return nil
	}
	t.got.Add(1)
	t.attach(img, described)
	return nil
}

func (t *tagReader) attach(asked, found image.Image) {
	if len(asked.Tags) == 0 {
		t.set.Describe(asked.Digest, func(i *image.Image) { *i = found })
	}
	for _, tag := range found.Tags {
		t.set.Attach(tag, found)
	}
}

// spare ends reading on a registry of which only its answers told that it
// counts reads.
func (t *tagReader) spare(ctx context.Context) error {
	if !t.sparing || t.accepted.Load() || !t.backend.Capabilities().CountsReads {
		return nil
	}
	n, err := t.left(ctx)
	if err == nil && n > manyReads {
		return exitError{Refused, t.tooMany(n)}
	}
	t.accepted.Store(true)
	return err
}

// left is how many reads are still to be made.
func (t *tagReader) left(ctx context.Context) (int, error) {
	t.mu.Lock()
	var unread []image.Image
	for _, img := range t.set.Snapshot().Rows {
		if img != nil && img.State != image.Read {
			unread = append(unread, *img)
		}
	}
	t.mu.Unlock()
	return t.reads(ctx, unread)
}

// partly is the error for a reading that stopped on its way.
func (t *tagReader) partly(w io.Writer) error {
	_ = t.failed.report(w, "read", "images", t.total)
	code := Partly
	if e, ok := errors.AsType[exitError](t.stopped); ok {
		code = e.code
	}
	return exitError{code, fmt.Errorf("read %s of %s images: %w",
		text.Count(int(t.got.Load())), text.Count(t.total), t.stopped)}
}
