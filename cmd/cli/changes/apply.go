package changes

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"

	"github.com/spf13/cobra"

	"regatta/cmd/app"
	"regatta/cmd/app/change"
	rollbacks "regatta/cmd/app/rollback"
	"regatta/cmd/cli/output"
	"regatta/cmd/cli/propose"
	"regatta/cmd/cli/rollback"
	"regatta/cmd/cli/verb"
	"regatta/model/plan"
	"regatta/model/text"
)

// Apply is the verb apply.
func Apply(a *verb.Program) *cobra.Command {
	var o propose.Options
	var resume string
	var asked change.Asked
	cmd := &cobra.Command{
		Use:   "apply PLAN.json",
		Short: "Carry out a plan from a file, if the registry still is as it says",
		Args:  verb.Arguments(cobra.MaximumNArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.WithSession(func(s *app.App) error {
				c := &propose.Proposal{App: s, Streams: a.Streams, Options: o}
				switch {
				case resume != "" && len(args) > 0, resume == "" && len(args) == 0:
					return app.Mistakef("want a plan, or --resume with a run")
				case resume != "":
					return RunResume(cmd.Context(), c, resume, asked)
				}
				return RunApply(cmd.Context(), c, args[0], asked)
			})
		},
	}
	output.FormatFlag(cmd, &o.Output)
	cmd.Flags().BoolVar(&o.DryRun, "dry-run", false, "check the plan and print it, and change nothing")
	cmd.Flags().BoolVar(&o.Yes, "yes", false, "act without asking")
	propose.InUseFlag(cmd, &asked.InUse, "remove")
	propose.NotWholeFlag(cmd, &asked.NotWhole)
	propose.SlowListFlag(cmd.Flags(), &asked)
	cmd.Flags().StringVar(&resume, "resume", "",
		"go on with the `RUN` that was interrupted, and try again what failed or was skipped")
	return cmd
}

// RunApply carries out the plan of a file, if the registry is still as it was.
func RunApply(ctx context.Context, c *propose.Proposal, path string, asked change.Asked) error {
	raw, err := app.ReadFile(ctx, path)
	if err != nil {
		return fmt.Errorf("read the plan: %w", err)
	}
	p, err := plan.Decode(raw)
	if err != nil {
		return err
	}
	if err := verb.CheckHost(c.App, p.Registry); err != nil {
		return err
	}
	if p.Writes() {
		if err := c.May(ctx, p.Registry); err != nil {
			return err
		}
	}
	if p, err = rollbacks.Deployable(ctx, c.App, p); err != nil {
		return err
	}
	c.Title = "apply " + filepath.Base(path)
	return c.Propose(ctx, func(ctx context.Context) (plan.Plan, error) {
		if !p.Writes() {
			return c.Planner(p.Registry).Landing(p)
		}
		return checkPlan(ctx, c, p, asked)
	})
}

// checkPlan compares a plan with the registry as it is now, and says all that has
// changed.
func checkPlan(ctx context.Context, c *propose.Proposal, p plan.Plan, asked change.Asked) (plan.Plan, error) {
	p, err := c.Planner(p.Registry).Check(ctx, p, asked)
	if drift := (*plan.DriftError)(nil); errors.As(err, &drift) && len(drift.Drifts) > 1 {
		for _, d := range drift.Drifts {
			fmt.Fprintln(c.Streams.Err, text.Clean(d.Text))
		}
	}
	return p, err
}

// RunResume plans nothing anew: every step looks for itself whether it may. But who
// runs what is left to take away is asked again.
func RunResume(ctx context.Context, c *propose.Proposal, id string, asked change.Asked) error {
	r, err := c.App.Journal().Run(ctx, id)
	if err != nil {
		return err
	}
	if err := errors.Join(r.MayResume(), verb.CheckHost(c.App, r.Plan.Registry), c.May(ctx, r.Plan.Registry)); err != nil {
		return err
	}
	all, err := rollbacks.GoneBack(c.App, r)
	if err != nil {
		return err
	}
	if len(r.Rest().Steps)+len(all) == 0 && r.State.Ended() {
		fmt.Fprintf(c.Streams.Err, "nothing is left to do in run %s\n", r.ID)
		return c.Streams.Print(c.Options.Output, output.Result{JSON: r.Result(), Text: func(io.Writer) {}})
	}
	rest, err := c.Planner(r.Plan.Registry).Rest(ctx, r, asked)
	if err != nil {
		return err
	}
	if c.Options.DryRun {
		return c.Do(ctx, rest)
	}
	if err := c.Confirm(rest); err != nil {
		return err
	}
	if len(all) > 0 {
		c.After = func(ctx context.Context, r plan.Result) (output.Result, error) {
			return rollback.Conclude(ctx, c, all, rollback.Options{}, r)
		}
	}
	again, err := c.App.Runner().Resume(ctx, r.ID, rest.GoesByOlder())
	if err != nil {
		return err
	}
	return c.Follow(ctx, again)
}
