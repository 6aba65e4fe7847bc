package inside

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

// Inspection is all there is to know of a reference. What could not be read is
// nil, with the reason in Failed.
type Inspection struct {
	Ref       ref.Reference
	Root      image.Manifest  // what the reference names
	Whole     *image.Image    // sizes and platforms
	Leaf      *image.Manifest // the image that config and layers are of: Root, or the child shown
	Config    *image.Config
	Referrers []image.Descriptor
	RefsRead  bool          // the registry has said what refers to it
	Findings  *scan.Report  // nil: images are not scanned here, or it could not be read
	Failed    []app.Failure // the parts that could not be read
	Parts     int           // how much was tried

	mu sync.Mutex
}

// Inspect reads what a reference names, or of an index the image of the platform that is
// wanted.
func Inspect(
	ctx context.Context, b registry.Backend, r ref.Reference, want *image.Platform,
) (*Inspection, error) {
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
	in := &Inspection{Ref: r, Root: root}
	if want != nil {
		if in.Root, err = survey.ForPlatform(ctx, b, r.Repository, r.String(), root, *want); err != nil {
			return nil, err
		}
	}
	parts := map[string]func(context.Context, registry.Backend) error{
		"sizes and platforms": in.readWhole, "config": in.readLeaf, "referrers": in.readReferrers,
	}
	if sc := b.Abilities().Scans; sc != nil {
		parts["findings"] = in.readFindings
	}
	in.Parts = len(parts) + 1
	var group sync.WaitGroup
	for name, read := range parts {
		group.Go(func() {
			if err := read(ctx, b); err != nil {
				in.mu.Lock()
				defer in.mu.Unlock()
				in.Failed = append(in.Failed, app.Failure{Name: name, Err: err})
			}
		})
	}
	group.Wait()
	return in, context.Cause(ctx)
}

func (in *Inspection) readWhole(ctx context.Context, b registry.Backend) error {
	img, err := b.Describe(ctx, in.Ref.Repository, image.Image{Digest: in.Root.Digest}, false)
	if err == nil {
		in.Whole = &img
	}
	return err
}

// readLeaf reads the image that stands for the root.
func (in *Inspection) readLeaf(ctx context.Context, b registry.Backend) error {
	leaf := in.Root
	if leaf.Kind == image.KindIndex {
		d := image.DefaultChild(leaf)
		if d == "" {
			return nil
		}
		child, err := b.Manifest(ctx, in.Ref.Repository, string(d))
		if err != nil {
			return err
		}
		leaf = child
	}
	in.Leaf = &leaf
	if leaf.Kind != image.KindImage {
		return nil
	}
	c, err := b.Config(ctx, in.Ref.Repository, leaf)
	if err == nil {
		in.Config = &c
	}
	return err
}

func (in *Inspection) readReferrers(ctx context.Context, b registry.Backend) error {
	found, err := b.Referrers(ctx, in.Ref.Repository, in.Root.Digest)
	in.Referrers, in.RefsRead = found, err == nil || fault.Is(err, fault.Unsupported)
	if in.RefsRead {
		return nil
	}
	return err
}

// readFindings asks about the image that stands for the root: an index is not
// scanned.
func (in *Inspection) readFindings(ctx context.Context, b registry.Backend) error {
	d := in.Root.Digest
	if in.Root.Kind == image.KindIndex {
		if d = image.DefaultChild(in.Root); d == "" {
			return nil
		}
	}
	found, err := b.Abilities().Scans.Findings(ctx, in.Ref.Repository, d)
	if err == nil {
		in.Findings = &found
	}
	return err
}

// Steps line the history up with the layers.
func (in *Inspection) Steps() []image.Step {
	switch {
	case in.Leaf == nil:
		return nil
	case in.Config == nil:
		return image.Steps(*in.Leaf, image.Config{})
	}
	return image.Steps(*in.Leaf, *in.Config)
}
