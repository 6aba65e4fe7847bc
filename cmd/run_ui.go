package cmd

import (
	"context"
	"errors"

	"regatta/cmd/app"
	"regatta/cmd/tui"
	"regatta/model/ref"
)

// runUI opens the terminal UI, where there is a terminal.
func runUI(ctx context.Context, s *app.App, streams Streams, target *ref.Reference) error {
	if !streams.Terminal || streams.Env("TERM") == "dumb" {
		return exitError{Usage, errors.New("the terminal UI needs a terminal; see `regatta --help` for verbs that do not")}
	}
	return tui.Run(ctx, s, streams.In, streams.Out, target)
}
