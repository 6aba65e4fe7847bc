// Package cli is the command line: a file a verb, and how what comes of it is printed. It
// turns flags into a call of the application, and nothing else. It imports app and model,
// and no terminal UI: that is handed in.
package cli

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"regatta/cmd/app"
	"regatta/cmd/cli/browse"
	"regatta/cmd/cli/changes"
	"regatta/cmd/cli/checkup"
	"regatta/cmd/cli/contents"
	"regatta/cmd/cli/demo"
	"regatta/cmd/cli/output"
	"regatta/cmd/cli/retention"
	"regatta/cmd/cli/rollback"
	"regatta/cmd/cli/verb"
	"regatta/model/redact"
	"regatta/model/text"
)

// Run is one invocation of the program. It returns its exit code.
func Run(ctx context.Context, args []string, streams output.Streams, now func() time.Time, ui verb.UI) output.Exit {
	return invoke(ctx, &verb.Program{Streams: streams, Now: now, UI: ui, Agent: userAgent()}, args)
}

// invoke runs the verb that args name.
func invoke(ctx context.Context, a *verb.Program, args []string) output.Exit {
	a.CloseLog = func() error { return nil }
	root := rootVerb(a)
	root.SetArgs(args)
	verb, err := root.ExecuteContextC(ctx)
	if cerr := a.CloseLog(); err == nil && cerr != nil {
		err = fmt.Errorf("write the log: %w", cerr)
	}
	report(a, verb, err)
	return output.ExitOf(err)
}

// report prints what went wrong, once, and what to do about it.
func report(a *verb.Program, verb *cobra.Command, err error) {
	if err == nil || err.Error() == "" {
		return
	}
	fmt.Fprintln(a.Streams.Err, "regatta: "+redact.Text(text.CleanLines(redact.Text(err.Error()))))
	tip := output.Advice(err)
	if app.IsMistake(err) {
		tip = "usage: " + verb.UseLine()
	}
	if tip != "" {
		fmt.Fprintln(a.Streams.Err, "  "+tip)
	}
}

func rootVerb(a *verb.Program) *cobra.Command {
	root := &cobra.Command{
		Use:   "regatta [HOST[/REPOSITORY]]",
		Short: "Browse and manage container registries: see it, prove it before, undo it after",
		Args:  verb.RootArguments,
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.WithSession(func(s *app.App) error {
				target, err := verb.TargetNamed(s, args)
				if err != nil {
					return err
				}
				return verb.RunUI(cmd.Context(), a, s, target)
			})
		},
		PersistentPreRunE: func(*cobra.Command, []string) error { return verb.OpenLog(a) },
		Version:           versionText(),
		SilenceUsage:      true,
		SilenceErrors:     true,

		SuggestionsMinimumDistance: 2,
	}
	root.SetIn(a.Streams.In)
	root.SetOut(a.Streams.Out)
	root.SetErr(a.Streams.Err)
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return app.Mistake(err) })
	f := root.PersistentFlags()
	f.StringVar(&a.Flags.Context, "context", "", "the `NAME` of a registry in the config")
	f.StringVar(&a.Flags.Profile, "profile", "", "the `NAME` of the AWS profile for hosts of Amazon ECR")
	f.StringVar(&a.Flags.Region, "region", "", "the `REGION` of AWS profiles that name none")
	f.BoolVar(&a.Flags.PlainHTTP, "plain-http", false, "speak http where TLS is refused (loopback: always)")
	f.BoolVar(&a.Flags.ReadOnly, "read-only", false, "change nothing in any registry")
	f.StringVar(&a.LogFile, "log", "", "write the request log to `FILE`")
	root.AddCommand(verbs(a)...)
	refuseShells(root)
	return root
}

// verbs are all that the program does, a function each.
func verbs(a *verb.Program) []*cobra.Command {
	all := []func(*verb.Program) *cobra.Command{
		demo.Demo, demo.Sandbox,
		browse.Repos, browse.Tags, browse.History, browse.Usage, browse.Access,
		contents.Inspect, contents.Diff, contents.Referrers, contents.Verify, contents.SBOM, contents.Provenance,
		contents.Storage, contents.Base, contents.Files, contents.Cat, contents.Extract,
		changes.Retag, changes.Untag, changes.Delete, changes.Archive, changes.Restore, changes.Copy, changes.Pull,
		changes.Push, changes.Apply, changes.Undo, changes.Journal,
		retention.Prune, retention.Lifecycle, rollback.Rollback,
		checkup.Doctor, infoVerb, versionVerb, manVerb,
	}
	out := make([]*cobra.Command, 0, len(all))
	for _, verb := range all {
		out = append(out, verb(a))
	}
	return out
}
