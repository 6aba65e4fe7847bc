package cli

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"time"

	"regatta/cmd/app"
	"regatta/cmd/cli/output"
	"regatta/cmd/config"
	"regatta/model/ref"
)

// program is one invocation of the program.
type program struct {
	streams  output.Streams
	now      func() time.Time
	ui       UI
	flags    app.Flags
	agent    string // the program and its version, as registries are told
	logFile  string
	log      *slog.Logger // nil: none
	closeLog func() error
}

// UI opens the terminal UI on what target names, or on the contexts.
type UI func(ctx context.Context, s *app.App, in io.Reader, out io.Writer, target *ref.Reference) error

// withSession loads the config and runs do in a session that is closed after.
func (a *program) withSession(do func(*app.App) error) (err error) {
	c, err := config.Load(config.Path())
	if err != nil {
		return err
	}
	s := app.New(a.now, c, a.flags)
	s.Log, s.Agent = a.log, a.agent
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

// runUI opens the terminal UI, where there is a terminal.
func runUI(ctx context.Context, a *program, s *app.App, target *ref.Reference) error {
	if !a.streams.Terminal || a.streams.Env("TERM") == "dumb" {
		return output.End(output.Usage,
			errors.New("the terminal UI needs a terminal; see `regatta --help` for verbs that do not"))
	}
	return a.ui(ctx, s, a.streams.In, a.streams.Out, target)
}
