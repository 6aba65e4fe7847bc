package cmd

import (
	"context"
	"path/filepath"
	"sync/atomic"

	"regatta/model/catalog"
	"regatta/model/fault"
	"regatta/model/file"
	"regatta/model/ref"
	"regatta/registry"
	"regatta/ui/kit"
	"regatta/ui/screen/files"
)

// filesScreen shows the files of the image of a platform.
func (w *wiring) filesScreen(c catalog.Context, b registry.Backend) func(r ref.Reference) kit.Screen {
	return func(r ref.Reference) kit.Screen {
		s := &shelfOfFiles{session: w.session, end: end{r, b}}
		return files.New(w.com, files.Wiring{
			Context: c, Name: r.Short(), Load: s.load, Head: s.head, Save: s.save,
		})
	}
}

// shelfOfFiles is the files of one image, once they were read.
type shelfOfFiles struct {
	*session

	end end
	in  atomic.Pointer[interior] // it is read anew while others look at it
}

func (s *shelfOfFiles) load(ctx context.Context, progress func(total, done int)) (files.Loaded, error) {
	in, err := s.openImage(ctx, s.end, nil)
	if err != nil {
		return files.Loaded{}, err
	}
	in.read(ctx, kilobytes(progress))
	if err := context.Cause(ctx); err != nil {
		return files.Loaded{}, err
	}
	s.in.Store(in)
	out := files.Loaded{Image: in.files}
	for i, st := range in.layers {
		out.Layers = append(out.Layers, files.Layer{
			Digest: st.Layer.Digest, Size: st.Layer.Size, By: st.Instruction(), Err: in.errs[i],
		})
	}
	return out, nil
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

// mostShown is how much of a file is worth a look, in bytes.
const mostShown = 256 << 10

func (s *shelfOfFiles) head(ctx context.Context, n *file.Node) ([]byte, error) {
	if n.Inode == nil {
		return nil, &fault.Error{
			Op: "read", Object: n.Entry.Name(), Kind: fault.Unsupported, Detail: "it is no regular file of this image",
		}
	}
	in := s.in.Load()
	return in.reader.Head(ctx, in.layers[n.Inode.Layer].Layer, n.Inode, mostShown)
}

func (s *shelfOfFiles) save(
	ctx context.Context, n *file.Node, dir string, progress func(total, done int),
) (files.Report, error) {
	in, add := s.in.Load(), kilobytes(progress)
	for i := range layersBelow(n) {
		add(in.layers[i].Layer.Size, 0)
	}
	saved, err := in.reader.Save(ctx, in.descriptors(), n, dir, func(bytes int64) { add(0, bytes) })
	out := files.Report{Path: filepath.Join(dir, n.Name), Files: saved.Files + saved.Links, Bytes: saved.Bytes}
	for _, l := range saved.Left {
		out.Left = append(out.Left, l.Path+": "+l.Why)
	}
	return out, err
}
