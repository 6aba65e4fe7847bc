package cmd

import (
	"context"

	"regatta/model/file"
	"regatta/registry/layer"
)

// save writes a file or a directory of the image below dir, where all of it is
// known. Progress is told in bytes of layers.
func (in *interior) save(
	ctx context.Context, n *file.Node, dir string, progress func(total, done int64),
) (layer.Saved, error) {
	if err := in.whole(n); err != nil {
		return layer.Saved{}, err
	}
	for i := range layersBelow(n) {
		progress(in.layers[i].Layer.Size, 0)
	}
	return in.reader.Save(ctx, in.descriptors(), n, dir, func(bytes int64) { progress(0, bytes) })
}

// layersBelow are the layers that have the content of a subtree.
func layersBelow(n *file.Node) map[int]bool {
	out := map[int]bool{}
	note := func(n *file.Node, _ int) bool {
		if n.Inode != nil {
			out[n.Inode.Layer] = true
		}
		return true
	}
	note(n, 0)
	n.Walk(note)
	return out
}
