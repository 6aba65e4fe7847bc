package contents

import (
	"context"

	"github.com/spf13/cobra"

	"regatta/cmd/app"
	"regatta/cmd/app/inside"
	"regatta/cmd/cli/output"
	"regatta/cmd/cli/verb"
	"regatta/model/file"
)

type filesOptions struct {
	documentOptions

	globs []string
	layer int
	waste bool
}

// Files is the verb files.
func Files(a *verb.Program) *cobra.Command {
	var o filesOptions
	cmd := &cobra.Command{
		Use:   "files REFERENCE [GLOB...]",
		Short: "List the files of an image, of all layers or of one, without pulling it to disk",
		Args:  verb.Arguments(cobra.MinimumNArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.target, o.globs = args[0], args[1:]
			return a.WithSession(func(s *app.App) error { return runFiles(cmd.Context(), s, a.Streams, o) })
		},
	}
	documentFlags(cmd, &o.documentOptions)
	cmd.Flags().IntVar(&o.layer, "layer", 0, "what layer `N` changes, counted from 1, the lowest")
	cmd.Flags().BoolVar(&o.waste, "waste", false, "list wasted space: what a later layer removes or stores again")
	return cmd
}

func runFiles(ctx context.Context, s *app.App, streams output.Streams, o filesOptions) error {
	for _, glob := range o.globs {
		if err := file.CheckGlob(glob); err != nil {
			return app.Mistakef("%q is no pattern: %w", glob, err)
		}
	}
	in, err := readFiles(ctx, s, streams, o.documentOptions)
	if err != nil {
		return err
	}
	if o.layer < 0 || o.layer > len(in.Layers) {
		return app.Mistakef("there is no layer %d: the image has %d", o.layer, len(in.Layers))
	}
	if o.layer > 0 && in.LayerErrs[o.layer-1] != nil {
		return in.LayerErrs[o.layer-1]
	}
	l := listing{in, o}
	if err := streams.Print(o.output, output.Result{JSON: l.document(), Text: l.write}); err != nil {
		return err
	}
	failed := output.Failures{List: in.Failed}
	return failed.Report(streams.Err, "read", "layers", len(in.Layers))
}

// readFiles reads the files of the image that is asked for: of an index, that of
// the platform, or the one that stands for it.
func readFiles(ctx context.Context, s *app.App, streams output.Streams, o documentOptions) (*inside.Image, error) {
	in, err := openNamed(ctx, s, o)
	if err != nil {
		return nil, err
	}
	p := streams.Progress(s.Now, "read", "kB of layers")
	defer p.Clear()
	return in, in.Read(ctx, inside.Kilobytes(p.Add))
}

// openNamed is the image that is asked for, whose files are not read yet.
func openNamed(ctx context.Context, s *app.App, o documentOptions) (*inside.Image, error) {
	want, err := verb.PlatformFlag(o.platform)
	if err != nil {
		return nil, err
	}
	r, err := verb.ImageNamed(s, o.target)
	if err != nil {
		return nil, err
	}
	e, err := inside.Resolve(ctx, s, r)
	if err != nil {
		return nil, err
	}
	return inside.Open(ctx, s, e, want)
}
