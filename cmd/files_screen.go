package cmd

import (
	"context"
	"errors"
	"path/filepath"
	"sync/atomic"

	"regatta/cmd/app"
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
		s := &shelfOfFiles{app: w.app, end: end{r, b}}
		return files.New(w.com, files.Wiring{
			Context: c, Name: r.Short(), Load: s.load, Head: s.head, Save: s.save,
		})
	}
}

// shelfOfFiles is the files of one image, once they were read.
type shelfOfFiles struct {
	app *app.App

	end end
	in  atomic.Pointer[interior] // it is read anew while others look at it
}

func (s *shelfOfFiles) load(ctx context.Context, progress func(total, done int)) (files.Loaded, error) {
	in, err := openImage(ctx, s.app, s.end, nil)
	if err != nil {
		return files.Loaded{}, err
	}
	if err := in.read(ctx, kilobytes(progress)); err != nil {
		return files.Loaded{}, err
	}
	s.in.Store(in)
	out := files.Loaded{Image: in.files}
	for i, st := range in.layers {
		out.Layers = append(out.Layers, files.Layer{
			Digest: st.Layer.Digest, Size: st.Layer.Size, By: st.Instruction(), Err: errors.Unwrap(in.errs[i]),
		})
	}
	return out, nil
}

// mostShown is how much of a file is worth a look, in bytes.
const mostShown = 256 << 10

func (s *shelfOfFiles) head(ctx context.Context, n *file.Node) ([]byte, error) {
	in := s.in.Load()
	if n.Unknown() {
		return nil, in.unread("read", "/"+n.Path(), "what it links to")
	}
	if n.Inode == nil {
		return nil, &fault.Error{
			Op: "read", Object: n.Entry.Name(), Kind: fault.Unsupported, Detail: "it is no regular file of this image",
		}
	}
	return in.reader.Head(ctx, in.layers[n.Inode.Layer].Layer, n.Inode, mostShown)
}

func (s *shelfOfFiles) save(
	ctx context.Context, n *file.Node, dir string, progress func(total, done int),
) (files.Report, error) {
	saved, err := s.in.Load().save(ctx, n, dir, kilobytes(progress))
	out := files.Report{Path: filepath.Join(dir, n.Name), Files: saved.Files + saved.Links, Bytes: saved.Bytes}
	for _, l := range saved.Left {
		out.Left = append(out.Left, l.Path+": "+l.Why)
	}
	return out, err
}
