// Package verb is what all verbs share: the program that they are part of, and what their
// arguments name. It imports app and model.
package verb

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

// Program is one invocation of the program.
type Program struct {
	Streams  output.Streams
	Now      func() time.Time
	UI       UI
	Flags    app.Flags
	Agent    string // the program and its version, as registries are told
	LogFile  string
	Log      *slog.Logger // nil: none
	CloseLog func() error
	App      *app.App // what verbs work on; nil: one as the config says, closed after
}

// UI opens the terminal UI on what target names, or on the contexts.
type UI func(ctx context.Context, s *app.App, in io.Reader, out io.Writer, target *ref.Reference) error

// WithSession loads the config and runs do in a session that is closed after.
func (a *Program) WithSession(do func(*app.App) error) (err error) {
	if a.App != nil {
		a.App.Flags = a.Flags
		return do(a.App)
	}
	c, err := config.Load(config.Path())
	if err != nil {
		return err
	}
	s := app.New(a.Now, c, a.Flags)
	s.Log, s.Agent = a.Log, a.Agent
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

// RunUI opens the terminal UI, where there is a terminal.
func RunUI(ctx context.Context, a *Program, s *app.App, target *ref.Reference) error {
	if !a.Streams.Terminal || a.Streams.Env("TERM") == "dumb" {
		return output.End(output.Usage,
			errors.New("the terminal UI needs a terminal; see `regatta --help` for verbs that do not"))
	}
	return a.UI(ctx, s, a.Streams.In, a.Streams.Out, target)
}
