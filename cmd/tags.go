package cmd

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"regatta/cmd/app"
	"regatta/model/fault"
	"regatta/model/image"
	"regatta/model/ref"
	"regatta/model/text"
)

type tagsOptions struct {
	target    string
	output    format
	noDetails bool
	yes       bool
	usage     bool
}

func (a *program) tags() *cobra.Command {
	var o tagsOptions
	cmd := &cobra.Command{
		Use:   "tags HOST/REPOSITORY",
		Short: "List the images of a repository with their tags, the newest version first",
		Args:  arguments(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.target = args[0]
			return a.withSession(func(s *app.App) error { return runTags(cmd.Context(), s, a.streams, o) })
		},
	}
	formatFlag(cmd, &o.output)
	cmd.Flags().BoolVar(&o.noDetails, "no-details", false, "names only: no image is read")
	cmd.Flags().BoolVar(&o.usage, "usage", false, "ask what runs the images, see usage in the config")
	cmd.Flags().BoolVar(&o.yes, "yes", false, "read many images also where the registry counts reads as pulls")
	return cmd
}

func runTags(ctx context.Context, s *app.App, streams Streams, o tagsOptions) error {
	r, b, err := openRepository(s, o.target)
	if err != nil {
		return err
	}
	p := streams.progress(s.Now, "read", "images")
	defer p.clear()
	listed, cut := app.ListImages(ctx, b, r.Repository)
	_, omits := errors.AsType[*image.OmittedError](cut)
	if cut != nil && (!omits && !fault.Is(cut, fault.TooLarge) || len(listed) == 0) {
		return cut
	}
	if o.noDetails {
		images := newestFirst(foldNames(listed))
		err := streams.print(o.output, tagsResult(s.Now(), r, images, shown{namesOnly: true, cut: cut != nil}))
		return errors.Join(err, notAll(cut))
	}
	reader := newTagReader(b, r, p)
	reader.sparing = !o.yes
	if err := reader.checkCost(ctx, streams, listed); err != nil {
		return err
	}
	if err := reader.read(ctx, listed); err != nil {
		return err
	}
	images := newestFirst(reader.set)
	users, err := reader.users(ctx, s, images, o.usage)
	if err != nil {
		return err
	}
	p.clear()
	how := shown{cut: cut != nil, users: users.names()}
	if err := streams.print(o.output, tagsResult(s.Now(), r, images, how)); err != nil {
		return err
	}
	if reader.stopped != nil {
		return reader.partly(streams.Err)
	}
	err = reader.failed.report(streams.Err, "read", "images", len(listed))
	return errors.Join(err, users.report(streams), notAll(cut))
}

// notAll is the error of a document that is there and is not complete.
func notAll(cut error) error {
	if cut == nil {
		return nil
	}
	return exitError{Partly, fmt.Errorf("the list is not complete: %w", cut)}
}

// manyReads is how many counted reads need a yes.
const manyReads = 50

// checkCost asks for --yes before many images are read from a registry that
// counts each as a pull.
func (t *tagReader) checkCost(ctx context.Context, streams Streams, listed []image.Image) error {
	if !t.backend.Capabilities().CountsReads {
		return nil
	}
	n, err := t.reads(ctx, listed)
	if err != nil {
		return err
	}
	if n > manyReads && t.sparing {
		return exitError{Refused, t.tooMany(n)}
	}
	t.accepted.Store(true)
	if n == 0 {
		return nil
	}
	fmt.Fprintf(streams.Err, "%s counts reads as pulls: this takes %s or more\n", t.ref.Host,
		text.Plural(n, "read", "reads"))
	return nil
}

func (t *tagReader) tooMany(n int) error {
	return fmt.Errorf("read the images of %s: %s counts reads as pulls, and this takes %s or more; "+
		"give --yes to read them or --no-details for the names", t.ref.Name(), t.ref.Host, text.Plural(n, "read", "reads"))
}

// reads is how many manifests at least are not in the cache.
func (t *tagReader) reads(ctx context.Context, listed []image.Image) (int, error) {
	known, err := t.backend.Known(ctx, t.ref.Repository)
	if err != nil {
		return 0, err
	}
	cached := map[string]ref.Digest{}
	for _, img := range known {
		for _, tag := range img.Tags {
			if img.State == image.Cached {
				cached[tag] = img.Digest
			}
		}
	}
	n := 0
	for _, img := range listed {
		if img.State != image.Read && (len(img.Tags) == 0 || cached[img.Tags[0]] == "") {
			n++
		}
	}
	return n, nil
}
