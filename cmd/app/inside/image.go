// Package inside looks into images for both faces alike: the files of their layers, how
// two of them differ, what one was built from, and what accompanies it. It reads, and
// writes nothing but the files that somebody saves. It imports app, model and registry.
package inside

import (
	"context"
	"errors"

	"golang.org/x/sync/errgroup"

	"regatta/cmd/app"
	"regatta/model/file"
	"regatta/model/image"
	"regatta/model/ref"
	"regatta/registry"
	"regatta/registry/layer"
	"regatta/registry/survey"
)

// Image is the image of a platform with its files, once Read has read them.
type Image struct {
	Ref       ref.Reference // with the digest of the image of a platform
	Platform  image.Platform
	Manifest  image.Manifest
	Config    image.Config
	Layers    []image.Step // with the layer that each made
	Members   []int        // of the tar of each layer
	Files     file.Image
	LayerErrs []error       // by layer, nil where it was read; each unwraps to why it was not
	Failed    []app.Failure // the layers that could not be read

	configErr error // why the config could not be read
	reader    layer.Reader
}

// Open reads the manifest and config of an image: of an index, that of the platform that is
// wanted, or the one that stands for it. Read reads its files.
func Open(ctx context.Context, a *app.App, e Resolved, want *image.Platform) (*Image, error) {
	repo := e.Ref.Repository
	m, err := e.Backend.Manifest(ctx, repo, string(e.Ref.Digest))
	switch {
	case err != nil:
		return nil, err
	case want != nil:
		m, err = survey.ForPlatform(ctx, e.Backend, repo, e.Ref.String(), m, *want)
	case m.Kind == image.KindIndex:
		m, err = e.Backend.Manifest(ctx, repo, string(image.DefaultChild(m)))
	}
	if err != nil {
		return nil, err
	}
	e.Ref.Digest = m.Digest
	return imageOf(ctx, a, e.Backend, e.Ref, m), nil
}

// imageOf is an image whose manifest was read.
func imageOf(ctx context.Context, a *app.App, b registry.Backend, r ref.Reference, m image.Manifest) *Image {
	in := &Image{Ref: r, reader: layer.Reader{Blobs: b, Lists: a.Store(), Repository: r.Repository}}
	c, err := b.Config(ctx, r.Repository, m)
	if err == nil { // without it nobody knows which step made a layer
		in.Platform = c.Platform
	}
	in.Manifest, in.Config, in.configErr = m, c, err
	in.reader.DiffIDs = image.DiffIDs(m, c)
	in.Layers = image.LayerSteps(m, c)
	in.Members, in.LayerErrs = make([]int, len(in.Layers)), make([]error, len(in.Layers))
	return in
}

// layersAtATime is how many layers are read side by side.
const layersAtATime = 3

// Read reads the lists of all layers, and lays them above each other. Of a layer
// that cannot be read the error is kept: what it hides or takes away is unknown.
func (in *Image) Read(ctx context.Context, progress Progress) error {
	group, inner := errgroup.WithContext(ctx)
	group.SetLimit(layersAtATime)
	for _, st := range in.Layers {
		progress(st.Layer.Size, 0)
	}
	lists := make([]file.Layer, len(in.Layers))
	for i, st := range in.Layers {
		group.Go(func() error {
			var seen int64
			list, err := in.reader.List(inner, st.Layer, func(n int64) {
				seen += n
				progress(0, n)
			})
			lists[i] = file.Layer{Entries: list, Unread: err != nil}
			in.Members[i], in.LayerErrs[i] = len(list), layerError(i, st.Layer, err)
			progress(0, st.Layer.Size-seen) // a list that was kept takes no reading
			return nil
		})
	}
	_ = group.Wait() // errors are those of layers
	for i, err := range in.LayerErrs {
		if err != nil {
			in.Failed = append(in.Failed, app.Failure{
				Name: layerName(i, in.Layers[i].Layer), Err: errors.Unwrap(err),
			})
		}
	}
	if err := context.Cause(ctx); err != nil {
		return err
	}
	var err error
	in.Files, err = file.MergeRead(ctx, lists)
	return err
}

// descriptors are the layers in their order.
func (in *Image) descriptors() []image.Descriptor {
	out := make([]image.Descriptor, len(in.Layers))
	for i, st := range in.Layers {
		out[i] = st.Layer
	}
	return out
}
