package cmd

import (
	"context"

	"regatta/cmd/app"
	"regatta/cmd/app/retention"
	"regatta/model/image"
	"regatta/model/ref"
	"regatta/registry"
	"regatta/registry/survey"
)

// readContent reads a repository as ECR would list it: with the children of
// indexes and what refers to images, whether they have tags or not. It tells how far it
// is, and if sparing asks for --yes where that costs many pulls.
func readContent(
	ctx context.Context, s *app.App, streams Streams, b registry.Backend, r ref.Reference, sparing bool, o survey.Options,
) (*retention.Content, error) {
	p := streams.progress(s.Now, "read", "images")
	defer p.clear()
	reader := newTagReader(b, r, p)
	reader.sparing = sparing
	listed, err := readAll(ctx, reader, streams)
	if err != nil {
		return nil, err
	}
	o.Progress = p.add
	return retention.ReadListed(ctx, b, r, listed, o)
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
