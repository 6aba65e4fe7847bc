// Package retention is what stays in a repository and what goes: it tries lifecycle
// policies and cleanup rules on it, and looks for what is wrong with it, for both faces
// alike. It reads, and changes nothing. It imports app, model and registry.
package retention

import (
	"context"
	"errors"
	"slices"
	"sync"

	"regatta/cmd/app"
	"regatta/model/cleanup"
	"regatta/model/graph"
	"regatta/model/image"
	"regatta/model/plan"
	"regatta/model/ref"
	"regatta/registry"
	"regatta/registry/survey"
)

// Progress is told how much there is to do, and how much of it is done, added to what
// was said before.
type Progress = func(total, done int)

// Content is all that a registry tells of a repository.
type Content struct {
	View   plan.View
	Unread []app.Failure // what could not be read, and why

	images   map[ref.Digest]image.Image // sizes and times; of a size below 0 nothing is known
	archived []ref.Digest               // what these list is not known
}

// ForPolicies is what lifecycle policies look at.
func ForPolicies() survey.Options { return survey.Options{Referrers: true} }

// ForRules is what cleanup rules look at.
func ForRules() survey.Options { return survey.Options{Referrers: true, Subjects: true} }

// Read lists a repository and reads it.
func Read(ctx context.Context, b registry.Backend, r ref.Reference, o survey.Options) (*Content, error) {
	listed, err := app.ListImages(ctx, b, r.Repository)
	if err != nil {
		return nil, err
	}
	return ReadListed(ctx, b, r, listed, o)
}

// ReadListed reads the manifests of a repository, with sizes and times: those of the
// children of indexes and of what refers to images too, whether they have tags or not.
// Listed are its images as the registry lists them.
func ReadListed(
	ctx context.Context, b registry.Backend, r ref.Reference, listed []image.Image, o survey.Options,
) (*Content, error) {
	v, err := survey.View(ctx, b, r.Repository, o)
	if err != nil {
		return nil, err
	}
	c := &Content{View: v, images: map[ref.Digest]image.Image{}}
	c.archive(listed)
	for _, gap := range v.Graph.Gaps() {
		if !slices.Contains(c.archived, gap.Digest) {
			c.Unread = append(c.Unread, app.Failure{Name: gapName(gap), Err: errors.New(gap.Reason)})
		}
	}
	if err := c.describe(ctx, b, r); err != nil {
		return nil, err
	}
	c.listed(listed)
	return c, nil
}

// Stock is the content as rules look at it.
func (c *Content) Stock() *cleanup.Stock {
	s := cleanup.NewStock(c.View.Graph, c.images)
	s.Archives = c.View.Can.Archives
	return s
}

// archive takes over what is not where it can be read, of which the listing
// tells all that is known.
func (c *Content) archive(listed []image.Image) {
	for _, row := range listed {
		if row.Storage == image.Standard {
			continue
		}
		c.images[row.Digest] = row
		if read, _ := c.View.Graph.Known(row.Digest); !read {
			c.archived = append(c.archived, row.Digest)
		}
	}
}

// listed adds what only the listing tells.
func (c *Content) listed(rows []image.Image) {
	for _, row := range rows {
		if row.Pushed.IsZero() && row.Pulled.IsZero() {
			continue
		}
		if found, ok := c.images[row.Digest]; ok {
			c.images[row.Digest] = found.Listed(row)
		}
	}
}

// readable are the manifests of the graph that are not in the archive.
func (c *Content) readable() []ref.Digest {
	return slices.DeleteFunc(c.View.Graph.Manifests(), func(d ref.Digest) bool {
		_, known := c.images[d]
		return known
	})
}

// describe adds sizes and times of every manifest of the graph.
func (c *Content) describe(ctx context.Context, b registry.Backend, r ref.Reference) error {
	var mu sync.Mutex
	return app.Each(ctx, c.readable(), func(ctx context.Context, d ref.Digest) error {
		found, err := b.Describe(ctx, r.Repository, image.Image{Digest: d}, false)
		if app.MeetsAll(err) || ctx.Err() != nil {
			return err
		}
		mu.Lock()
		defer mu.Unlock()
		if err != nil {
			c.Unread = append(c.Unread, app.Failure{Name: string(d), Err: err})
			found = image.Image{Size: -1}
		}
		c.images[d] = found
		return nil
	})
}

func gapName(g graph.Gap) string {
	if g.Tag != "" {
		return g.Tag
	}
	return string(g.Digest)
}
