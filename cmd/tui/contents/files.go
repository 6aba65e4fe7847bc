// Package contents connects the screens that look inside images. It imports app, ui and model.
package contents

import (
	"context"
	"errors"
	"path/filepath"
	"sync/atomic"

	"regatta/cmd/app"
	"regatta/cmd/app/inside"
	"regatta/cmd/tui/desk"
	"regatta/model/catalog"
	"regatta/model/file"
	"regatta/model/ref"
	"regatta/registry"
	"regatta/ui/kit"
	"regatta/ui/screen/files"
)

// Files shows the files of the image of a platform.
func Files(w *desk.Desk, c catalog.Context, b registry.Backend) func(r ref.Reference) kit.Screen {
	return func(r ref.Reference) kit.Screen {
		s := &filesSource{app: w.App, image: inside.Resolved{Ref: r, Backend: b}}
		return files.New(w.Common, files.Wiring{
			Context: c, Name: r.Short(), Load: s.load, Head: s.head, Save: s.save,
		})
	}
}

// filesSource gives the files of one image, once they were read.
type filesSource struct {
	app *app.App

	image inside.Resolved
	in    atomic.Pointer[inside.Image] // it is read anew while others look at it
}

func (s *filesSource) load(ctx context.Context, progress func(total, done int)) (files.Loaded, error) {
	in, err := inside.Open(ctx, s.app, s.image, nil)
	if err != nil {
		return files.Loaded{}, err
	}
	if err := in.Read(ctx, inside.Kilobytes(progress)); err != nil {
		return files.Loaded{}, err
	}
	s.in.Store(in)
	out := files.Loaded{Image: in.Files}
	for i, st := range in.Layers {
		out.Layers = append(out.Layers, files.Layer{
			Digest: st.Layer.Digest, Size: st.Layer.Size, By: st.Instruction(), Err: errors.Unwrap(in.LayerErrs[i]),
		})
	}
	return out, nil
}

// mostShown is how much of a file is worth a look, in bytes.
const mostShown = 256 << 10

func (s *filesSource) head(ctx context.Context, n *file.Node) ([]byte, error) {
	return s.in.Load().Head(ctx, n, mostShown)
}

func (s *filesSource) save(
	ctx context.Context, n *file.Node, dir string, progress func(total, done int),
) (files.Report, error) {
	saved, err := s.in.Load().Save(ctx, n, dir, inside.Kilobytes(progress))
	out := files.Report{Path: filepath.Join(dir, n.Name), Files: saved.Files + saved.Links, Bytes: saved.Bytes}
	for _, l := range saved.Left {
		out.Left = append(out.Left, l.Path+": "+l.Why)
	}
	return out, err
}
