package survey

import (
	"context"
	"sync"

	"golang.org/x/sync/errgroup"

	"regatta/model/base"
	"regatta/model/image"
	"regatta/model/ref"
)

// Library is a registry whose images others are built from.
type Library interface {
	Source
	Describer

	Config(ctx context.Context, repo string, m image.Manifest) (image.Config, error)
}

// Bases are the tagged images of a repository, as far as they are for the
// platform. What cannot be read is left out.
func Bases(ctx context.Context, l Library, r ref.Reference, want image.Platform) ([]base.Candidate, error) {
	g, err := Graph(ctx, l, l, r.Repository, Options{})
	if err != nil {
		return nil, err
	}
	var mu sync.Mutex
	var out []base.Candidate
	group, inner := errgroup.WithContext(ctx)
	group.SetLimit(atATime)
	for _, d := range g.Manifests() {
		tags := g.Tags(d)
		if len(tags) == 0 {
			continue
		}
		group.Go(func() error {
			c, ok := candidate(inner, l, r.Repository, d, want)
			c.Repository, c.Tags = ref.Reference{Host: r.Host, Repository: r.Repository}, tags
			mu.Lock()
			defer mu.Unlock()
			if ok {
				out = append(out, c)
			}
			return context.Cause(inner)
		})
	}
	return out, group.Wait()
}

func candidate(
	ctx context.Context, l Library, repo string, d ref.Digest, want image.Platform,
) (c base.Candidate, ok bool) {
	root, err := l.Manifest(ctx, repo, string(d))
	if err != nil {
		return c, false
	}
	m, err := ForPlatform(ctx, l, repo, repo, root, want)
	if err != nil {
		return c, false
	}
	config, err := l.Config(ctx, repo, m)
	if err != nil {
		return c, false
	}
	c = base.Candidate{Digest: d, Image: m.Digest, Created: config.Created}
	for _, layer := range m.Layers {
		c.Layers = append(c.Layers, layer.Digest)
	}
	return c, true
}
