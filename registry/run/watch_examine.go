package run

import (
	"context"
	"fmt"
	"time"

	"golang.org/x/sync/errgroup"

	"regatta/model/fault"
	"regatta/model/image"
	"regatta/model/ref"
)

// sinceMargin is how much earlier than its plan a run takes something for newer
// than the plan: clocks differ, and a plan is read for a while.
const sinceMargin = 5 * time.Minute

// examine looks into the manifests that came since the plan was made, whether they
// list or describe what is to be deleted. Those that the plan has read come from
// the cache. What of the first list cannot be read at all, the plan has said; what only
// did not answer may have come since, and is read before anything goes.
func (w *watch) examine(ctx context.Context, at *watched, images []image.Image, first bool) error {
	if len(w.intent.deletes[at.repo]) == 0 {
		return nil
	}
	group, inner := errgroup.WithContext(ctx)
	group.SetLimit(tagsAtATime)
	for d, name := range w.unexamined(at, images) {
		group.Go(func() error {
			if err := w.mayAsk(inner); err != nil {
				return err
			}
			m, err := w.reg.Manifest(inner, at.repo, string(d))
			switch {
			case fault.Is(err, fault.NotFound):
				return nil // it is gone, and may come again
			case err != nil && (!first || passing(err, 1) && !fault.Is(err, fault.Protocol)):
				return fmt.Errorf("read what came to the repository meanwhile: %w", err)
			case err == nil:
				w.hold(at, m, name)
			}
			w.mu.Lock()
			defer w.mu.Unlock()
			at.examined[d] = true
			return nil
		})
	}
	return group.Wait()
}

// unexamined are the manifests to look into, by their names for people. A list that
// tells what its images are spares most of them.
func (w *watch) unexamined(at *watched, images []image.Image) map[ref.Digest]string {
	w.mu.Lock()
	defer w.mu.Unlock()
	out := map[ref.Digest]string{}
	want := func(d ref.Digest, tags ...string) {
		if d == "" || at.examined[d] || w.intent.deletes[at.repo][d] {
			return
		}
		out[d] = d.Short()
		if len(tags) > 0 {
			out[d] = tags[0] + " (" + d.Short() + ")"
		}
	}
	if listsDigests(images) {
		w.wantListed(at, images, want)
		return out
	}
	for tag, t := range at.tags {
		if t.listed {
			want(t.digest, tag)
		}
	}
	return out
}

// wantListed wants the indexes that are newer than the plan, and notes the subjects
// that the list tells; the caller holds the lock.
func (w *watch) wantListed(at *watched, images []image.Image, want func(d ref.Digest, tags ...string)) {
	for _, img := range images {
		if img.Digest == "" || img.Storage != image.Standard {
			continue
		}
		if img.Subject != "" {
			w.holdOne(at, img.Subject, img.Digest, img.Digest.Short()+" describes it")
		}
		older := !img.Pushed.IsZero() && img.Pushed.Before(w.intent.made.Add(-sinceMargin))
		if (img.Kind == image.KindIndex || img.Kind == image.KindUnknown) && !older {
			want(img.Digest, img.Tags...)
		}
	}
}

// hold notes what a manifest lists and describes of that which is to be deleted.
func (w *watch) hold(at *watched, m image.Manifest, name string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, child := range m.Children {
		w.holdOne(at, child.Digest, m.Digest, "the index "+name+" lists it")
	}
	if m.Subject != nil {
		w.holdOne(at, m.Subject.Digest, m.Digest, name+" describes it")
	}
}

// holdOne notes who holds a planned manifest; the caller holds the lock. What the
// plan deletes itself, or leaves although it refers to what goes, does not hold.
func (w *watch) holdOne(at *watched, d, by ref.Digest, why string) {
	if !w.intent.deletes[at.repo][d] || w.intent.deletes[at.repo][by] || w.intent.kept[by] {
		return
	}
	if at.holders[d] == nil {
		at.holders[d] = map[ref.Digest]string{}
	}
	at.holders[d][by] = why
}
