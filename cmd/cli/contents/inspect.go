// Package contents has the verbs that look inside an image: what it is made of, its files, what
// refers to it, how two differ. It imports app and model.
package contents

import (
	"context"

	"github.com/spf13/cobra"

	"regatta/cmd/app"
	"regatta/cmd/app/inside"
	"regatta/cmd/cli/output"
	"regatta/cmd/cli/verb"
)

type inspectOptions struct {
	target   string
	platform string
	output   output.Format
}

// Inspect is the verb inspect.
func Inspect(a *verb.Program) *cobra.Command {
	var o inspectOptions
	cmd := &cobra.Command{
		Use:   "inspect REFERENCE",
		Short: "Show what an image is made of and what refers to it",
		Args:  verb.Arguments(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.target = args[0]
			return a.WithSession(func(s *app.App) error { return runInspect(cmd.Context(), s, a.Streams, o) })
		},
	}
	output.FormatFlag(cmd, &o.output)
	cmd.Flags().StringVar(&o.platform, "platform", "", "the image of one `OS/ARCH[/VARIANT]` of an index")
	return cmd
}

func runInspect(ctx context.Context, s *app.App, streams output.Streams, o inspectOptions) error {
	r, err := verb.ImageNamed(s, o.target)
	if err != nil {
		return err
	}
	want, err := verb.PlatformFlag(o.platform)
	if err != nil {
		return err
	}
	b, err := s.Open(r.Host)
	if err != nil {
		return err
	}
	found, err := inside.Inspect(ctx, b, r, want)
	if err != nil {
		return err
	}
	doc := output.Result{JSON: Inspected{found}.Document(), Text: Inspected{found}.writer(s.Now())}
	if err := streams.Print(o.output, doc); err != nil {
		return err
	}
	failed := output.Failures{List: found.Failed}
	return failed.Report(streams.Err, "read", "parts", found.Parts)
}

// Inspected is an inspection that is printed.
type Inspected struct{ *inside.Inspection }
