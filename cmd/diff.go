package cmd

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"regatta/cmd/app"
	"regatta/cmd/app/inside"
	"regatta/model/diff"
	"regatta/model/text"
	"regatta/registry/survey"
)

type diffOptions struct {
	from, to string
	platform string
	files    bool
	output   format
}

func (a *program) diff() *cobra.Command {
	var o diffOptions
	cmd := &cobra.Command{
		Use:   "diff FROM TO",
		Short: "Show how one image differs from another, of one registry or of two",
		Args:  arguments(cobra.ExactArgs(2)),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.from, o.to = args[0], args[1]
			return a.withSession(func(s *app.App) error { return runDiff(cmd.Context(), s, a.streams, o) })
		},
	}
	formatFlag(cmd, &o.output)
	cmd.Flags().BoolVar(&o.files, "files", false, "compare their files too, which takes reading their layers")
	cmd.Flags().StringVar(&o.platform, "platform", "", "compare the images of one `OS/ARCH[/VARIANT]` only")
	return cmd
}

func runDiff(ctx context.Context, s *app.App, streams Streams, o diffOptions) error {
	want, err := platformFlag(o.platform)
	if err != nil {
		return err
	}
	var ends [2]inside.Resolved
	for i, arg := range []string{o.from, o.to} {
		r, err := imageNamed(s, arg)
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
	found, err := compareEnds(ctx, ends[0], ends[1])
	if err != nil {
		return err
	}
	if o.files {
		p := streams.progress(s.Now, "read", "kB of layers")
		found.parts++
		err := found.addFiles(ctx, s, inside.Kilobytes(p.add))
		p.clear()
		if err != nil {
			found.failed.add("files", err)
		}
	}
	for _, note := range found.notes {
		fmt.Fprintln(streams.Err, text.Clean(note))
	}
	if err := streams.print(o.output, result{json: found.document(), text: found.write}); err != nil {
		return err
	}
	return found.failed.report(streams.Err, "read", "parts", found.parts)
}

// comparison is how two images differ, in everything that could be read.
type comparison struct {
	from, to inside.Resolved
	index    diff.Index
	findings map[string]diff.Findings  // by platform; none where one side is not scanned
	packages map[string]*diff.Packages // by platform; none where one side has no SBOM
	files    map[string]*diff.Files    // by platform; none where nobody asked
	failed   failures
	parts    int
	notes    []string // what is not compared, and why
}

func compareEnds(ctx context.Context, from, to inside.Resolved) (*comparison, error) {
	index, err := survey.Difference(ctx, from.Place(), to.Place())
	if err != nil {
		return nil, err
	}
	c := &comparison{from: from, to: to, index: index, parts: 2}
	c.findings, c.packages = map[string]diff.Findings{}, map[string]*diff.Packages{}
	c.files = map[string]*diff.Files{}
	if err := c.addPackages(ctx); err != nil {
		c.failed.add("packages", err)
	}
	for _, i := range index.Images {
		f, ok, err := compareFindings(ctx, from, to, i)
		if ok {
			c.parts++
			c.findings[i.Platform] = f
		}
		if err != nil {
			c.failed.add("findings of "+i.Platform, err)
		}
	}
	return c, context.Cause(ctx)
}

// compareFindings asks both scanners; ok is false where there are not two.
func compareFindings(
	ctx context.Context, from, to inside.Resolved, i diff.Image,
) (f diff.Findings, ok bool, err error) {
	was, is := app.ScannerOf(from.Backend), app.ScannerOf(to.Backend)
	if was == nil || is == nil {
		return f, false, nil
	}
	a, err := was.Findings(ctx, from.Ref.Repository, i.From)
	if err != nil {
		return f, false, err
	}
	b, err := is.Findings(ctx, to.Ref.Repository, i.To)
	return diff.CompareFindings(a, b), err == nil, err
}
