package survey

import (
	"context"
	"sync"

	"golang.org/x/sync/errgroup"

	"regatta/model/fault"
	"regatta/model/image"
	"regatta/model/plan"
	"regatta/model/ref"
	"regatta/model/rollback"
)

// Shelf is a registry that is asked what it has of an image.
type Shelf interface {
	Resolve(ctx context.Context, repo, reference string) (image.Descriptor, error)
	Manifest(ctx context.Context, repo, reference string) (image.Manifest, error)
	Config(ctx context.Context, repo string, m image.Manifest) (image.Config, error)
	Referrers(ctx context.Context, repo string, d ref.Digest) ([]image.Descriptor, error)
	BlobExists(ctx context.Context, repo string, d image.Descriptor) (bool, error)
}

// Whole finds out whether everything of an image is there: its manifest, its
// children, and every config and layer, each of which is asked for. The registry
// is asked for manifests too, whatever is cached of them. The error is for what
// stands in the way of everything.
func Whole(ctx context.Context, s Shelf, repo string, d ref.Digest) (rollback.Content, error) {
	return WholeBy(ctx, s, plan.Presence{}, repo, d)
}

// WholeBy is Whole by what is known to be there, or not; it notes there what it finds out.
func WholeBy(
	ctx context.Context, s Shelf, seen plan.Presence, repo string, d ref.Digest,
) (rollback.Content, error) {
	w := &whole{shelf: s, repo: repo, seen: seen, blobs: map[ref.Digest]image.Descriptor{}}
	w.found.Digest = d
	err := w.manifest(ctx, d, nil)
	if err != nil || w.found.Missing != nil {
		return w.found, err
	}
	if err := w.ask(ctx); err != nil {
		return w.found, err
	}
	w.found.Signed, w.found.SignedErr = signed(ctx, s, repo, d)
	return w.found, ctx.Err()
}

type whole struct {
	shelf Shelf
	repo  string
	blobs map[ref.Digest]image.Descriptor
	mu    sync.Mutex
	seen  plan.Presence
	found rollback.Content
}

// manifest reads a manifest and what it lists. In names it as its index does.
func (w *whole) manifest(ctx context.Context, d ref.Digest, in *image.Descriptor) error {
	m, err := w.read(ctx, d)
	if err != nil {
		w.note(d, err, in == nil)
		return ctx.Err()
	}
	w.found.Manifests = append(w.found.Manifests, d)
	for i := range m.Children {
		if err := w.manifest(ctx, m.Children[i].Digest, &m.Children[i]); err != nil {
			return err
		}
	}
	for _, blob := range append([]image.Descriptor{m.Config}, m.Layers...) {
		if blob.Digest != "" && !blob.IsForeign() {
			w.blobs[blob.Digest] = blob
		}
	}
	w.platform(ctx, m, in)
	return nil
}

// read asks the registry for a manifest, whatever is cached of it.
func (w *whole) read(ctx context.Context, d ref.Digest) (image.Manifest, error) {
	if _, err := w.shelf.Resolve(ctx, w.repo, string(d)); err != nil {
		return image.Manifest{}, err
	}
	return w.shelf.Manifest(ctx, w.repo, string(d))
}

// note says of a manifest that it could not be read.
func (w *whole) note(d ref.Digest, err error, top bool) {
	switch {
	case top:
		w.found.Missing = err
	case fault.Is(err, fault.NotFound):
		w.found.Children = append(w.found.Children, d)
	default:
		w.unasked(err)
	}
}

// unasked notes that there was no answer.
func (w *whole) unasked(err error) {
	w.found.Unasked++
	if w.found.Why == "" {
		w.found.Why = fault.KindOf(err).String()
	}
}

// platform notes what an image runs on: as its index says, else as its config
// does.
func (w *whole) platform(ctx context.Context, m image.Manifest, in *image.Descriptor) {
	switch {
	case m.Kind != image.KindImage:
	case in != nil && in.Platform != nil:
		if in.Platform.Known() {
			w.found.Platforms = append(w.found.Platforms, *in.Platform)
		}
	default:
		if c, err := w.shelf.Config(ctx, w.repo, m); err == nil && c.Platform.Known() {
			w.found.Platforms = append(w.found.Platforms, c.Platform)
		}
	}
}

// ask asks for every blob.
func (w *whole) ask(ctx context.Context) error {
	group, inner := errgroup.WithContext(ctx)
	group.SetLimit(atATime)
	for _, blob := range w.blobs {
		group.Go(func() error {
			there, err := w.blob(inner, blob)
			w.mu.Lock()
			defer w.mu.Unlock()
			switch {
			case inner.Err() != nil:
				return inner.Err()
			case err != nil:
				w.unasked(err)
			case there:
				w.found.Blobs++
			default:
				w.found.Lost = append(w.found.Lost, blob.Digest)
			}
			return nil
		})
	}
	return group.Wait()
}

// blob reports whether one is there, which is asked once.
func (w *whole) blob(ctx context.Context, d image.Descriptor) (bool, error) {
	at := plan.Place{Repository: w.repo, Digest: d.Digest}
	w.mu.Lock()
	there, ok := w.seen[at]
	w.mu.Unlock()
	if ok {
		return there, nil
	}
	there, err := w.shelf.BlobExists(ctx, w.repo, d)
	if err == nil {
		w.mu.Lock()
		w.seen[at] = there
		w.mu.Unlock()
	}
	return there, err
}

// signed reports whether something says that it signs the image.
func signed(ctx context.Context, s Shelf, repo string, d ref.Digest) (bool, error) {
	found, err := s.Referrers(ctx, repo, d)
	if err != nil {
		return false, err
	}
	for _, r := range found {
		if r.Describes() == image.Signature {
			return true, nil
		}
	}
	return false, nil
}
