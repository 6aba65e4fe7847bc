package oci

import (
	"context"
	"slices"
	"sync"

	"golang.org/x/sync/errgroup"

	"regatta/model/fault"
	"regatta/model/image"
	"regatta/model/ref"
)

const (
	pagesCounted  = 5
	imagesAtATime = 16
)

// DescribeRepository counts the tags of a repository, up to a few pages of
// them, and adds what the store knows of its images.
func (c *Client) DescribeRepository(ctx context.Context, name string) (image.Repository, error) {
	r := c.row(name)
	tags, omitted, next, err := c.tagPage(ctx, name, "")
	r.Tags, r.More = len(tags), omitted > 0
	for page := 1; err == nil && next != "" && page < pagesCounted; page++ {
		tags, omitted, next, err = c.tagPage(ctx, name, next)
		r.Tags, r.More = r.Tags+len(tags), r.More || omitted > 0
	}
	if err != nil {
		r = c.row(name)
		r.State, r.Err = image.Failed, err
		return r, err
	}
	r.More, r.State = r.More || next != "", image.Read
	return c.recall(ctx, r)
}

// recall adds what the store knows.
func (c *Client) recall(ctx context.Context, r image.Repository) (image.Repository, error) {
	images, err := c.seen(ctx, r.Name)
	if err != nil || len(images) == 0 {
		return r, err
	}
	t := newTally(offline{c})
	for _, img := range images {
		if m, ok := c.cachedManifest(ctx, img.Digest); ok {
			if err := t.count(ctx, m, img.Tags); err != nil {
				return r, failed(request{op: "recall", object: c.name(r.Name)}, err)
			}
		}
	}
	t.report(&r)
	return r, nil
}

// SurveyRepository reads every tagged image of a repository, through the cache:
// how many there are, the bytes of their distinct configs and layers, and when
// the newest was made. An image that cannot be read is left out; the first such
// error is in Err. Cancelled, it returns what it has with the error.
func (c *Client) SurveyRepository(ctx context.Context, name string) (image.Repository, error) {
	r := c.row(name)
	r.Tags = 0
	t := newTally(online{c, name})
	for next := ""; ; {
		tags, omitted, after, err := c.tagPage(ctx, name, next)
		if err == nil {
			r.Tags, r.More = r.Tags+len(tags), r.More || omitted > 0
			err = c.countAll(ctx, t, name, tags)
		}
		if err != nil {
			t.report(&r)
			r.More, r.State, r.Err = true, image.Failed, err
			return r, err
		}
		if next = after; next == "" {
			t.report(&r)
			r.State, r.Err = image.Read, t.err
			r.Stored = image.Stored{Known: t.err == nil, Standard: r.Size}
			return r, nil
		}
	}
}

// countAll reads the images of tags. Only an error that the next image would
// meet too ends it.
func (c *Client) countAll(ctx context.Context, t *tally, repo string, tags []string) error {
	group, inner := errgroup.WithContext(ctx)
	group.SetLimit(imagesAtATime)
	free := !c.ratelimit.Load()
	for _, tag := range tags {
		group.Go(func() error {
			if free && c.ratelimit.Load() {
				return errCounted(c.name(repo))
			}
			m, err := c.lookUp(inner, repo, image.Image{Tags: []string{tag}}, false)
			if err == nil {
				err = t.count(inner, m, []string{tag})
			}
			if ownFault(err) {
				t.miss(err)
				return nil
			}
			return err
		})
	}
	return group.Wait()
}

// errCounted ends a survey that was begun before the registry said that it
// counts reads: whoever wants it all the same asks again.
func errCounted(name string) error {
	return &fault.Error{
		Op: "read all images of", Object: name, Kind: fault.RateLimited,
		Detail: "reads count as pulls here, so not all are read",
	}
}

// ownFault tells what is wrong with one image from what is wrong with the
// registry or the way to it.
func ownFault(err error) bool {
	own := []fault.Kind{fault.NotFound, fault.Corrupt, fault.TooLarge, fault.Protocol}
	return slices.Contains(own, fault.KindOf(err))
}

// tally is a source that adds up what passes through it.
type tally struct {
	source

	mu     sync.Mutex
	blobs  image.Sum
	images map[ref.Digest]bool
	newest image.Image
	err    error
}

func newTally(s source) *tally {
	return &tally{source: s, images: map[ref.Digest]bool{}}
}

// manifest implements source.
func (t *tally) manifest(ctx context.Context, d ref.Digest) (image.Manifest, error) {
	m, err := t.source.manifest(ctx, d)
	if err == nil {
		t.add(m)
	}
	return m, err
}

func (t *tally) add(m image.Manifest) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.blobs.Add(m)
}

// count takes in the image of m. What accompanies another image adds its bytes
// but is not an image.
func (t *tally) count(ctx context.Context, m image.Manifest, tags []string) error {
	t.mu.Lock()
	known := t.images[m.Digest]
	t.mu.Unlock()
	if known {
		return nil
	}
	img, err := details(ctx, t, m)
	if err != nil {
		return err
	}
	t.add(m)
	if companion(tags) {
		return nil
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.images[m.Digest] = true
	if img.Created.After(t.newest.Created) {
		t.newest = img
	}
	return nil
}

func companion(tags []string) bool {
	for _, tag := range tags {
		if _, ok := image.ParseCompanion(tag); !ok {
			return false
		}
	}
	return len(tags) > 0
}

func (t *tally) miss(err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.err == nil {
		t.err = err
	}
}

func (t *tally) report(r *image.Repository) {
	t.mu.Lock()
	defer t.mu.Unlock()
	r.Images, r.Size, r.LastPush = len(t.images), t.blobs.Bytes(), t.newest.Time()
}
