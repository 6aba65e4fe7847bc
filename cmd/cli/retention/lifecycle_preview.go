package retention

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"regatta/cmd/app"
	"regatta/cmd/app/retention"
	"regatta/cmd/cli/output"
	"regatta/cmd/cli/verb"
	"regatta/model/lifecycle"
	"regatta/model/text"
)

// PreviewOptions are the flags of lifecycle preview.
type PreviewOptions struct {
	Targets   []string
	match     string
	policy    string
	images    string
	now       string
	otherwise []string
	Output    output.Format
	Yes       bool
	AWS       bool

	given    *lifecycle.Policy // nil: the one that a repository has
	At       time.Time
	switches lifecycle.Switches
}

// Many tells whether the result is one of several repositories.
func (o *PreviewOptions) Many() bool { return len(o.Targets) > 1 || o.match != "" }

func lifecyclePreviewVerb(a *verb.Program) *cobra.Command {
	var o PreviewOptions
	cmd := &cobra.Command{
		Use:   "preview [HOST/REPOSITORY...]",
		Short: "Show what a lifecycle policy would do to every image, and why; nothing is changed",
		Long: "Show what a lifecycle policy would do to every image, and why; nothing is changed. Without --policy it is\n" +
			"the one that the repository has. Several repositories, or a HOST with --match, are looked at one by one.",
		Args: verb.Arguments(cobra.ArbitraryArgs),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.Targets = args
			if err := o.check(); err != nil {
				return err
			}
			return runPreview(cmd.Context(), a, o)
		},
	}
	output.FormatFlag(cmd, &o.Output)
	policyFlag(cmd, &o.policy)
	f := cmd.Flags()
	f.StringVar(&o.match, "match", "", "every repository of a HOST whose name matches the `PATTERN` with * and ?")
	f.StringVar(&o.images, "images", "", "take the images from a `FILE` of aws ecr describe-images, no registry is asked")
	f.StringVar(&o.now, "now", "", "evaluate at a `TIME` such as 2026-11-20T09:00:00Z")
	f.StringSliceVar(&o.otherwise, "otherwise", nil, "turn the `ASSUMPTION` round; docs/lifecycle.md lists them")
	f.BoolVar(&o.AWS, "aws", false, "have AWS preview the policy too, and show every difference")
	f.BoolVar(&o.Yes, "yes", false, "read many images also where the registry counts reads as pulls")
	return cmd
}

func (o *PreviewOptions) check() error {
	switch {
	case (len(o.Targets) > 0) == (o.images != ""):
		return app.Mistakef("want a repository, or --images with a file")
	case o.images != "" && o.policy == "":
		return app.Mistakef("which policy? name its file with --policy")
	case o.images != "" && (o.match != "" || o.AWS):
		return app.Mistakef("--match and --aws are of a registry, and --images asks none")
	case o.match != "" && len(o.Targets) != 1:
		return app.Mistakef("--match is of one HOST")
	}
	return nil
}

func runPreview(ctx context.Context, a *verb.Program, o PreviewOptions) (err error) {
	if o.At, err = previewTime(a, o.now); err != nil {
		return err
	}
	if o.switches, err = lifecycle.Switch(o.otherwise...); err != nil {
		return app.Mistake(err)
	}
	if o.policy != "" {
		policy, err := validPolicy(ctx, a, o.policy)
		if err != nil {
			return err
		}
		o.given = &policy
	}
	if o.images != "" {
		in, err := retention.ReadImages(ctx, o.images)
		if err != nil {
			return err
		}
		return preview{retention.NewPreview(in, *o.given, o.At, o.switches)}.print(a.Streams, o)
	}
	return a.WithSession(func(s *app.App) error {
		v := &Previewer{App: s, Streams: a.Streams, Options: o}
		if o.Many() {
			return v.Several(ctx)
		}
		return v.Single(ctx)
	})
}

// validPolicy reads a policy that ECR would take.
func validPolicy(ctx context.Context, a *verb.Program, path string) (lifecycle.Policy, error) {
	p, err := readPolicy(ctx, a, path)
	if err != nil {
		return lifecycle.Policy{}, err
	}
	policy, violations := lifecycle.Parse(p.source)
	if len(violations) == 0 {
		return policy, nil
	}
	for _, v := range violations {
		fmt.Fprintln(a.Streams.Err, p.complaint(v))
	}
	return policy, p.invalid(violations)
}

func previewTime(a *verb.Program, given string) (time.Time, error) {
	if given == "" {
		return a.Now(), nil
	}
	at, err := time.Parse(time.RFC3339, given)
	if err != nil || at.IsZero() {
		return at, app.Mistakef("--now %q: want a time such as 2026-11-20T09:00:00Z", text.Clean(given))
	}
	return at, nil
}
