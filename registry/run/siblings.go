package run

import (
	"context"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"regatta/model/fault"
	"regatta/model/plan"
	"regatta/model/ref"
)

// siblings know what all tags of a repository point to, so that a delete by
// digest takes no tag along that the plan does not name. They look again after a
// while: reading every tag before every step would take longer than the steps.
type siblings struct {
	reg Reader
	now func() time.Time

	mu    sync.Mutex
	repos map[string]tagList
}

type tagList struct {
	at   time.Time
	tags map[ref.Digest][]string
}

const (
	tagListAge  = 20 * time.Second
	tagsAtATime = 16
)

func newSiblings(reg Reader, now func() time.Time) *siblings {
	return &siblings{reg: reg, now: now, repos: map[string]tagList{}}
}

// other is a tag on the digest that s does not name, "" if there is none.
func (b *siblings) other(ctx context.Context, s plan.Step) (string, error) {
	tags, err := b.on(ctx, s.Reference.Repository, s.Digest)
	for _, tag := range tags {
		if slices.Contains(s.Tags, tag) || tag == s.Expect.Tag {
			continue
		}
		// It may have gone meanwhile, by a step of this very run.
		d, err := b.reg.Resolve(ctx, s.Reference.Repository, tag)
		if err == nil && d.Digest == s.Digest {
			return tag, nil
		}
		if err != nil && !fault.Is(err, fault.NotFound) {
			return "", err
		}
	}
	return "", err
}

func (b *siblings) on(ctx context.Context, repo string, d ref.Digest) ([]string, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	list, ok := b.repos[repo]
	if !ok || b.now().Sub(list.at) >= tagListAge {
		var err error
		if list, err = b.read(ctx, repo); err != nil {
			return nil, err
		}
		b.repos[repo] = list
	}
	return list.tags[d], nil
}

func (b *siblings) read(ctx context.Context, repo string) (tagList, error) {
	list := tagList{at: b.now(), tags: map[ref.Digest][]string{}}
	var mu sync.Mutex
	group, inner := errgroup.WithContext(ctx)
	group.SetLimit(tagsAtATime)
	for cursor := ""; ; {
		page, err := b.reg.Images(ctx, repo, cursor)
		if err != nil {
			_ = group.Wait() // the listing's error is the cause
			return list, err
		}
		for _, img := range page.Images {
			for _, tag := range img.Tags {
				group.Go(func() error {
					d, err := b.reg.Resolve(inner, repo, tag)
					if fault.Is(err, fault.NotFound) {
						return nil
					}
					if err != nil {
						return err
					}
					mu.Lock()
					defer mu.Unlock()
					list.tags[d.Digest] = append(list.tags[d.Digest], tag)
					return nil
				})
			}
		}
		if cursor = page.Next; cursor == "" {
			return list, group.Wait()
		}
	}
}
