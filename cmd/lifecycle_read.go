package cmd

import (
	"context"
	"fmt"
	"sync"

	"regatta/model/graph"
	"regatta/model/image"
	"regatta/model/lifecycle"
	"regatta/model/ref"
	"regatta/model/text"
	"regatta/registry"
	"regatta/registry/survey"
)

// previewInput is the images of a repository as a policy looks at them.
type previewInput struct {
	repository string
	images     []lifecycle.Image
	weigh      lifecycle.Weigher // nil: only sizes are known
	made       int               // images whose time is when they were made, for want of a push time
	untagged   bool              // images without tags would be listed
	failed     failures
}

func readPreviewFile(path string) (*previewInput, error) {
	raw, err := readFile(path)
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

// readPreviewRegistry reads a repository as ECR would list it: with the
// children of indexes and what refers to images, whether they have tags or not.
func readPreviewRegistry(ctx context.Context, s *session, streams Streams, o previewOptions) (*previewInput, error) {
	r, err := s.repository(o.target)
	if err != nil {
		return nil, err
	}
	b, err := s.open(r.Host)
	if err != nil {
		return nil, err
	}
	p := streams.progress(s.now, "read", "images")
	defer p.clear()
	reader := newTagReader(b, r, p)
	reader.sparing = !o.yes
	if err := readAll(ctx, reader, streams); err != nil {
		return nil, err
	}
	return readRepository(ctx, b, r, p.add)
}

// readRepository reads the manifests of a repository, with sizes and times.
func readRepository(
	ctx context.Context, b registry.Backend, r ref.Reference, progress func(total, done int),
) (*previewInput, error) {
	g, err := survey.Graph(ctx, b, b, r.Repository, survey.Options{Referrers: true, Progress: progress})
	if err != nil {
		return nil, err
	}
	in := &previewInput{repository: r.Repository, untagged: b.Capabilities().Untagged, weigh: weigher(g)}
	for _, gap := range g.Gaps() {
		in.failed.list = append(in.failed.list, failure{gapName(gap), fmt.Errorf("%s", gap.Reason)})
	}
	return in, in.describe(ctx, b, r, g)
}

// readAll reads every image that is listed. Where that stops on its way, what
// rules count would be wrong.
func readAll(ctx context.Context, reader *tagReader, streams Streams) error {
	listed, err := listImages(ctx, reader.backend, reader.ref.Repository)
	if err != nil {
		return err
	}
	if err := reader.checkCost(ctx, streams, listed); err != nil {
		return err
	}
	if err := reader.read(ctx, listed); err != nil {
		return err
	}
	return reader.stopped
}

func gapName(g graph.Gap) string {
	if g.Tag != "" {
		return g.Tag
	}
	return string(g.Digest)
}

func weigher(g *graph.Graph) lifecycle.Weigher {
	return func(gone []ref.Digest) (bytes int64, exact bool) {
		for _, n := range g.Reclaim(gone) {
			bytes += n
		}
		return bytes, g.Complete()
	}
}

// describe adds sizes and times to every manifest of the graph.
func (in *previewInput) describe(ctx context.Context, b registry.Backend, r ref.Reference, g *graph.Graph) error {
	var mu sync.Mutex
	return each(ctx, g.Manifests(), func(ctx context.Context, d ref.Digest) error {
		found, err := b.Describe(ctx, r.Repository, image.Image{Digest: d}, false)
		if meetsAll(err) || ctx.Err() != nil {
			return err
		}
		mu.Lock()
		defer mu.Unlock()
		if err != nil {
			in.failed.add(string(d), err)
			found = image.Image{Size: -1}
		}
		in.add(found, d, g)
		return nil
	})
}

func (in *previewInput) add(found image.Image, d ref.Digest, g *graph.Graph) {
	img := lifecycle.Image{
		Digest: d, Tags: g.Tags(d), Size: found.Size, Class: lifecycle.Standard,
		Pushed: found.Time(), Pulled: found.Pulled, Children: g.Children(d),
	}
	if subjects := g.Subjects(d); len(subjects) > 0 {
		img.Subject = subjects[0]
	}
	if found.Pushed.IsZero() && !found.Created.IsZero() {
		in.made++
	}
	in.images = append(in.images, img)
}
