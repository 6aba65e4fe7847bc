// Package browse reads what a repository lists: its images with what a row shows, and what
// they are used by. It imports app, model and registry.
package browse

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"

	"regatta/cmd/app"
	"regatta/model/catalog"
	"regatta/model/image"
	"regatta/model/ref"
	"regatta/registry"
)

// Reader reads the images that a repository lists and folds them into one a digest.
type Reader struct {
	Sparing bool            // stop where it turns out that the registry counts reads
	Set     *catalog.Images // what was read
	Stopped error           // why the rest was not read
	Total   int             // images that are listed
	Failed  []app.Failure   // images that could not be read

	backend registry.Backend
	ref     ref.Reference
	tell    func(total, done int) // added to what was said before

	accepted atomic.Bool // what reading costs is known and is fine

	mu  sync.Mutex
	got atomic.Int64 // images read
}

// NewReader returns a Reader of a repository. Tell is told how much there is to read, and
// how much of that is done.
func NewReader(b registry.Backend, r ref.Reference, tell func(total, done int)) *Reader {
	return &Reader{backend: b, ref: r, tell: tell, Set: catalog.NewImages()}
}

// Got is how many images were read.
func (t *Reader) Got() int { return int(t.got.Load()) }

// fail notes what could not be read; the caller holds the lock, where others may read.
func (t *Reader) fail(name string, err error) {
	t.Failed = append(t.Failed, app.Failure{Name: name, Err: err})
}

// Read reads all images. It returns an error if there is nothing to show.
func (t *Reader) Read(ctx context.Context, listed []image.Image) error {
	t.Set.Begin()
	t.Set.Append(listed)
	t.Total = len(listed)
	var todo []image.Image
	for _, img := range listed {
		if img.State != image.Read {
			todo = append(todo, img)
		}
	}
	t.tell(t.Total, t.Total-len(todo))
	t.got.Store(int64(t.Total - len(todo)))
	err := app.Each(ctx, todo, t.one)
	if err := context.Cause(ctx); err != nil {
		return fmt.Errorf("read the images of %s: %w", t.ref.Name(), err)
	}
	t.Stopped = err
	if err != nil && t.got.Load() == 0 {
		return err
	}
	return nil
}

// one reads one image. It returns an error that would meet all the others too.
func (t *Reader) one(ctx context.Context, img image.Image) error {
	if err := t.spare(ctx); err != nil {
		return err
	}
	described, err := t.backend.Describe(ctx, t.ref.Repository, img, false)
	t.tell(0, 1)
	if ctx.Err() != nil {
		return nil // the error that ended the others is the one to tell
	}
	if app.MeetsAll(err) {
		return err
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if err != nil {
		t.fail(img.Name(), err)
		return nil
	}
	t.got.Add(1)
	t.attach(img, described)
	return nil
}

func (t *Reader) attach(asked, found image.Image) {
	if len(asked.Tags) == 0 {
		t.Set.Describe(asked.Digest, func(i *image.Image) { *i = found })
	}
	for _, tag := range found.Tags {
		t.Set.Attach(tag, found)
	}
}

// spare ends reading on a registry of which only its answers told that it
// counts reads.
func (t *Reader) spare(ctx context.Context) error {
	if !t.Sparing || t.accepted.Load() || !t.backend.Capabilities().CountsReads {
		return nil
	}
	n, err := t.left(ctx)
	if err == nil && n > ManyReads {
		return app.Refusal(t.tooMany(n))
	}
	t.accepted.Store(true)
	return err
}

// left is how many reads are still to be made.
func (t *Reader) left(ctx context.Context) (int, error) {
	t.mu.Lock()
	var unread []image.Image
	for _, img := range t.Set.Snapshot().Rows {
		if img != nil && img.State != image.Read {
			unread = append(unread, *img)
		}
	}
	t.mu.Unlock()
	return t.reads(ctx, unread)
}
