// Package cli is the command line: a file a verb, and how what comes of it is printed. It
// turns flags into a call of the application, and nothing else. It imports app and model,
// and no terminal UI: that is handed in.
package cli

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"time"

	"github.com/spf13/cobra"

	"regatta/cmd/app"
	"regatta/cmd/cli/output"
	"regatta/cmd/config"
	"regatta/model/redact"
	"regatta/model/ref"
	"regatta/model/text"
)

// program is one invocation of the program.
type program struct {
	streams  output.Streams
	now      func() time.Time
	ui       UI
	flags    app.Flags
	logFile  string
	log      *slog.Logger // nil: none
	closeLog func() error
}

// UI opens the terminal UI on what target names, or on the contexts.
type UI func(ctx context.Context, s *app.App, in io.Reader, out io.Writer, target *ref.Reference) error

// Run is one invocation of the program. It returns its exit code.
func Run(ctx context.Context, args []string, streams output.Streams, now func() time.Time, ui UI) output.Exit {
	a := &program{streams: streams, now: now, ui: ui, closeLog: func() error { return nil }}
	root := a.root()
	root.SetArgs(args)
	verb, err := root.ExecuteContextC(ctx)
	if cerr := a.closeLog(); err == nil && cerr != nil {
		err = fmt.Errorf("write the log: %w", cerr)
	}
	a.report(verb, err)
	return output.ExitOf(err)
}

// report prints what went wrong, once, and what to do about it.
func (a *program) report(verb *cobra.Command, err error) {
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

func (a *program) root() *cobra.Command {
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
				return a.runUI(cmd.Context(), s, target)
			})
		},
		PersistentPreRunE: func(*cobra.Command, []string) error { return a.openLog() },
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
	root.AddCommand(
		a.demo(), a.sandbox(), a.repos(), a.tags(), a.inspect(), a.diff(), a.referrers(), a.verify(), a.sbom(),
		a.provenance(), a.storage(), a.base(), a.files(), a.cat(), a.extract(), a.retag(), a.untag(), a.delete(),
		a.archive(), a.restore(), a.copy(), a.pull(), a.push(), a.prune(), a.apply(), a.undo(), a.rollback(), a.journal(),
		a.history(), a.lifecycle(), a.usage(), a.access(), a.doctor(), a.info(), a.version(), a.man(),
	)
	refuseShells(root)
	return root
}

// withSession loads the config and runs do in a session that is closed after.
func (a *program) withSession(do func(*app.App) error) (err error) {
	c, err := config.Load(config.Path())
	if err != nil {
		return err
	}
	s := app.New(a.now, c, a.flags)
	s.Log, s.Agent = a.log, userAgent()
	s.UseProfiles()
	defer func() {
		if cerr := s.Close(); err == nil {
			err = cerr
		}
	}()
	if err := checkContext(s); err != nil {
		return err
	}
	return do(s)
}
