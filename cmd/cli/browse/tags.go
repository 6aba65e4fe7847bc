// Package browse has the verbs that list what a registry has, who runs it and who may: repos,
// tags, usage, access, history. It imports app and model.
package browse

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"regatta/cmd/app"
	"regatta/cmd/cli/output"
	"regatta/cmd/cli/reading"
	"regatta/cmd/cli/verb"
	"regatta/model/fault"
	"regatta/model/image"
)

type tagsOptions struct {
	target    string
	output    output.Format
	noDetails bool
	yes       bool
	usage     bool
}

// Tags is the verb tags.
func Tags(a *verb.Program) *cobra.Command {
	var o tagsOptions
	cmd := &cobra.Command{
		Use:   "tags HOST/REPOSITORY",
		Short: "List the images of a repository with their tags, the newest version first",
		Args:  verb.Arguments(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.target = args[0]
			return a.WithSession(func(s *app.App) error { return runTags(cmd.Context(), s, a.Streams, o) })
		},
	}
	output.FormatFlag(cmd, &o.output)
	cmd.Flags().BoolVar(&o.noDetails, "no-details", false, "names only: no image is read")
	cmd.Flags().BoolVar(&o.usage, "usage", false, "ask what runs the images, see usage in the config")
	cmd.Flags().BoolVar(&o.yes, "yes", false, "read many images also where the registry counts reads as pulls")
	return cmd
}

func runTags(ctx context.Context, s *app.App, streams output.Streams, o tagsOptions) error {
	r, b, err := verb.OpenRepository(s, o.target)
	if err != nil {
		return err
	}
	p := streams.Progress(s.Now, "read", "images")
	defer p.Clear()
	listed, cut := app.ListImages(ctx, b, r.Repository)
	_, omits := errors.AsType[*image.OmittedError](cut)
	if cut != nil && (!omits && !fault.Is(cut, fault.TooLarge) || len(listed) == 0) {
		return cut
	}
	if o.noDetails {
		images := newestFirst(foldNames(listed))
		err := streams.Print(o.output, TagsResult(s.Now(), r, images, Shown{namesOnly: true, cut: cut != nil}))
		return errors.Join(err, notAll(cut))
	}
	reader := reading.Reader(b, r, p, o.yes)
	if err := reading.Costs(ctx, streams, reader, r, listed); err != nil {
		return err
	}
	if err := reader.Read(ctx, listed); err != nil {
		return err
	}
	images := newestFirst(reader.Set)
	users, err := reader.Users(ctx, s, images, o.usage)
	if err != nil {
		return err
	}
	p.Clear()
	how := Shown{cut: cut != nil, users: usersNamed(users)}
	if err := streams.Print(o.output, TagsResult(s.Now(), r, images, how)); err != nil {
		return err
	}
	if reader.Stopped != nil {
		return reading.Partly(streams.Err, reader)
	}
	err = reading.Failed(reader).Report(streams.Err, "read", "images", len(listed))
	return errors.Join(err, reportUsers(users, streams), notAll(cut))
}

// notAll is the error of a document that is there and is not complete.
func notAll(cut error) error {
	if cut == nil {
		return nil
	}
	return output.End(output.Partly, fmt.Errorf("the list is not complete: %w", cut))
}
