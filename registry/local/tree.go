package local

import (
	"context"

	"regatta/model/fault"
	"regatta/model/image"
	"regatta/model/ref"
)

// Tree reads the manifest that reference names and all that it lists, the root
// first. What an index lists and its source does not have is left out.
func Tree(ctx context.Context, from Content, repo, reference string) ([]image.Manifest, error) {
	root, err := from.Manifest(ctx, repo, reference)
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
			m, err := from.Manifest(ctx, repo, string(child.Digest))
			if fault.Is(err, fault.NotFound) {
				continue
			}
			if err != nil {
				return nil, err
			}
			all = append(all, m)
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
