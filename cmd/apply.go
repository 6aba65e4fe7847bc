package cmd

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"regatta/model/plan"
	"regatta/model/ref"
	"regatta/model/text"
	"regatta/registry/survey"
)

func (a *app) apply() *cobra.Command {
	var o changeOptions
	var resume string
	var inUse bool
	cmd := &cobra.Command{
		Use:   "apply PLAN.json",
		Short: "Carry out a plan from a file, if the registry still is as it says",
		Args:  arguments(cobra.MaximumNArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.withSession(func(s *session) error {
				c := &change{session: s, streams: a.streams, o: o}
				switch {
				case resume != "" && len(args) > 0, resume == "" && len(args) == 0:
					return usagef("want a plan, or --resume with a run")
				case resume != "":
					return runResume(cmd.Context(), c, resume)
				}
				return runApply(cmd.Context(), c, args[0], inUse)
			})
		},
	}
	formatFlag(cmd, &o.output)
	cmd.Flags().BoolVar(&o.dryRun, "dry-run", false, "check the plan and print it, and change nothing")
	cmd.Flags().BoolVar(&o.yes, "yes", false, "act without asking")
	inUseFlag(cmd, &inUse, "remove")
	cmd.Flags().StringVar(&resume, "resume", "",
		"go on with the `RUN` that was interrupted, and try again what failed or was skipped")
	return cmd
}

// maxPlan is more than a plan of a hundred thousand steps takes.
const maxPlan = 256 << 20

func runApply(ctx context.Context, c *change, path string, inUse bool) error {
	raw, err := readFile(path)
	if err != nil {
		return fmt.Errorf("read the plan: %w", err)
	}
	p, err := plan.Decode(raw)
	if err != nil {
		return err
	}
	if err := c.checkHost(p.Registry); err != nil {
		return err
	}
	if p.Writes() {
		if err := c.may(ctx, p.Registry); err != nil {
			return err
		}
	}
	c.title = "apply " + filepath.Base(path)
	return c.propose(ctx, func(ctx context.Context) (plan.Plan, error) {
		if !p.Writes() {
			return p, nil
		}
		return c.checkPlan(ctx, p, inUse)
	})
}

// checkPlan compares a plan with the registry as it is now, and asks anew who
// runs what it takes away.
func (c *change) checkPlan(ctx context.Context, p plan.Plan, inUse bool) (plan.Plan, error) {
	views, err := c.planViews(ctx, p)
	if err != nil {
		return p, err
	}
	err = plan.Check(p, views...)
	if drift := (*plan.DriftError)(nil); errors.As(err, &drift) && len(drift.Drifts) > 1 {
		for _, d := range drift.Drifts {
			fmt.Fprintln(c.streams.Err, text.Clean(d.Text))
		}
	}
	if err != nil || !p.TakesAway() {
		return p, err
	}
	o, err := c.planning(ctx, p.Registry, inUse)
	if err != nil {
		return p, err
	}
	return plan.Guard(p, o, views...)
}

func readFile(path string) (raw []byte, err error) {
	f, err := os.Open(filepath.Clean(path))
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	return io.ReadAll(io.LimitReader(f, maxPlan))
}

// planViews reads every repository that a plan changes.
func (c *change) planViews(ctx context.Context, p plan.Plan) ([]plan.View, error) {
	var out []plan.View
	at := map[string]int{}
	digests := map[string][]ref.Digest{}
	deletes, puts := false, false
	for _, s := range p.Steps {
		if s.Kind == plan.LifecyclePolicy || s.Kind == plan.Restore || s.Kind == plan.Deploy {
			continue
		}
		repo := s.Reference.Repository
		if _, ok := at[repo]; !ok {
			at[repo] = len(at)
		}
		if s.Kind != plan.CopyBlob {
			digests[repo] = append(digests[repo], s.Digest)
		}
		deletes = deletes || s.Kind == plan.Delete
		puts = puts || s.Kind == plan.Put
	}
	out = make([]plan.View, len(at))
	for repo, i := range at {
		v, err := c.view(ctx, ref.Reference{Host: p.Registry, Repository: repo},
			survey.Options{Digests: digests[repo], Referrers: deletes, MayBeNew: puts})
		if err != nil {
			return nil, err
		}
		out[i] = v
	}
	return out, nil
}

// runResume needs no new plan: every step looks for itself whether it may.
func runResume(ctx context.Context, c *change, id string) error {
	r, err := c.journal().Run(ctx, id)
	if err != nil {
		return err
	}
	if c.o.dryRun {
		return c.streams.print(c.o.output, resultOf(r.Result()))
	}
	if err := errors.Join(c.checkHost(r.Plan.Registry), c.may(ctx, r.Plan.Registry)); err != nil {
		return err
	}
	if err := c.confirm(r.Plan); err != nil {
		return err
	}
	all, err := c.goneBack(r)
	if err != nil {
		return err
	}
	if len(all) > 0 {
		c.after = func(ctx context.Context, r plan.Result) (result, error) {
			return c.conclude(ctx, all, rollbackOptions{}, r)
		}
	}
	again, err := c.runner().Resume(ctx, r.ID)
	if err != nil {
		return err
	}
	return c.follow(ctx, again)
}
