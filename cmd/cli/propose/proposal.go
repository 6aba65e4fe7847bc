// Package propose shows a plan, has it confirmed and follows its run: the way that every verb
// goes which changes something. It imports app and model.
package propose

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

// Options are the flags of every verb that changes something.
type Options struct {
	DryRun bool
	File   string
	Yes    bool
	Output output.Format
}

// Flags gives cmd the flags of every change.
func Flags(cmd *cobra.Command, o *Options) {
	output.FormatFlag(cmd, &o.Output)
	f := cmd.Flags()
	f.BoolVar(&o.DryRun, "dry-run", false, "print the plan and change nothing")
	f.StringVar(&o.File, "plan", "", "write the plan to `FILE` for apply, and change nothing")
	f.BoolVar(&o.Yes, "yes", false, "act without asking")
}

// Proposal is a plan on its way to be carried out.
type Proposal struct {
	App *app.App

	Streams output.Streams
	Options Options
	Title   string
	UndoOf  string
	Want    string           // is typed to confirm; "": y, or the repository's name where the plan wants that
	Remarks []journal.Remark // to write down with the run
	Preview func(io.Writer)  // how the plan is shown to people; nil: by its steps
	// after looks at what a run has left; nil: its result says it all.
	After func(ctx context.Context, r plan.Result) (output.Result, error)
	// idle is what is left to do where the plan has nothing to do; nil: nothing is.
	Idle func(ctx context.Context, p plan.Plan) error
	// ends is what it ends with after a run; nil: outcomeError.
	Ends    func(plan.Result) error
	answers *bufio.Reader // what is typed; nil until somebody was asked
}

// Acts reports whether something will be changed, and not only shown or saved.
func (c *Proposal) Acts() bool { return !c.Options.DryRun && c.Options.File == "" }

// May refuses, before anything is asked, what could not be carried out.
func (c *Proposal) May(ctx context.Context, host string) error {
	if !c.Acts() {
		return nil
	}
	if err := c.App.ReadOnly(host); err != nil {
		return err
	}
	return c.App.Journal().Usable(ctx)
}

// Planner makes the plans of a host. Where nothing is changed, or not yet confirmed,
// nothing is tried either.
func (c *Proposal) Planner(host string) change.Planner {
	return change.Planner{
		App: c.App, Tries: c.Acts() && c.Options.Yes && c.App.ReadOnly(host) == nil,
		Begin: func(verb, noun string) (change.Progress, func()) {
			p := c.Streams.Progress(c.App.Now, verb, noun)
			return p.Add, p.Clear
		},
	}
}

// Do shows the plan, and carries it out once it is confirmed.
func (c *Proposal) Do(ctx context.Context, p plan.Plan) error {
	if c.Options.File != "" {
		if err := writePlan(ctx, c.Options.File, p); err != nil {
			return err
		}
		fmt.Fprintf(c.Streams.Err, "the plan is in %s; carry it out with regatta apply\n", c.Options.File)
		if !c.Options.DryRun {
			return nil
		}
	}
	if c.Options.DryRun {
		return c.Streams.Print(c.Options.Output, output.Result{JSON: p, Text: c.shown(p)})
	}
	if p.Writes() {
		if err := c.Confirm(p); err != nil {
			return err
		}
	}
	return c.carryOut(ctx, p)
}

// Propose shows the plan that build makes, and carries it out once it is
// confirmed. Only then it is tried what the registry deletes; if that makes
// another plan, this one is shown and has to be confirmed as well.
func (c *Proposal) Propose(ctx context.Context, build func(context.Context) (plan.Plan, error)) error {
	p, err := build(ctx)
	if err != nil {
		return err
	}
	if !c.Acts() || c.Options.Yes || !p.Writes() {
		return c.Do(ctx, p) // which says what to mind
	}
	if err := c.Confirm(p); err != nil {
		return err
	}
	tried, err := change.Try(ctx, c.App, p)
	if err != nil {
		return err
	}
	if tried {
		confirmed := p
		if p, err = build(ctx); err != nil {
			return err
		}
		if !plan.Same(p, confirmed) {
			fmt.Fprintln(c.Streams.Err, "\nwhat the registry deletes makes it another plan:")
			if err := c.Confirm(p); err != nil {
				return err
			}
		}
	}
	return c.carryOut(ctx, p)
}

func (c *Proposal) shown(p plan.Plan) func(io.Writer) {
	if c.Preview != nil {
		return c.Preview
	}
	return PlanWriter(p)
}

func (c *Proposal) carryOut(ctx context.Context, p plan.Plan) error {
	if p.Loses() && p.Empty() {
		WriteLost(c.Streams.Err, p)
		return output.End(output.Refused, errors.New(p.Barred()))
	}
	if p.Empty() {
		fmt.Fprintln(c.Streams.Err, "there is nothing to do")
		if c.Idle != nil {
			if err := c.Idle(ctx, p); err != nil {
				return err
			}
		}
		return c.Streams.Print(c.Options.Output, ResultOf(plan.NewResult("", p)))
	}
	r, err := change.Begin(ctx, c.App, p, c.Title, c.UndoOf, c.Remarks...)
	if err != nil {
		return err
	}
	return c.Follow(ctx, r)
}

// Follow waits for a run and reports it.
func (c *Proposal) Follow(ctx context.Context, r *runs.Run) error {
	line := c.Streams.Gauge(c.App.Now)
	for p := range r.Progress() {
		line.Show(p)
	}
	line.Clear()
	done, err := r.Wait()
	out, found := ResultOf(done), error(nil)
	if c.After != nil {
		out, found = c.After(ctx, done)
	}
	ends := c.Ends
	if ends == nil {
		ends = OutcomeError
	}
	defer c.goesOn(ctx, done)
	return errors.Join(c.Streams.Print(c.Options.Output, out), err, ends(done), found)
}

// Onward names the two ways that lead on from a run that came to no end.
func Onward(run string) string {
	return "regatta apply --resume " + run + " continues it, regatta undo " + run + " reverts it"
}

// goesOn says how to go on with a run that was cancelled, and how to take it back.
func (c *Proposal) goesOn(ctx context.Context, done plan.Result) {
	if ctx.Err() != nil && done.Done < len(done.Steps) {
		c.Say("%s", Onward(done.Run))
	}
}

// Say prints a line for people.
func (c *Proposal) Say(format string, args ...any) { fmt.Fprintf(c.Streams.Err, format+"\n", args...) }
