package cmd

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

// interior is the files of an image.
type interior struct {
	ref       ref.Reference // with the digest of the image of a platform
	platform  image.Platform
	manifest  image.Manifest
	config    image.Config
	configErr error // why it could not be read
	reader    layer.Reader
	layers    []image.Step // with the layer that each made
	members   []int        // of the tar of each layer
	files     file.Image
	errs      []error // by layer, nil where it was read; each unwraps to why it was not
	failed    []app.Failure
}

// openImage reads the manifest and config of the image that files are of.
func openImage(ctx context.Context, s *app.App, e end, want *image.Platform) (*interior, error) {
	repo := e.ref.Repository
	m, err := e.backend.Manifest(ctx, repo, string(e.ref.Digest))
	switch {
	case err != nil:
		return nil, err
	case want != nil:
		m, err = survey.ForPlatform(ctx, e.backend, repo, e.ref.String(), m, *want)
	case m.Kind == image.KindIndex:
		m, err = e.backend.Manifest(ctx, repo, string(image.DefaultChild(m)))
	}
	if err != nil {
		return nil, err
	}
	e.ref.Digest = m.Digest
	return insideOf(ctx, s, e.backend, e.ref, m), nil
}

// insideOf is the files of an image whose manifest was read.
func insideOf(ctx context.Context, s *app.App, b registry.Backend, r ref.Reference, m image.Manifest) *interior {
	in := &interior{ref: r, reader: layer.Reader{Blobs: b, Lists: s.Store(), Repository: r.Repository}}
	c, err := b.Config(ctx, r.Repository, m)
	if err == nil { // without it nobody knows which step made a layer
		in.platform = c.Platform
	}
	in.manifest, in.config, in.configErr = m, c, err
	in.reader.DiffIDs = image.DiffIDs(m, c)
	in.layers = image.LayerSteps(m, c)
	in.members, in.errs = make([]int, len(in.layers)), make([]error, len(in.layers))
	return in
}

// layersAtATime is how many layers are read side by side.
const layersAtATime = 3

// read reads the lists of all layers, and lays them above each other. Of a layer
// that cannot be read the error is kept: what it hides or takes away is unknown.
func (in *interior) read(ctx context.Context, progress Progress) error {
	group, inner := errgroup.WithContext(ctx)
	group.SetLimit(layersAtATime)
	for _, st := range in.layers {
		progress(st.Layer.Size, 0)
	}
	lists := make([]file.Layer, len(in.layers))
	for i, st := range in.layers {
		group.Go(func() error {
			var seen int64
			list, err := in.reader.List(inner, st.Layer, func(n int64) {
				seen += n
				progress(0, n)
			})
			lists[i] = file.Layer{Entries: list, Unread: err != nil}
			in.members[i], in.errs[i] = len(list), layerError(i, st.Layer, err)
			progress(0, st.Layer.Size-seen) // a list that was kept takes no reading
			return nil
		})
	}
	_ = group.Wait() // errors are those of layers
	for i, err := range in.errs {
		if err != nil {
			in.failed = append(in.failed, app.Failure{
				Name: layerName(i, in.layers[i].Layer), Err: errors.Unwrap(err),
			})
		}
	}
	if err := context.Cause(ctx); err != nil {
		return err
	}
	var err error
	in.files, err = file.MergeRead(ctx, lists)
	return err
}

// descriptors are the layers in their order.
func (in *interior) descriptors() []image.Descriptor {
	out := make([]image.Descriptor, len(in.layers))
	for i, st := range in.layers {
		out[i] = st.Layer
	}
	return out
}
