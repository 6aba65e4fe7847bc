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
	"regatta/cmd/cli/output"
	"regatta/model/redact"
	"regatta/model/text"
)

// Run is one invocation of the program. It returns its exit code.
func Run(ctx context.Context, args []string, streams output.Streams, now func() time.Time, ui UI) output.Exit {
	a := &program{streams: streams, now: now, ui: ui, agent: userAgent(), closeLog: func() error { return nil }}
	root := rootVerb(a)
	root.SetArgs(args)
	verb, err := root.ExecuteContextC(ctx)
	if cerr := a.closeLog(); err == nil && cerr != nil {
		err = fmt.Errorf("write the log: %w", cerr)
	}
	report(a, verb, err)
	return output.ExitOf(err)
}

// report prints what went wrong, once, and what to do about it.
func report(a *program, verb *cobra.Command, err error) {
	if err == nil || err.Error() == "" {
		return
	}
	fmt.Fprintln(a.streams.Err, "regatta: "+redact.Text(text.CleanLines(redact.Text(err.Error()))))
	tip := advice(err)
	if app.IsMistake(err) {
		tip = "usage: " + verb.UseLine()
	}
	if tip != "" {
		fmt.Fprintln(a.streams.Err, "  "+tip)
	}
}

func rootVerb(a *program) *cobra.Command {
	root := &cobra.Command{
		Use:   "regatta [HOST[/REPOSITORY]]",
		Short: "Browse and manage container registries: see it, prove it before, undo it after",
		Args:  rootArguments,
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.withSession(func(s *app.App) error {
				target, err := targetNamed(s, args)
				if err != nil {
					return err
				}
				return runUI(cmd.Context(), a, s, target)
			})
		},
		PersistentPreRunE: func(*cobra.Command, []string) error { return openLog(a) },
		Version:           versionText(),
		SilenceUsage:      true,
		SilenceErrors:     true,

		SuggestionsMinimumDistance: 2,
	}
	root.SetIn(a.streams.In)
	root.SetOut(a.streams.Out)
	root.SetErr(a.streams.Err)
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return app.Mistake(err) })
	f := root.PersistentFlags()
	f.StringVar(&a.flags.Context, "context", "", "the `NAME` of a registry in the config")
	f.StringVar(&a.flags.Profile, "profile", "", "the `NAME` of the AWS profile for hosts of Amazon ECR")
	f.StringVar(&a.flags.Region, "region", "", "the `REGION` of AWS profiles that name none")
	f.BoolVar(&a.flags.PlainHTTP, "plain-http", false, "speak http where TLS is refused (loopback: always)")
	f.BoolVar(&a.flags.ReadOnly, "read-only", false, "change nothing in any registry")
	f.StringVar(&a.logFile, "log", "", "write the request log to `FILE`")
	root.AddCommand(verbs(a)...)
	refuseShells(root)
	return root
}

// verbs are all that the program does, a function each.
func verbs(a *program) []*cobra.Command {
	all := []func(*program) *cobra.Command{
		demoVerb, sandboxVerb, reposVerb, tagsVerb, inspectVerb, diffVerb, referrersVerb, verifyVerb, sbomVerb,
		provenanceVerb, storageVerb, baseVerb, filesVerb, catVerb, extractVerb, retagVerb, untagVerb, deleteVerb,
		archiveVerb, restoreVerb, copyVerb, pullVerb, pushVerb, pruneVerb, applyVerb, undoVerb, rollbackVerb,
		journalVerb, historyVerb, lifecycleVerb, usageVerb, accessVerb, doctorVerb, infoVerb, versionVerb, manVerb,
	}
	out := make([]*cobra.Command, 0, len(all))
	for _, verb := range all {
		out = append(out, verb(a))
	}
	return out
}
