package browse

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"regatta/cmd/app"
	who "regatta/cmd/app/access"
	"regatta/cmd/cli/output"
	"regatta/cmd/cli/verb"
	"regatta/model/access"
	"regatta/model/fault"
	"regatta/model/ref"
	"regatta/registry/ability"
)

type accessOptions struct {
	target string
	output output.Format
	pull   string
	push   string
}

// Access is the verb access.
func Access(a *verb.Program) *cobra.Command {
	var o accessOptions
	cmd := &cobra.Command{
		Use:   "access HOST/REPOSITORY",
		Short: "Show who may pull, push, delete and administer, as the registry's policies say",
		Long: "Show who may pull, push, delete and administer, as the policies of repository and registry say, and\n" +
			"how the repository is set up; or print a repository policy that lets a role do one thing and no more, for\n" +
			"aws ecr set-repository-policy.",
		Args: verb.Arguments(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.target = args[0]
			return a.WithSession(func(s *app.App) error { return runAccess(cmd.Context(), s, a.Streams, o) })
		},
	}
	output.FormatFlag(cmd, &o.output)
	cmd.Flags().StringVar(&o.pull, "pull-policy", "", "print the policy that lets `ROLE_ARN` pull, and ask nobody")
	cmd.Flags().StringVar(&o.push, "push-policy", "", "print the policy that lets `ROLE_ARN` push, and ask nobody")
	return cmd
}

func runAccess(ctx context.Context, s *app.App, streams output.Streams, o accessOptions) error {
	if o.pull != "" && o.push != "" {
		return app.Mistakef("--pull-policy and --push-policy are two policies; ask for one at a time")
	}
	r, b, err := verb.OpenRepository(s, o.target)
	if err != nil {
		return err
	}
	from, err := who.Of(b, r)
	switch {
	case err != nil:
		return err
	case o.pull != "":
		return grant(streams, access.PullPolicy, o.pull)
	case o.push != "":
		return grant(streams, access.PushPolicy, o.push)
	}
	return showAccess(ctx, from, r, streams, o.output)
}

func showAccess(
	ctx context.Context, from ability.Access, r ref.Reference, streams output.Streams, as output.Format,
) error {
	doc, failed := AccessDocument(r, who.Read(ctx, from, r), ReadSettings(ctx, from, r))
	for _, f := range failed.List {
		if len(failed.List) == accessParts || fault.Is(f.Err, fault.NotFound) || app.MeetsAll(f.Err) {
			return f.Err
		}
	}
	if err := streams.Print(as, output.Result{JSON: doc, Text: doc.Write}); err != nil {
		return err
	}
	return failed.Report(streams.Err, "read", "parts", accessParts)
}

// accessParts is how many there are: the policies of the repository and the
// registry, and the settings.
const accessParts = 3

// grant prints a policy that is ready to copy.
func grant(s output.Streams, policy func(string) (access.Document, error), to string) error {
	doc, err := policy(to)
	if err != nil {
		return app.Mistake(err)
	}
	if _, err := fmt.Fprintln(s.Out, doc.String()); err != nil {
		return fmt.Errorf("write the policy: %w", err)
	}
	fmt.Fprintln(s.Err, "the role itself needs ecr:GetAuthorizationToken on * too, which no repository policy can grant")
	return nil
}
