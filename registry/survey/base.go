package survey

import (
	"context"
	"slices"
	"sync"

	"golang.org/x/sync/errgroup"

	"regatta/model/base"
	"regatta/model/fault"
	"regatta/model/graph"
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
// platform. Those that cannot be read are there as such.
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
			c.Digest = d
			c.Repository, c.Tags = ref.Reference{Host: r.Host, Repository: r.Repository}, tags
			mu.Lock()
			defer mu.Unlock()
			if ok {
				out = append(out, c)
			}
			return context.Cause(inner)
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	return append(out, unreadBases(g, r, out)...), nil
}

// unreadBases are the tagged images of which not even the manifest could be read.
func unreadBases(g *graph.Graph, r ref.Reference, read []base.Candidate) []base.Candidate {
	var out []base.Candidate
	for _, gap := range g.Gaps() {
		tags := g.Tags(gap.Digest)
		if gap.Tag != "" {
			tags = []string{gap.Tag}
		}
		known := slices.ContainsFunc(read, func(c base.Candidate) bool { return c.Digest == gap.Digest })
		if len(tags) > 0 && !known {
			out = append(out, base.Candidate{
				Repository: ref.Reference{Host: r.Host, Repository: r.Repository}, Digest: gap.Digest, Tags: tags, Unread: true,
			})
		}
	}
	return out
}

// candidate reads one; ok is false where it is not for the platform.

func candidate(
	ctx context.Context, l Library, repo string, d ref.Digest, want image.Platform,
) (c base.Candidate, ok bool) {
	root, err := l.Manifest(ctx, repo, string(d))
	if err != nil {
		return base.Candidate{Unread: true}, true
	}
	m, err := ForPlatform(ctx, l, repo, repo, root, want)
	if err != nil {
		return base.Candidate{Unread: true}, !fault.Is(err, fault.NotFound)
	}
	config, err := l.Config(ctx, repo, m)
	if err != nil {
		return base.Candidate{Image: m.Digest, Unread: true}, true
	}
	c = base.Candidate{Digest: d, Image: m.Digest, Created: config.Created}
	for _, layer := range m.Layers {
		c.Layers = append(c.Layers, layer.Digest)
	}
	return c, true
}
