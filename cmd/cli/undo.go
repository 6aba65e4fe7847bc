package cli

import (
	"context"
	"errors"

	"github.com/spf13/cobra"

	"regatta/cmd/app"
	"regatta/cmd/app/change"
	rollbacks "regatta/cmd/app/rollback"
	"regatta/cmd/cli/output"
	"regatta/model/journal"
	"regatta/model/plan"
)

func undoVerb(a *program) *cobra.Command {
	var o changeOptions
	var asked change.Asked
	cmd := &cobra.Command{
		Use:   "undo [RUN]",
		Short: "Put back what a run changed: the newest one that was not undone, or the one named",
		Args:  arguments(cobra.MaximumNArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.withSession(func(s *app.App) error {
				return runUndo(cmd.Context(), &changing{app: s, streams: a.streams, o: o}, args, asked)
			})
		},
	}
	changeFlags(cmd, &o)
	inUseFlag(cmd, &asked.InUse, "remove")
	slowListFlag(cmd.Flags(), &asked)
	return cmd
}

func runUndo(ctx context.Context, c *changing, args []string, asked change.Asked) error {
	r, err := c.runToUndo(ctx, args)
	if err == nil {
		err = r.MayUndo()
	}
	if err != nil {
		return err
	}
	host := r.Plan.Registry
	if err := errors.Join(checkHost(c.app, host), c.may(ctx, host)); err != nil {
		return err
	}
	c.title, c.undoOf, c.ends = "undo "+r.ID+": "+r.Title, r.ID, undoError
	c.idle = func(ctx context.Context, p plan.Plan) error {
		for _, n := range p.Notes {
			c.say("%s", n)
		}
		return c.planner(host).End(ctx, r)
	}
	asked.InUse = asked.InUse || !c.acts()
	if !c.acts() {
		asked.SlowList = max(asked.SlowList, plan.WhereSlow)
	}
	return c.propose(ctx, func(ctx context.Context) (plan.Plan, error) {
		u, err := c.planner(host).Undo(ctx, r, asked)
		if err != nil {
			return plan.Plan{}, err
		}
		if u.Verdict == plan.Gone {
			writeLost(c.streams.Err, u.Plan)
			return u.Plan, output.End(output.Refused, errors.New("undo run "+r.ID+": nothing of it can be brought back"))
		}
		if u.Plan.Loses() {
			c.after = lossy
		}
		return rollbacks.Deployable(ctx, c.app, u.Plan)
	})
}

// lossy is how an undo ends that could not bring back everything, however well its
// steps went.
func lossy(_ context.Context, r plan.Result) (output.Result, error) {
	said := resultOf(r)
	if undoError(r) == nil {
		return said, output.End(output.Partly, errors.New("not everything could be brought back"))
	}
	return said, nil // the outcome has an exit code of its own
}

// undoError is what an undo ends with. Where nothing of a run could be put back, all
// of it stands: that is no failure to ask, as of a run that is not there.
func undoError(r plan.Result) error {
	err := outcomeError(r)
	if output.ExitOf(err) == output.Failed {
		return output.End(output.Partly, errors.New("nothing could be put back: what the run changed stays as it is"))
	}
	return err
}

// runToUndo is the run that is named, or the newest that is there to be undone.
func (c *changing) runToUndo(ctx context.Context, args []string) (journal.Run, error) {
	if len(args) == 1 {
		return c.app.Journal().Run(ctx, args[0])
	}
	return c.planner("").Newest(ctx, "`regatta journal` lists the runs; `regatta undo RUN` undoes one by name")
}
