package inside

import (
	"context"

	"regatta/model/fault"
	"regatta/model/file"
	"regatta/registry/layer"
)

// Save writes a file or a directory of the image below dir, where all of it is
// known. Progress is told in bytes of layers.
func (in *Image) Save(ctx context.Context, n *file.Node, dir string, progress Progress) (layer.Saved, error) {
	if err := in.whole(n); err != nil {
		return layer.Saved{}, err
	}
	for i := range layersBelow(n) {
		progress(in.Layers[i].Layer.Size, 0)
	}
	return in.reader.Save(ctx, in.descriptors(), n, dir, func(bytes int64) { progress(0, bytes) })
}

// Fetch hands the content of a regular file to a sink.
func (in *Image) Fetch(ctx context.Context, n *file.Node, to layer.Sink) error {
	d := in.Layers[n.Inode.Layer].Layer
	return in.reader.Fetch(ctx, d, []*file.Inode{n.Inode}, nil, func(*file.Inode) (layer.Sink, error) { return to, nil })
}

// Head reads the first bytes of a file of the image, most of them at most.
func (in *Image) Head(ctx context.Context, n *file.Node, most int64) ([]byte, error) {
	if n.Unknown() {
		return nil, in.unread("read", "/"+n.Path(), "what it links to")
	}
	if n.Inode == nil {
		return nil, &fault.Error{
			Op: "read", Object: n.Entry.Name(), Kind: fault.Unsupported, Detail: "it is no regular file of this image",
		}
	}
	return in.reader.Head(ctx, in.Layers[n.Inode.Layer].Layer, n.Inode, most)
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
