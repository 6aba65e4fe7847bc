// Package reading reads repositories for verbs, with a line that tells how far it is. It
// imports app and model.
package reading

import (
	"context"

	"regatta/cmd/app"
	"regatta/cmd/app/browse"
	"regatta/cmd/app/retention"
	"regatta/cmd/cli/output"
	"regatta/model/image"
	"regatta/model/ref"
	"regatta/registry"
	"regatta/registry/survey"
)

// Content reads a repository as ECR would list it: with the children of
// indexes and what refers to images, whether they have tags or not. It tells how far it
// is, and if sparing asks for --yes where that costs many pulls.
func Content(
	ctx context.Context, s *app.App, streams output.Streams, b registry.Backend, r ref.Reference, sparing bool,
	o survey.Options,
) (*retention.Content, error) {
	p := streams.Progress(s.Now, "read", "images")
	defer p.Clear()
	listed, err := All(ctx, Reader(b, r, p, !sparing), b, r, streams)
	if err != nil {
		return nil, err
	}
	o.Progress = p.Add
	return retention.ReadListed(ctx, b, r, listed, o)
}

// All reads every image that is listed. Where that stops on its way, what
// rules count would be wrong.
func All(
	ctx context.Context, reader *browse.Reader, b registry.Backend, r ref.Reference, streams output.Streams,
) ([]image.Image, error) {
	listed, err := app.ListImages(ctx, b, r.Repository)
	if err != nil {
		return nil, err
	}
	if err := Costs(ctx, streams, reader, r, listed); err != nil {
		return nil, err
	}
	if err := reader.Read(ctx, listed); err != nil {
		return nil, err
	}
	return listed, reader.Stopped
}

// Health reads all that a repository has, and what of it belongs together; with all, also
// where the registry counts many reads.
func Health(
	ctx context.Context, s *app.App, streams output.Streams, r ref.Reference, all bool,
) (*retention.Health, error) {
	b, err := s.Open(r.Host)
	if err != nil {
		return nil, err
	}
	p := streams.Progress(s.Now, "read", "tags and manifests")
	defer p.Clear()
	listed, err := app.ListImages(ctx, b, r.Repository)
	if err != nil {
		return nil, err
	}
	if err := Costs(ctx, streams, Reader(b, r, p, all), r, listed); err != nil {
		return nil, err
	}
	return retention.ReadHealth(ctx, b, r, p.Add)
}
