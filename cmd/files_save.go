package cmd

import (
	"context"

	"regatta/model/fault"
	"regatta/model/file"
	"regatta/registry/layer"
)

// save writes a file or a directory of the image below dir, where all of it is
// known. Progress is told in bytes of layers.
func (in *interior) save(
	ctx context.Context, n *file.Node, dir string, progress Progress,
) (layer.Saved, error) {
	if err := in.whole(n); err != nil {
		return layer.Saved{}, err
	}
	for i := range layersBelow(n) {
		progress(in.layers[i].Layer.Size, 0)
	}
	return in.reader.Save(ctx, in.descriptors(), n, dir, func(bytes int64) { progress(0, bytes) })
}

// fetch hands the content of a regular file to a sink.
func (in *interior) fetch(ctx context.Context, n *file.Node, to layer.Sink) error {
	d := in.layers[n.Inode.Layer].Layer
	return in.reader.Fetch(ctx, d, []*file.Inode{n.Inode}, nil, func(*file.Inode) (layer.Sink, error) { return to, nil })
}

// head reads the begin of a file of the image, as many bytes of it at most.
func (in *interior) head(ctx context.Context, n *file.Node, most int64) ([]byte, error) {
	if n.Unknown() {
		return nil, in.unread("read", "/"+n.Path(), "what it links to")
	}
	if n.Inode == nil {
		return nil, &fault.Error{
			Op: "read", Object: n.Entry.Name(), Kind: fault.Unsupported, Detail: "it is no regular file of this image",
		}
	}
	return in.reader.Head(ctx, in.layers[n.Inode.Layer].Layer, n.Inode, most)
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
