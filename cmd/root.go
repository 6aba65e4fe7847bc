// Package cmd is the command line: one file a verb, and the wiring of the
// terminal UI. It may import everything; nothing imports it but main.
package cmd

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/spf13/cobra"

	"regatta/cmd/config"
	"regatta/model/ref"
	"regatta/model/text"
)

// globalFlags are the flags of every verb.
type globalFlags struct {
	context   string
	plainHTTP bool
	readOnly  bool
	logFile   string
}

// app is one invocation of the program.
type app struct {
	streams Streams
	now     func() time.Time
	flags   globalFlags
}

// Main runs the program and returns its exit code.
func Main(args []string) Exit {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	return run(ctx, args, systemStreams(), time.Now)
}

func run(ctx context.Context, args []string, streams Streams, now func() time.Time) Exit {
	a := &app{streams: streams, now: now}
	root := a.root()
	root.SetArgs(args)
	err := root.ExecuteContext(ctx)
	if err != nil && err.Error() != "" {
		fmt.Fprintln(streams.Err, "regatta: "+text.CleanLines(err.Error()))
		if tip := advice(err); tip != "" {
			fmt.Fprintln(streams.Err, "  "+tip)
		}
	}
	return exitOf(err)
}

func (a *app) root() *cobra.Command {
	root := &cobra.Command{
		Use:   "regatta [HOST[/REPOSITORY]]",
		Short: "Browse and manage container registries: see it, prove it before, undo it after",
		Args:  cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.withSession(func(s *session) error {
				var target *ref.Reference
				if len(args) == 1 {
					r, err := ref.ParseTarget(args[0])
					if err != nil {
						return usageError{err}
					}
					target = &r
				}
				return runUI(cmd.Context(), s, a.streams, target)
			})
		},
		SilenceUsage:  true,
		SilenceErrors: true,
	}
	root.SetIn(a.streams.In)
	root.SetOut(a.streams.Out)
	root.SetErr(a.streams.Err)
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return usageError{err} })
	f := root.PersistentFlags()
	f.StringVar(&a.flags.context, "context", "", "the `NAME` of a registry in the config")
	f.BoolVar(&a.flags.plainHTTP, "plain-http", false, "speak http where TLS is refused (loopback: always)")
	f.BoolVar(&a.flags.readOnly, "read-only", false, "change nothing in any registry")
	f.StringVar(&a.flags.logFile, "log", "", "write the request log to `FILE`")
	root.AddCommand(a.demo())
	return root
}

// withSession loads the config and runs do in a session that is closed after.
func (a *app) withSession(do func(*session) error) (err error) {
	c, err := config.Load(config.Path())
	if err != nil {
		return err
	}
	s := newSession(a.now, c, a.flags)
	defer func() {
		if cerr := s.close(); err == nil {
			err = cerr
		}
	}()
	return do(s)
}
