package cli

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"regatta/cmd/app"
	"regatta/cmd/app/change"
	"regatta/cmd/cli/output"
	"regatta/model/journal"
	"regatta/model/plan"
	runs "regatta/registry/run"
)

// changeOptions are the flags of every verb that changes something.
type changeOptions struct {
	dryRun bool
	file   string
	yes    bool
	output output.Format
}

func changeFlags(cmd *cobra.Command, o *changeOptions) {
	output.FormatFlag(cmd, &o.output)
	f := cmd.Flags()
	f.BoolVar(&o.dryRun, "dry-run", false, "print the plan and change nothing")
	f.StringVar(&o.file, "plan", "", "write the plan to `FILE` for apply, and change nothing")
	f.BoolVar(&o.yes, "yes", false, "act without asking")
}

// changing is a plan on its way to be carried out.
type changing struct {
	app *app.App

	streams output.Streams
	o       changeOptions
	title   string
	undoOf  string
	want    string           // is typed to confirm; "": y, or the repository's name where the plan wants that
	remarks []journal.Remark // to write down with the run
	preview func(io.Writer)  // how the plan is shown to people; nil: by its steps
	// after looks at what a run has left; nil: its result says it all.
	after func(ctx context.Context, r plan.Result) (output.Result, error)
	// idle is what is left to do where the plan has nothing to do; nil: nothing is.
	idle func(ctx context.Context, p plan.Plan) error
	// ends is what it ends with after a run; nil: outcomeError.
	ends    func(plan.Result) error
	answers *bufio.Reader // what is typed; nil until somebody was asked
}

func (c *changing) acts() bool { return !c.o.dryRun && c.o.file == "" }

// may refuses, before anything is asked, what could not be carried out.
func (c *changing) may(ctx context.Context, host string) error {
	if !c.acts() {
		return nil
	}
	if err := c.app.ReadOnly(host); err != nil {
		return err
	}
	return c.app.Journal().Usable(ctx)
}

// planner makes the plans of a host. Where nothing is changed, or not yet confirmed,
// nothing is tried either.
func (c *changing) planner(host string) change.Planner {
	return change.Planner{
		App: c.app, Tries: c.acts() && c.o.yes && c.app.ReadOnly(host) == nil,
		Begin: func(verb, noun string) (change.Progress, func()) {
			p := c.streams.Progress(c.app.Now, verb, noun)
			return p.Add, p.Clear
		},
	}
}

// do shows the plan, and carries it out once it is confirmed.
func (c *changing) do(ctx context.Context, p plan.Plan) error {
	if c.o.file != "" {
		if err := writePlan(ctx, c.o.file, p); err != nil {
			return err
		}
		fmt.Fprintf(c.streams.Err, "the plan is in %s; carry it out with regatta apply\n", c.o.file)
		if !c.o.dryRun {
			return nil
		}
	}
	if c.o.dryRun {
		return c.streams.Print(c.o.output, output.Result{JSON: p, Text: c.shown(p)})
	}
	if p.Writes() {
		if err := c.confirm(p); err != nil {
			return err
		}
	}
	return c.carryOut(ctx, p)
}

// propose shows the plan that build makes, and carries it out once it is
// confirmed. Only then it is tried what the registry deletes; if that makes
// another plan, this one is shown and has to be confirmed as well.
func (c *changing) propose(ctx context.Context, build func(context.Context) (plan.Plan, error)) error {
	p, err := build(ctx)
	if err != nil {
		return err
	}
	if !c.acts() || c.o.yes || !p.Writes() {
		return c.do(ctx, p) // which says what to mind
	}
	if err := c.confirm(p); err != nil {
		return err
	}
	tried, err := change.Try(ctx, c.app, p)
	if err != nil {
		return err
	}
	if tried {
		confirmed := p
		if p, err = build(ctx); err != nil {
			return err
		}
		if !plan.Same(p, confirmed) {
			fmt.Fprintln(c.streams.Err, "\nwhat the registry deletes makes it another plan:")
			if err := c.confirm(p); err != nil {
				return err
			}
		}
	}
	return c.carryOut(ctx, p)
}

func (c *changing) shown(p plan.Plan) func(io.Writer) {
	if c.preview != nil {
		return c.preview
	}
	return planWriter(p)
}

func (c *changing) carryOut(ctx context.Context, p plan.Plan) error {
	if p.Loses() && p.Empty() {
		writeLost(c.streams.Err, p)
		return output.End(output.Refused, errors.New(p.Barred()))
	}
	if p.Empty() {
		fmt.Fprintln(c.streams.Err, "there is nothing to do")
		if c.idle != nil {
			if err := c.idle(ctx, p); err != nil {
				return err
			}
		}
		return c.streams.Print(c.o.output, resultOf(plan.NewResult("", p)))
	}
	r, err := change.Begin(ctx, c.app, p, c.title, c.undoOf, c.remarks...)
	if err != nil {
		return err
	}
	return c.follow(ctx, r)
}

// follow waits for a run and reports it.
func (c *changing) follow(ctx context.Context, r *runs.Run) error {
	line := c.streams.Gauge(c.app.Now)
	for p := range r.Progress() {
		line.Show(p)
	}
	line.Clear()
	done, err := r.Wait()
	out, found := resultOf(done), error(nil)
	if c.after != nil {
		out, found = c.after(ctx, done)
	}
	ends := c.ends
	if ends == nil {
		ends = outcomeError
	}
	defer c.goesOn(ctx, done)
	return errors.Join(c.streams.Print(c.o.output, out), err, ends(done), found)
}

// onward names the two ways that lead on from a run that came to no end.
func onward(run string) string {
	return "regatta apply --resume " + run + " continues it, regatta undo " + run + " reverts it"
}

// goesOn says how to go on with a run that was cancelled, and how to take it back.
func (c *changing) goesOn(ctx context.Context, done plan.Result) {
	if ctx.Err() != nil && done.Done < len(done.Steps) {
		c.say("%s", onward(done.Run))
	}
}
