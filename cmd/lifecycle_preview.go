package cmd

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"regatta/model/lifecycle"
	"regatta/model/text"
)

type previewOptions struct {
	target    string
	policy    string
	images    string
	now       string
	otherwise []string
	output    format
	yes       bool
}

func (a *app) lifecyclePreview() *cobra.Command {
	var o previewOptions
	cmd := &cobra.Command{
		Use:   "preview [HOST/REPOSITORY] --policy FILE",
		Short: "Show what a lifecycle policy would do to every image, and why; nothing is changed",
		Args:  arguments(cobra.MaximumNArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			if (len(args) == 1) == (o.images != "") {
				return usagef("want a repository, or --images with a file")
			}
			if len(args) == 1 {
				o.target = args[0]
			}
			return a.runPreview(cmd.Context(), o)
		},
	}
	formatFlag(cmd, &o.output)
	policyFlag(cmd, &o.policy)
	f := cmd.Flags()
	f.StringVar(&o.images, "images", "", "take the images from a `FILE` of aws ecr describe-images, no registry is asked")
	f.StringVar(&o.now, "now", "", "evaluate at a `TIME` such as 2026-11-20T09:00:00Z")
	f.StringSliceVar(&o.otherwise, "otherwise", nil, "turn the `ASSUMPTION` round; docs/lifecycle.md lists them")
	f.BoolVar(&o.yes, "yes", false, "read many images also where the registry counts reads as pulls")
	return cmd
}

func (a *app) runPreview(ctx context.Context, o previewOptions) error {
	at, err := a.previewTime(o.now)
	if err != nil {
		return err
	}
	switches, err := lifecycle.Switch(o.otherwise...)
	if err != nil {
		return usageError{err}
	}
	p, err := a.readPolicy(o.policy)
	if err != nil {
		return err
	}
	policy, violations := lifecycle.Parse(p.source)
	if len(violations) > 0 {
		for _, v := range violations {
			fmt.Fprintln(a.streams.Err, p.complaint(v))
		}
		return p.invalid(violations)
	}
	in, err := a.previewed(ctx, o)
	if err != nil {
		return err
	}
	e := lifecycle.Evaluate(policy, in.images, at, switches)
	sum := e.Summarize(in.weigh)
	if err := a.streams.print(o.output, previewResult(in, e, sum)); err != nil {
		return err
	}
	in.remark(a.streams.Err, sum)
	return in.failed.report(a.streams.Err, "read", "images", len(in.images)+len(in.failed.list))
}

func (a *app) previewTime(given string) (time.Time, error) {
	if given == "" {
		return a.now(), nil
	}
	at, err := time.Parse(time.RFC3339, given)
	if err != nil || at.IsZero() {
		return at, usagef("--now %q: want a time such as 2026-11-20T09:00:00Z", text.Clean(given))
	}
	return at, nil
}

// previewed is what the policy is tried on.
func (a *app) previewed(ctx context.Context, o previewOptions) (*previewInput, error) {
	if o.images != "" {
		return readPreviewFile(o.images)
	}
	var in *previewInput
	err := a.withSession(func(s *session) (err error) {
		in, err = readPreviewRegistry(ctx, s, a.streams, o)
		return err
	})
	return in, err
}
