package cmd

import (
	"context"
	"errors"
	"path/filepath"
	"sync/atomic"

	"regatta/cmd/app"
	"regatta/model/catalog"
	"regatta/model/file"
	"regatta/model/ref"
	"regatta/registry"
	"regatta/ui/kit"
	"regatta/ui/screen/files"
)

// filesScreen shows the files of the image of a platform.
func (w *wiring) filesScreen(c catalog.Context, b registry.Backend) func(r ref.Reference) kit.Screen {
	return func(r ref.Reference) kit.Screen {
		s := &filesSource{app: w.app, end: end{r, b}}
		return files.New(w.com, files.Wiring{
			Context: c, Name: r.Short(), Load: s.load, Head: s.head, Save: s.save,
		})
	}
}

// filesSource gives the files of one image, once they were read.
type filesSource struct {
	app *app.App

	end end
	in  atomic.Pointer[interior] // it is read anew while others look at it
}

func (s *filesSource) load(ctx context.Context, progress func(total, done int)) (files.Loaded, error) {
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

func (s *filesSource) head(ctx context.Context, n *file.Node) ([]byte, error) {
	return s.in.Load().head(ctx, n, mostShown)
}

func (s *filesSource) save(
	ctx context.Context, n *file.Node, dir string, progress func(total, done int),
) (files.Report, error) {
	saved, err := s.in.Load().save(ctx, n, dir, kilobytes(progress))
	out := files.Report{Path: filepath.Join(dir, n.Name), Files: saved.Files + saved.Links, Bytes: saved.Bytes}
	for _, l := range saved.Left {
		out.Left = append(out.Left, l.Path+": "+l.Why)
	}
	return out, err
}
