package survey

import (
	"context"
	"slices"

	"golang.org/x/sync/errgroup"

	"regatta/model/fault"
	"regatta/model/image"
	"regatta/model/plan"
	"regatta/model/ref"
	"regatta/registry/local"
)

// Catches are the images what as they are now, and how much of each the place
// still has to read. With a platform, only the image for it.
func Catches(
	ctx context.Context, from interface {
		local.Content
		Archives
		Chooser
	}, what []ref.Reference, place local.Place, platform *image.Platform,
) ([]plan.Catch, error) {
	if err := place.Ready(ctx); err != nil {
		return nil, err
	}
	out := make([]plan.Catch, len(what))
	group, inner := errgroup.WithContext(ctx)
	group.SetLimit(atATime)
	for i, w := range what {
		group.Go(func() error {
			if err := Awake(inner, from, w); err != nil {
				return err
			}
			root, err := from.Manifest(inner, w.Repository, w.Identifier())
			if err == nil && platform != nil {
				root, err = ForPlatform(inner, from, w.Repository, w.String(), root, *platform)
			}
			if err != nil {
				return err
			}
			tree, err := local.Tree(inner, from, w.Repository, string(root.Digest))
			if err != nil {
				return err
			}
			if err := refuseSchema1(w, tree); err != nil {
				return err
			}
			w.Digest = root.Digest
			out[i] = plan.Catch{
				What: w, Kind: root.Kind.String(), Size: place.Needs(local.Blobs(tree)),
				Outside: outside(tree), Absent: missingOf(tree),
			}
			return nil
		})
	}
	return out, group.Wait()
}

// outside are the layers of a tree that its registry does not have.
func outside(tree []image.Manifest) []ref.Digest {
	var out []ref.Digest
	for _, m := range tree {
		for _, d := range m.Layers {
			if d.IsForeign() && !slices.Contains(out, d.Digest) {
				out = append(out, d.Digest)
			}
		}
	}
	return out
}

// missingOf are the manifests that indexes of a tree list, and that its registry does not have.
func missingOf(tree []image.Manifest) []ref.Digest {
	there := map[ref.Digest]bool{"": true}
	for _, m := range tree {
		there[m.Digest] = true
	}
	var out []ref.Digest
	for _, m := range tree {
		for _, c := range m.Children {
			if !there[c.Digest] {
				there[c.Digest] = true
				out = append(out, c.Digest)
			}
		}
	}
	return out
}

// refuseSchema1 refuses a tree with a manifest that no tool takes any more.
func refuseSchema1(what ref.Reference, tree []image.Manifest) error {
	for _, m := range tree {
		if m.Kind == image.KindSchema1 {
			return &fault.Error{
				Op: "pull", Object: what.String(), Kind: fault.Unsupported,
				Detail: m.Digest.Short() + " is a manifest of schema 1, which current tools no longer take",
			}
		}
	}
	return nil
}
