package cmd

import (
	"context"
	"sync"

	"regatta/cmd/app"
	"regatta/model/fault"
	scan "regatta/model/finding"
	"regatta/model/image"
	"regatta/model/ref"
	"regatta/registry"
	"regatta/registry/survey"
)

// inspection is all there is to know of a reference. What could not be read is
// nil, with the reason in failed.
type inspection struct {
	ref       ref.Reference
	root      image.Manifest  // what the reference names
	whole     *image.Image    // sizes and platforms
	leaf      *image.Manifest // the image that config and layers are of: root, or the child shown
	config    *image.Config
	referrers []image.Descriptor
	refsRead  bool
	findings  *scan.Report // nil: images are not scanned here, or it could not be read

	mu     sync.Mutex
	failed failures
	parts  int // how much was tried
}

func inspectImage(
	ctx context.Context, b registry.Backend, r ref.Reference, want *image.Platform,
) (*inspection, error) {
	if r.Digest != "" {
		// The cache has manifests by digest, whatever repository they were seen in.
		if _, err := b.Resolve(ctx, r.Repository, string(r.Digest)); err != nil {
			return nil, err
		}
	}
	root, err := b.Manifest(ctx, r.Repository, r.Identifier())
	if err != nil {
		return nil, err
	}
	in := &inspection{ref: r, root: root}
	if want != nil {
		if in.root, err = survey.ForPlatform(ctx, b, r.Repository, r.String(), root, *want); err != nil {
			return nil, err
		}
	}
	parts := map[string]func(context.Context, registry.Backend) error{
		"sizes and platforms": in.readWhole, "config": in.readLeaf, "referrers": in.readReferrers,
	}
	if sc := app.ScannerOf(b); sc != nil {
		parts["findings"] = in.readFindings
	}
	in.parts = len(parts) + 1
	var group sync.WaitGroup
	for name, read := range parts {
		group.Go(func() {
			if err := read(ctx, b); err != nil {
				in.mu.Lock()
				defer in.mu.Unlock()
				in.failed.add(name, err)
			}
		})
	}
	group.Wait()
	return in, context.Cause(ctx)
}

func (in *inspection) readWhole(ctx context.Context, b registry.Backend) error {
	img, err := b.Describe(ctx, in.ref.Repository, image.Image{Digest: in.root.Digest}, false)
	if err == nil {
		in.whole = &img
	}
	return err
}

// readLeaf reads the image that stands for the root.
func (in *inspection) readLeaf(ctx context.Context, b registry.Backend) error {
	leaf := in.root
	if leaf.Kind == image.KindIndex {
		d := image.DefaultChild(leaf)
		if d == "" {
			return nil
		}
		child, err := b.Manifest(ctx, in.ref.Repository, string(d))
		if err != nil {
			return err
		}
		leaf = child
	}
	in.leaf = &leaf
	if leaf.Kind != image.KindImage {
		return nil
	}
	c, err := b.Config(ctx, in.ref.Repository, leaf)
	if err == nil {
		in.config = &c
	}
	return err
}

func (in *inspection) readReferrers(ctx context.Context, b registry.Backend) error {
	found, err := b.Referrers(ctx, in.ref.Repository, in.root.Digest)
	in.referrers, in.refsRead = found, err == nil || fault.Is(err, fault.Unsupported)
	if in.refsRead {
		return nil
	}
	return err
}

// readFindings asks about the image that stands for the root: an index is not
// scanned.
func (in *inspection) readFindings(ctx context.Context, b registry.Backend) error {
	d := in.root.Digest
	if in.root.Kind == image.KindIndex {
		if d = image.DefaultChild(in.root); d == "" {
			return nil
		}
	}
	found, err := app.ScannerOf(b).Findings(ctx, in.ref.Repository, d)
	if err == nil {
		in.findings = &found
	}
	return err
}

// steps line the history up with the layers.
func (in *inspection) steps() []image.Step {
	switch {
	case in.leaf == nil:
		return nil
	case in.config == nil:
		return image.Steps(*in.leaf, image.Config{})
	}
	return image.Steps(*in.leaf, *in.config)
}
