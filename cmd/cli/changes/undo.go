package changes

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	"regatta/cmd/app"
	"regatta/cmd/app/change"
	rollbacks "regatta/cmd/app/rollback"
	"regatta/cmd/cli/output"
	"regatta/cmd/cli/propose"
	"regatta/cmd/cli/verb"
	"regatta/model/journal"
	"regatta/model/plan"
)

// Undo is the verb undo.
func Undo(a *verb.Program) *cobra.Command {
	var o propose.Options
	var asked change.Asked
	cmd := &cobra.Command{
		Use:   "undo [RUN]",
		Short: "Put back what a run changed: the newest one that was not undone, or the one named",
		Args:  verb.Arguments(cobra.MaximumNArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.WithSession(func(s *app.App) error {
				return RunUndo(cmd.Context(), &propose.Proposal{App: s, Streams: a.Streams, Options: o}, args, asked)
			})
		},
	}
	propose.Flags(cmd, &o)
	propose.InUseFlag(cmd, &asked.InUse, "remove")
	propose.SlowListFlag(cmd.Flags(), &asked)
	return cmd
}

// RunUndo takes a run back, the newest if none is named.
func RunUndo(ctx context.Context, c *propose.Proposal, args []string, asked change.Asked) error {
	r, err := runToUndo(ctx, c, args)
	if err == nil {
		err = r.MayUndo()
	}
	if err != nil {
		return err
	}
	host := r.Plan.Registry
	if err := errors.Join(verb.CheckHost(c.App, host), c.May(ctx, host)); err != nil {
		return err
	}
	c.Title, c.UndoOf, c.Ends = "undo "+r.ID+": "+r.Title, r.ID, undoError
	c.Idle = func(ctx context.Context, p plan.Plan) error {
		for _, n := range p.Notes {
			c.Say("%s", n)
		}
		return c.Planner(host).End(ctx, r)
	}
	asked.InUse = asked.InUse || !c.Acts()
	if !c.Acts() {
		asked.SlowList = max(asked.SlowList, plan.WhereSlow)
	}
	return c.Propose(ctx, func(ctx context.Context) (plan.Plan, error) {
		u, err := c.Planner(host).Undo(ctx, r, asked)
		if err != nil {
			return plan.Plan{}, err
		}
		if u.Verdict == plan.Gone {
			propose.WriteLost(c.Streams.Err, u.Plan)
			return u.Plan, output.End(output.Refused, errors.New("undo run "+r.ID+": nothing of it can be brought back"))
		}
		if u.Plan.Loses() {
			c.After = lossy
		}
		return rollbacks.Deployable(ctx, c.App, u.Plan)
	})
}

// lossy is how an undo ends that could not bring back everything, however well its
// steps went.
func lossy(_ context.Context, r plan.Result) (output.Result, error) {
	said := propose.ResultOf(r)
	if undoError(r) == nil {
		return said, output.End(output.Partly, errors.New("not everything could be brought back"))
	}
	return said, nil // the outcome has an exit code of its own
}

// undoError is what an undo ends with. Where nothing of a run could be put back, all
// of it stands: that is no failure to ask, as of a run that is not there.
func undoError(r plan.Result) error {
	err := propose.OutcomeError(r)
	if output.ExitOf(err) == output.Failed {
		return output.End(output.Partly, errors.New("nothing could be put back: what the run changed stays as it is"))
	}
	return err
}

// runToUndo is the run that is named, or the newest that is there to be undone.
func runToUndo(ctx context.Context, c *propose.Proposal, args []string) (journal.Run, error) {
	if len(args) == 1 {
		return c.App.Journal().Run(ctx, args[0])
	}
	return c.Planner("").Newest(ctx, "`regatta journal` lists the runs; `regatta undo RUN` undoes one by name")
}
