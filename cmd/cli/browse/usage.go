package browse

import (
	"context"
	"errors"

	"regatta/cmd/app/browse"

	"github.com/spf13/cobra"

	"regatta/cmd/app"
	"regatta/cmd/cli/output"
	"regatta/cmd/cli/reading"
	"regatta/cmd/cli/verb"
	"regatta/cmd/config"
)

type usageOptions struct {
	target     string
	contexts   []string
	references string
	output     output.Format
	yes        bool
}

// Usage is the verb usage.
func Usage(a *verb.Program) *cobra.Command {
	var o usageOptions
	cmd := &cobra.Command{
		Use:   "usage HOST/REPOSITORY",
		Short: "List what runs the images of a repository, and which of them nothing runs",
		Long: "List what runs the images of a repository, and which of them nothing runs: tasks, deployments and task\n" +
			"definitions of ECS, pods and workloads of Kubernetes, functions of Lambda, and a file of references. For a\n" +
			"registry of ECR, ECS in its region is asked; the config names more under usage. Who did not answer is said,\n" +
			"and the exit code is 4.",
		Args: verb.Arguments(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.target = args[0]
			return a.WithSession(func(s *app.App) error { return runUsage(cmd.Context(), s, a.Streams, o) })
		},
	}
	output.FormatFlag(cmd, &o.output)
	f := cmd.Flags()
	f.StringArrayVar(&o.contexts, "kube-context", nil, "ask kubectl about this `CONTEXT` too")
	f.StringVar(&o.references, "references", "", "what `FILE` lists is in use, one reference a line")
	f.BoolVar(&o.yes, "yes", false, "read many images also where the registry counts reads as pulls")
	return cmd
}

func (o usageOptions) with(u config.Usage) config.Usage {
	u.Kubernetes = append(append([]string{}, u.Kubernetes...), o.contexts...)
	if o.references != "" {
		u.References = o.references
	}
	return u
}

func runUsage(ctx context.Context, s *app.App, streams output.Streams, o usageOptions) error {
	r, b, err := verb.OpenRepository(s, o.target)
	if err != nil {
		return err
	}
	set, err := s.AskUsage(ctx, r.Host, o.with(s.UsageOf(r.Host)), app.UsagePatience)
	if err != nil {
		return err
	}
	if len(set.Answers) == 0 {
		return browse.NobodyAsked(r.Host)
	}
	p := streams.Progress(s.Now, "read", "images")
	defer p.Clear()
	reader := reading.Reader(b, r, p, o.yes)
	if _, err := reading.All(ctx, reader, b, r, streams); err != nil {
		return err
	}
	images, err := reader.WithUnlisted(ctx, newestFirst(reader.Set), set)
	if err != nil {
		return err
	}
	found, err := reader.Match(ctx, s, images, set)
	if err != nil {
		return err
	}
	p.Clear()
	doc := usageDoc(r, images, found)
	if err := streams.Print(o.output, output.Result{JSON: doc, Text: doc.write}); err != nil {
		return err
	}
	unread := reading.Failed(reader).Report(streams.Err, "read", "images", reader.Total)
	return errors.Join(unread, reportUsers(found, streams))
}
