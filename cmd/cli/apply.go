package cli

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
	"regatta/model/plan"
	"regatta/model/text"
)

func applyVerb(a *program) *cobra.Command {
	var o changeOptions
	var resume string
	var asked change.Asked
	cmd := &cobra.Command{
		Use:   "apply PLAN.json",
		Short: "Carry out a plan from a file, if the registry still is as it says",
		Args:  arguments(cobra.MaximumNArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.withSession(func(s *app.App) error {
				c := &changing{app: s, streams: a.streams, o: o}
				switch {
				case resume != "" && len(args) > 0, resume == "" && len(args) == 0:
					return app.Mistakef("want a plan, or --resume with a run")
				case resume != "":
					return runResume(cmd.Context(), c, resume, asked)
				}
				return runApply(cmd.Context(), c, args[0], asked)
			})
		},
	}
	output.FormatFlag(cmd, &o.output)
	cmd.Flags().BoolVar(&o.dryRun, "dry-run", false, "check the plan and print it, and change nothing")
	cmd.Flags().BoolVar(&o.yes, "yes", false, "act without asking")
	inUseFlag(cmd, &asked.InUse, "remove")
	notWholeFlag(cmd, &asked.NotWhole)
	slowListFlag(cmd.Flags(), &asked)
	cmd.Flags().StringVar(&resume, "resume", "",
		"go on with the `RUN` that was interrupted, and try again what failed or was skipped")
	return cmd
}

func runApply(ctx context.Context, c *changing, path string, asked change.Asked) error {
	raw, err := app.ReadFile(ctx, path)
	if err != nil {
		return fmt.Errorf("read the plan: %w", err)
	}
	p, err := plan.Decode(raw)
	if err != nil {
		return err
	}
	if err := checkHost(c.app, p.Registry); err != nil {
		return err
	}
	if p.Writes() {
		if err := c.may(ctx, p.Registry); err != nil {
			return err
		}
	}
	if p, err = rollbacks.Deployable(ctx, c.app, p); err != nil {
		return err
	}
	c.title = "apply " + filepath.Base(path)
	return c.propose(ctx, func(ctx context.Context) (plan.Plan, error) {
		if !p.Writes() {
			return c.planner(p.Registry).Landing(p)
		}
		return c.checkPlan(ctx, p, asked)
	})
}

// checkPlan compares a plan with the registry as it is now, and says all that has
// changed.
func (c *changing) checkPlan(ctx context.Context, p plan.Plan, asked change.Asked) (plan.Plan, error) {
	p, err := c.planner(p.Registry).Check(ctx, p, asked)
	if drift := (*plan.DriftError)(nil); errors.As(err, &drift) && len(drift.Drifts) > 1 {
		for _, d := range drift.Drifts {
			fmt.Fprintln(c.streams.Err, text.Clean(d.Text))
		}
	}
	return p, err
}

// runResume plans nothing anew: every step looks for itself whether it may. But who
// runs what is left to take away is asked again.
func runResume(ctx context.Context, c *changing, id string, asked change.Asked) error {
	r, err := c.app.Journal().Run(ctx, id)
	if err != nil {
		return err
	}
	if err := errors.Join(r.MayResume(), checkHost(c.app, r.Plan.Registry), c.may(ctx, r.Plan.Registry)); err != nil {
		return err
	}
	all, err := rollbacks.GoneBack(c.app, r)
	if err != nil {
		return err
	}
	if len(r.Rest().Steps)+len(all) == 0 && r.State.Ended() {
		fmt.Fprintf(c.streams.Err, "nothing is left to do in run %s\n", r.ID)
		return c.streams.Print(c.o.output, output.Result{JSON: r.Result(), Text: func(io.Writer) {}})
	}
	rest, err := c.planner(r.Plan.Registry).Rest(ctx, r, asked)
	if err != nil {
		return err
	}
	if c.o.dryRun {
		return c.do(ctx, rest)
	}
	if err := c.confirm(rest); err != nil {
		return err
	}
	if len(all) > 0 {
		c.after = func(ctx context.Context, r plan.Result) (output.Result, error) {
			return c.conclude(ctx, all, rollbackOptions{}, r)
		}
	}
	again, err := c.app.Runner().Resume(ctx, r.ID, rest.GoesByOlder())
	if err != nil {
		return err
	}
	return c.follow(ctx, again)
}
