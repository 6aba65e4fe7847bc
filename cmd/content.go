package cmd

import (
	"context"
	"fmt"
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

// content is all that a registry tells of a repository.
type content struct {
	view   plan.View
	images map[ref.Digest]image.Image // sizes and times; of a size below 0 nothing is known
	failed failures
	unread []ref.Digest // of what is archived: what it lists is not known
}

// readContent reads a repository as ECR would list it: with the children of
// indexes and what refers to images, whether they have tags or not.
func readContent(
	ctx context.Context, s *app.App, streams Streams, b registry.Backend, r ref.Reference, sparing bool, o survey.Options,
) (*content, error) {
	p := streams.progress(s.Now, "read", "images")
	defer p.clear()
	reader := newTagReader(b, r, p)
	reader.sparing = sparing
	listed, err := readAll(ctx, reader, streams)
	if err != nil {
		return nil, err
	}
	o.Progress = p.add
	return contentOf(ctx, b, r, listed, o)
}

// listedContent reads a repository without telling anybody how far it is.
func listedContent(ctx context.Context, b registry.Backend, r ref.Reference, o survey.Options) (*content, error) {
	listed, err := app.ListImages(ctx, b, r.Repository)
	if err != nil {
		return nil, err
	}
	return contentOf(ctx, b, r, listed, o)
}

// contentOf reads the manifests of a repository, with sizes and times. Listed
// are its images as the registry lists them.
func contentOf(
	ctx context.Context, b registry.Backend, r ref.Reference, listed []image.Image, o survey.Options,
) (*content, error) {
	v, err := survey.View(ctx, b, r.Repository, o)
	if err != nil {
		return nil, err
	}
	c := &content{view: v, images: map[ref.Digest]image.Image{}}
	c.archive(listed)
	for _, gap := range v.Graph.Gaps() {
		if !slices.Contains(c.unread, gap.Digest) {
			c.failed.list = append(c.failed.list, failure{gapName(gap), fmt.Errorf("%s", gap.Reason)})
		}
	}
	if err := c.describe(ctx, b, r); err != nil {
		return nil, err
	}
	c.listed(listed)
	return c, nil
}

// stock is the content as rules look at it.
func (c *content) stock() *cleanup.Stock {
	s := cleanup.NewStock(c.view.Graph, c.images)
	s.Archives = c.view.Can.Archives
	return s
}

// archive takes over what is not where it can be read, of which the listing
// tells all that is known.
func (c *content) archive(listed []image.Image) {
	for _, row := range listed {
		if row.Storage == image.Standard {
			continue
		}
		c.images[row.Digest] = row
		if read, _ := c.view.Graph.Known(row.Digest); !read {
			c.unread = append(c.unread, row.Digest)
		}
	}
}

// listed adds what only the listing tells.
func (c *content) listed(rows []image.Image) {
	for _, row := range rows {
		if row.Pushed.IsZero() && row.Pulled.IsZero() {
			continue
		}
		if found, ok := c.images[row.Digest]; ok {
			c.images[row.Digest] = found.Listed(row)
		}
	}
}

// readAll reads every image that is listed. Where that stops on its way, what
// rules count would be wrong.
func readAll(ctx context.Context, reader *tagReader, streams Streams) ([]image.Image, error) {
	listed, err := app.ListImages(ctx, reader.backend, reader.ref.Repository)
	if err != nil {
		return nil, err
	}
	if err := reader.checkCost(ctx, streams, listed); err != nil {
		return nil, err
	}
	if err := reader.read(ctx, listed); err != nil {
		return nil, err
	}
	return listed, reader.stopped
}

func gapName(g graph.Gap) string {
	if g.Tag != "" {
		return g.Tag
	}
	return string(g.Digest)
}

// readable are the manifests of the graph that are not in the archive.
func (c *content) readable() []ref.Digest {
	return slices.DeleteFunc(c.view.Graph.Manifests(), func(d ref.Digest) bool {
		_, known := c.images[d]
		return known
	})
}

// describe adds sizes and times of every manifest of the graph.
func (c *content) describe(ctx context.Context, b registry.Backend, r ref.Reference) error {
	var mu sync.Mutex
	return app.Each(ctx, c.readable(), func(ctx context.Context, d ref.Digest) error {
		found, err := b.Describe(ctx, r.Repository, image.Image{Digest: d}, false)
		if app.MeetsAll(err) || ctx.Err() != nil {
			return err
		}
		mu.Lock()
		defer mu.Unlock()
		if err != nil {
			c.failed.add(string(d), err)
			found = image.Image{Size: -1}
		}
		c.images[d] = found
		return nil
	})
}
