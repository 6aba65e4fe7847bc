package contents

import (
	"context"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"regatta/cmd/app"
	"regatta/cmd/app/inside"
	"regatta/cmd/cli/output"
	"regatta/cmd/cli/verb"
	"regatta/model/text"
)

type diffOptions struct {
	from, to string
	platform string
	files    bool
	output   output.Format
}

// Diff is the verb diff.
func Diff(a *verb.Program) *cobra.Command {
	var o diffOptions
	cmd := &cobra.Command{
		Use:   "diff FROM TO",
		Short: "Show how one image differs from another, of one registry or of two",
		Args:  verb.Arguments(cobra.ExactArgs(2)),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.from, o.to = args[0], args[1]
			return a.WithSession(func(s *app.App) error { return runDiff(cmd.Context(), s, a.Streams, o) })
		},
	}
	output.FormatFlag(cmd, &o.output)
	cmd.Flags().BoolVar(&o.files, "files", false, "compare their files too, which takes reading their layers")
	cmd.Flags().StringVar(&o.platform, "platform", "", "compare the images of one `OS/ARCH[/VARIANT]` only")
	return cmd
}

func runDiff(ctx context.Context, s *app.App, streams output.Streams, o diffOptions) error {
	want, err := verb.PlatformFlag(o.platform)
	if err != nil {
		return err
	}
	var ends [2]inside.Resolved
	for i, arg := range []string{o.from, o.to} {
		r, err := verb.ImageNamed(s, arg)
		if err != nil {
			return err
		}
		if ends[i], err = inside.Resolve(ctx, s, r); err != nil {
			return err
		}
		if want != nil {
			if ends[i], err = ends[i].ForPlatform(ctx, *want); err != nil {
				return err
			}
		}
	}
	found, err := inside.Compare(ctx, inside.Pair{From: ends[0], To: ends[1]})
	if err != nil {
		return err
	}
	if o.files {
		p := streams.Progress(s.Now, "read", "kB of layers")
		found.AddFiles(ctx, s, inside.Kilobytes(p.Add))
		p.Clear()
	}
	for _, note := range found.Notes {
		fmt.Fprintln(streams.Err, text.Clean(note))
	}
	if err := streams.Print(o.output, output.Result{
		JSON: comparisonDoc(found), Text: func(w io.Writer) { writeComparison(w, found) },
	}); err != nil {
		return err
	}
	failed := output.Failures{List: found.Failed}
	return failed.Report(streams.Err, "read", "parts", found.Parts)
}
