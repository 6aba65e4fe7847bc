package ecr

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
	pagesCounted = 5
	// readsAtATime keeps two batches of manifests full.
	readsAtATime = 2 * batchSize
)

// DescribeRepository counts the images of a repository and their tags, up to a
// few pages of them. No manifest is read, so the bytes are not known.
func (c *Client) DescribeRepository(ctx context.Context, name string) (image.Repository, error) {
	r := c.row(name)
	err := c.count(ctx, &r, pagesCounted, func(image.Image) {})
	return r, err
}

func (c *Client) row(name string) image.Repository {
	r := image.NewRepository(name)
	r.Pinned = slices.Contains(c.o.OCI.Pins, name)
	return r
}

// count lists up to so many pages into r; none is all.
func (c *Client) count(ctx context.Context, r *image.Repository, pages int, each func(image.Image)) error {
	counted := *r
	counted.Tags, counted.Images, counted.Stored = 0, 0, image.Stored{}
	next := ""
	for n := 1; ; n++ {
		page, err := c.Images(ctx, r.Name, next)
		if err != nil {
			r.State, r.Err = image.Failed, err
			return err
		}
		for _, img := range page.Images {
			tally(&counted, img)
			each(img)
		}
		if next = page.Next; next == "" || n == pages {
			break
		}
	}
	counted.More, counted.State = next != "", image.Read
	counted.Stored.Known = next == ""
	*r = counted
	return nil
}

// tally counts an image that has a tag; one without may be a part of another.
func tally(r *image.Repository, img image.Image) {
	r.Tags += len(img.Tags)
	if img.Pushed.After(r.LastPush) {
		r.LastPush = img.Pushed
	}
	if len(img.Tags) > 0 {
		r.Images++
	}
	weigh(&r.Stored, img)
}

// weigh adds an image to what is stored, as if it shared nothing. The size of an
// index is that of one of its images, which are listed by themselves.
func weigh(s *image.Stored, img image.Image) {
	size := max(0, img.Size)
	switch {
	case img.Kind == image.KindIndex:
		return
	case img.Storage == image.Archived:
		s.Archived += size
	default:
		s.Standard += size
	}
	s.AtMost = s.AtMost || size > 0
}

// SurveyRepository reads all manifests of a repository, through the cache, to
// count the bytes of their distinct configs and layers. It counts as a pull of
// each. A manifest that cannot be read is left out; the first such error is in
// Err. Cancelled, it returns what it has with the error.
func (c *Client) SurveyRepository(ctx context.Context, name string) (image.Repository, error) {
	r := c.row(name)
	var digests []ref.Digest
	err := c.count(ctx, &r, 0, func(img image.Image) {
		if img.Storage == image.Standard {
			digests = append(digests, img.Digest)
		}
	})
	if err != nil {
		return r, err
	}
	s := sum{}
	err = s.read(ctx, c, name, digests)
	r.Size, r.Err = s.blobs.Bytes(), s.missed
	if err == nil && s.missed == nil {
		// The archive cannot be read: of that it stays an upper bound.
		r.Stored = image.Stored{Known: true, Standard: r.Size, Archived: r.Stored.Archived, AtMost: r.Stored.Archived > 0}
	}
	if err != nil {
		r.More, r.State, r.Err = true, image.Failed, err
	}
	return r, err
}

// sum adds up the blobs of manifests that are read at the same time.
type sum struct {
	mu     sync.Mutex
	blobs  image.Sum
	missed error
}

func (s *sum) read(ctx context.Context, c *Client, repo string, digests []ref.Digest) error {
	group, inner := errgroup.WithContext(ctx)
	group.SetLimit(readsAtATime)
	for _, d := range digests {
		group.Go(func() error {
			m, err := c.Manifest(inner, repo, string(d))
			if err != nil && !ownFault(err) {
				return err
			}
			s.add(m, err)
			return nil
		})
	}
	return group.Wait()
}

func (s *sum) add(m image.Manifest, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if err == nil {
		s.blobs.Add(m)
	} else if s.missed == nil {
		s.missed = err
	}
}

// ownFault tells what is wrong with one image from what is wrong with the
// registry or the way to it.
func ownFault(err error) bool {
	own := []fault.Kind{fault.NotFound, fault.Corrupt, fault.TooLarge, fault.Protocol}
	return slices.Contains(own, fault.KindOf(err))
}
