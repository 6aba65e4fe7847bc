package cmd

import (
	"context"
	"fmt"
	"slices"

	"regatta/cmd/app"
	"regatta/model/cost"
	"regatta/model/graph"
	"regatta/model/image"
	"regatta/model/lifecycle"
	"regatta/model/ref"
	"regatta/model/text"
	"regatta/model/usage"
	"regatta/registry"
)

// previewInput is the images of a repository as a policy looks at them.
type previewInput struct {
	repository string
	images     []lifecycle.Image
	weigh      lifecycle.Weigher // nil: only sizes are known
	made       int               // images whose time is when they were made, for want of a push time
	untagged   bool              // images without tags would be listed
	failed     failures
	uses       usage.Matches
	notes      []string // who did not tell what runs
	price      cost.Price
}

func readPreviewFile(ctx context.Context, path string) (*previewInput, error) {
	raw, err := app.ReadFile(ctx, path)
	if err != nil {
		return nil, fmt.Errorf("read the images: %w", err)
	}
	in := &previewInput{untagged: true}
	in.repository, in.images, err = lifecycle.ParseImages(raw)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", text.Clean(path), err)
	}
	return in, nil
}

// preview is the content as a policy looks at it.
func (c *content) preview(b registry.Backend, r ref.Reference, uses usage.Set) *previewInput {
	g := c.view.Graph
	in := &previewInput{
		repository: r.Repository, untagged: b.Capabilities().Untagged, weigh: weigher(g), failed: c.failed,
		uses: matched(uses, r, g), notes: notAsked(uses),
	}
	for _, d := range slices.Concat(g.Manifests(), c.unread) {
		in.add(c.images[d], d, g)
	}
	if n := len(c.unread); n > 0 {
		in.notes = append(in.notes, "what "+text.Plural(n, "archived image lists", "archived images list")+" is not known")
	}
	return in
}

func weigher(g *graph.Graph) lifecycle.Weigher {
	return func(gone []ref.Digest) (bytes int64, exact bool) {
		for _, n := range g.Reclaim(gone) {
			bytes += n
		}
		return bytes, g.Complete()
	}
}

func (in *previewInput) add(found image.Image, d ref.Digest, g *graph.Graph) {
	img := lifecycle.Of(found)
	img.Digest, img.Tags, img.Children = d, g.Tags(d), g.Children(d)
	if subjects := g.Subjects(d); len(subjects) > 0 {
		img.Subject = subjects[0]
	}
	if found.Pushed.IsZero() && !found.Created.IsZero() {
		in.made++
	}
	in.images = append(in.images, img)
}
