package change

import (
	"context"

	"regatta/cmd/app"
	"regatta/model/fault"
	"regatta/model/journal"
	"regatta/model/plan"
	"regatta/registry/run"
)

// Begin carries out a plan that was confirmed. One without steps is refused: its run would
// be written down as done, and stand for an undo that brought nothing back.
func Begin(
	ctx context.Context, a *app.App, p plan.Plan, title, undoOf string, remarks ...journal.Remark,
) (*run.Run, error) {
	if why := p.Barred(); why != "" {
		return nil, &fault.Error{Op: "begin", Object: title, Kind: fault.Unsupported, Detail: why}
	}
	return a.Runner().Start(ctx, p, title, undoOf, remarks...)
}
