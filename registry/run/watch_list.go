package run

import (
	"cmp"
	"context"
	"slices"

	"golang.org/x/sync/errgroup"

	"regatta/model/fault"
	"regatta/model/image"
	"regatta/model/ref"
)

// list reads the tags of a repository and what they point to, and looks into what
// came since.
func (w *watch) list(ctx context.Context, at *watched, s scope) error {
	began := w.now()
	images, err := w.pages(ctx, at.repo)
	if err != nil {
		return err
	}
	if err := w.learn(ctx, at, images); err != nil {
		return err
	}
	w.mu.Lock()
	first := at.at.IsZero()
	w.note(at, images)
	news, known := at.unresolved()
	w.mu.Unlock()
	some := min(tagsAtATime, len(known))
	if err := w.resolve(ctx, at, append(news, known[:some]...)); err != nil {
		return err
	}
	for some := range slices.Chunk(known[some:], tagsAtATime) {
		if s == atOnce || w.now().Sub(began) > lookFor {
			break
		}
		if err := w.resolve(ctx, at, some); err != nil {
			return err
		}
	}
	return w.examine(ctx, at, images, first)
}

// learn finds out, with the first list, whether there are referrers that no list
// shows: those that the registry keeps track of by itself.
func (w *watch) learn(ctx context.Context, at *watched, images []image.Image) error {
	w.mu.Lock()
	known := !at.at.IsZero() || len(w.intent.deletes[at.repo]) == 0 || listsDigests(images)
	w.mu.Unlock()
	if known {
		return nil
	}
	asks, err := w.reg.ListsReferrers(ctx, at.repo)
	w.mu.Lock()
	defer w.mu.Unlock()
	at.asks = asks
	return err
}

// listsDigests tells a list that says what its images are from one of tags alone.
func listsDigests(images []image.Image) bool {
	return slices.ContainsFunc(images, func(img image.Image) bool { return img.Digest != "" })
}

func (w *watch) pages(ctx context.Context, repo string) ([]image.Image, error) {
	var images []image.Image
	for cursor := ""; ; {
		if err := w.mayAsk(ctx); err != nil {
			return nil, err
		}
		page, err := w.reg.Images(ctx, repo, cursor)
		if err != nil {
			return nil, err
		}
		images = append(images, page.Images...)
		if cursor = page.Next; cursor == "" {
			return images, nil
		}
	}
}

// note takes in a list. Some tell what tags point to.
func (w *watch) note(at *watched, images []image.Image) {
	for _, t := range at.tags {
		t.listed = false
	}
	for _, img := range images {
		for _, tag := range img.Tags {
			t := at.tags[tag]
			if t == nil {
				t = &seenTag{}
				at.tags[tag] = t
			}
			t.listed = true
			if img.Digest != "" {
				at.point(tag, t, img.Digest)
				t.looked = w.now()
			}
		}
	}
}

// point notes what a tag points to.
func (w *watched) point(tag string, t *seenTag, d ref.Digest) {
	if t.digest == d {
		return
	}
	delete(w.on[t.digest], tag)
	if t.digest = d; d == "" {
		return
	}
	if w.on[d] == nil {
		w.on[d] = map[string]bool{}
	}
	w.on[d][tag] = true
}

// unresolved are the tags of a list that does not tell what they point to: those
// that nobody has looked at, and the others, those first that were looked at the
// longest time ago.
func (w *watched) unresolved() (news, known []string) {
	for tag, t := range w.tags {
		switch {
		case !t.listed:
		case t.digest == "":
			news = append(news, tag)
		default:
			known = append(known, tag)
		}
	}
	slices.Sort(news)
	slices.SortFunc(known, func(a, b string) int {
		return cmp.Or(w.tags[a].looked.Compare(w.tags[b].looked), cmp.Compare(a, b))
	})
	return news, known
}

// resolve looks at tags.
func (w *watch) resolve(ctx context.Context, at *watched, tags []string) error {
	group, inner := errgroup.WithContext(ctx)
	group.SetLimit(2 * tagsAtATime) // what is new and what is known are looked at in one round trip
	for _, tag := range tags {
		w.mu.Lock()
		before := at.tags[tag].digest
		w.mu.Unlock()
		group.Go(func() error {
			if err := w.mayAsk(inner); err != nil {
				return err
			}
			d, err := w.reg.ResolveFrom(inner, at.repo, tag, before)
			if err != nil && !fault.Is(err, fault.NotFound) {
				return err
			}
			w.mu.Lock()
			defer w.mu.Unlock()
			t := at.tags[tag]
			t.looked = w.now()
			if err == nil {
				at.point(tag, t, d.Digest)
			} else {
				t.listed = false // it went between the list and the look
			}
			return nil
		})
	}
	return group.Wait()
}
