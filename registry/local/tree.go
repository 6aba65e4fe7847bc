package local

import (
	"context"
	"slices"

	"regatta/model/fault"
	"regatta/model/image"
	"regatta/model/ref"
	"regatta/model/text"
)

// maxTree are the manifests of one image: an index holds 4 MiB at most, and the
// largest known have some hundred entries. Indexes in indexes could go on.
const maxTree = 5000

// Tree reads the manifest that reference names and all that it lists, the root
// first. What an index lists and its source does not have is left out. More than
// are read of one image is an error. Of layers that need not be in a registry the
// source is asked whether it has them.
func Tree(ctx context.Context, from Content, repo, reference string) ([]image.Manifest, error) {
	root, err := manifest(ctx, from, repo, reference)
	if err != nil {
		return nil, err
	}
	all := []image.Manifest{root}
	seen := map[ref.Digest]bool{root.Digest: true}
	for i := 0; i < len(all); i++ {
		for _, child := range all[i].Children {
			if child.Digest == "" || seen[child.Digest] {
				continue
			}
			seen[child.Digest] = true
			m, err := manifest(ctx, from, repo, string(child.Digest))
			if fault.Is(err, fault.NotFound) {
				continue
			}
			if err != nil {
				return nil, err
			}
			if all = append(all, m); len(all) > maxTree {
				return nil, &fault.Error{
					Op: "read", Object: repo + "@" + string(root.Digest), Kind: fault.TooLarge,
					Detail: "it lists more than the " + text.Count(maxTree) + " manifests that are read of one image",
				}
			}
		}
	}
	return all, nil
}

// Blobs are the configs and layers of a tree, each once.
func Blobs(tree []image.Manifest) []image.Descriptor {
	var out []image.Descriptor
	seen := map[ref.Digest]bool{}
	for _, m := range tree {
		for _, d := range m.Blobs() {
			if !seen[d.Digest] {
				seen[d.Digest] = true
				out = append(out, d)
			}
		}
	}
	return out
}

// manifest reads one, and finds out which of its layers the source serves although
// they may be elsewhere.
func manifest(ctx context.Context, from Content, repo, reference string) (image.Manifest, error) {
	m, err := from.Manifest(ctx, repo, reference)
	if err != nil || !slices.ContainsFunc(m.Layers, image.Descriptor.MayBeForeign) {
		return m, err
	}
	m.Layers = slices.Clone(m.Layers)
	for i, d := range m.Layers {
		if !d.MayBeForeign() || d.Digest == "" {
			continue
		}
		if m.Layers[i].Served, err = from.BlobExists(ctx, repo, d); err != nil {
			return m, err
		}
	}
	return m, nil
}
