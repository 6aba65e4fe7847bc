package cli

import (
	"context"
	"errors"

	"regatta/cmd/app"
	"regatta/cmd/cli/output"
	"regatta/model/ref"
)

// runUI opens the terminal UI, where there is a terminal.
func (a *program) runUI(ctx context.Context, s *app.App, target *ref.Reference) error {
	if !a.streams.Terminal || a.streams.Env("TERM") == "dumb" {
		return output.End(output.Usage,
			errors.New("the terminal UI needs a terminal; see `regatta --help` for verbs that do not"))
	}
	return a.ui(ctx, s, a.streams.In, a.streams.Out, target)
}
