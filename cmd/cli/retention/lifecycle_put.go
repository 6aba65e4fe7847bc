package retention

import (
	"context"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"regatta/cmd/app"
	"regatta/cmd/app/retention"
	"regatta/cmd/cli/propose"
	"regatta/cmd/cli/verb"
	"regatta/model/fault"
	"regatta/model/lifecycle"
)

func lifecycleGetVerb(a *verb.Program) *cobra.Command {
	return &cobra.Command{
		Use:   "get HOST/REPOSITORY",
		Short: "Print the lifecycle policy that a repository of ECR has",
		Args:  verb.Arguments(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.WithSession(func(s *app.App) error { return runLifecycleGet(cmd.Context(), s, a.Streams.Out, args[0]) })
		},
	}
}

func runLifecycleGet(ctx context.Context, s *app.App, out io.Writer, arg string) error {
	r, b, err := verb.OpenRepository(s, arg)
	if err != nil {
		return err
	}
	text, err := retention.PolicyOf(ctx, b, r)
	switch {
	case err != nil:
		return err
	case text == "":
		return &fault.Error{Op: "read the lifecycle policy of", Object: r.Name(), Kind: fault.NotFound, Detail: "it has none"}
	}
	fmt.Fprint(out, lifecycle.Canonical(text))
	return nil
}

func lifecyclePutVerb(a *verb.Program) *cobra.Command {
	var o propose.Options
	var path string
	var remove bool
	cmd := &cobra.Command{
		Use:   "put HOST/REPOSITORY --policy FILE",
		Short: "Give a repository of ECR another lifecycle policy, or with --delete none; undo puts the old one back",
		Args:  verb.Arguments(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			if remove == (path != "") {
				return app.Mistakef("want --policy with a file, or --delete")
			}
			text, err := nextPolicy(cmd.Context(), a, path)
			if err != nil {
				return err
			}
			return a.WithSession(func(s *app.App) error {
				return runLifecyclePut(cmd.Context(), &propose.Proposal{App: s, Streams: a.Streams, Options: o}, args[0], text)
			})
		},
	}
	propose.Flags(cmd, &o)
	policyFlag(cmd, &path)
	cmd.Flags().BoolVar(&remove, "delete", false, "take the policy away")
	return cmd
}

// nextPolicy is the canonical text of the policy in a file, which ECR would
// take; no file is no policy.
func nextPolicy(ctx context.Context, a *verb.Program, path string) (string, error) {
	if path == "" {
		return "", nil
	}
	policy, err := validPolicy(ctx, a, path)
	if err != nil {
		return "", err
	}
	return policy.Text(), nil
}

func runLifecyclePut(ctx context.Context, c *propose.Proposal, arg, next string) error {
	r, err := verb.RepositoryNamed(c.App, arg)
	if err != nil {
		return err
	}
	if err := c.May(ctx, r.Host); err != nil {
		return err
	}
	b, err := c.App.Open(r.Host)
	if err != nil {
		return err
	}
	p, err := retention.PlanPolicy(ctx, c.App, b, r, next, nil)
	if err != nil {
		return err
	}
	c.Title = "lifecycle policy of " + r.Name()
	return c.Do(ctx, p)
}
