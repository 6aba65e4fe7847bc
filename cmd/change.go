package cmd

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"

	"github.com/spf13/cobra"

	"regatta/cmd/app"
	"regatta/model/journal"
	"regatta/model/plan"
	"regatta/model/ref"
	"regatta/registry"
	runs "regatta/registry/run"
	"regatta/registry/survey"
)

// changeOptions are the flags of every verb that changes something.
type changeOptions struct {
	dryRun bool
	file   string
	yes    bool
	output format
}

func changeFlags(cmd *cobra.Command, o *changeOptions) {
	formatFlag(cmd, &o.output)
	f := cmd.Flags()
	f.BoolVar(&o.dryRun, "dry-run", false, "print the plan and change nothing")
	f.StringVar(&o.file, "plan", "", "write the plan to `FILE` for apply, and change nothing")
	f.BoolVar(&o.yes, "yes", false, "act without asking")
}

// change is a plan on its way to be carried out.
type change struct {
	app *app.App

	streams Streams
	o       changeOptions
	title   string
	undoOf  string
	want    string           // is typed to confirm; "": y, or the repository's name where the plan wants that
	remarks []journal.Remark // to write down with the run
	preview func(io.Writer)  // how the plan is shown to people; nil: by its steps
	// after looks at what a run has left; nil: its result says it all.
	after   func(ctx context.Context, r plan.Result) (result, error)
	answers *bufio.Reader // what is typed; nil until somebody was asked
}

func (c *change) acts() bool { return !c.o.dryRun && c.o.file == "" }

// may refuses, before anything is asked, what could not be carried out.
func (c *change) may(ctx context.Context, host string) error {
	if !c.acts() {
		return nil
	}
	if err := c.app.ReadOnly(host); err != nil {
		return err
	}
	return c.app.Journal().Usable(ctx)
}

// unprobed never asks a registry what it deletes, where not even that may be
// tried.
type unprobed struct{ registry.Backend }

// ProbeDelete implements survey.Deleter by reading only.
func (u unprobed) ProbeDelete(ctx context.Context, repo string) (plan.Capabilities, error) {
	return u.ReadDelete(ctx, repo)
}

// reader is a backend for plans: where nothing is changed, or not yet confirmed,
// nothing is tried either.
func (c *change) reader(b registry.Backend, host string) registry.Backend {
	if !c.acts() || !c.o.yes || c.app.ReadOnly(host) != nil {
		return unprobed{b}
	}
	return b
}

// view reads a repository for a plan.
func (c *change) view(ctx context.Context, r ref.Reference, o survey.Options) (plan.View, error) {
	b, err := c.app.Open(r.Host)
	if err != nil {
		return plan.View{}, err
	}
	b = c.reader(b, r.Host)
	p := c.streams.progress(c.app.Now, "read", "tags and manifests")
	defer p.clear()
	o.Progress = p.add
	return survey.View(ctx, b, r.Repository, o)
}

// do shows the plan, and carries it out once it is confirmed.
func (c *change) do(ctx context.Context, p plan.Plan) error {
	if c.o.file != "" {
		if err := writePlan(c.o.file, p); err != nil {
			return err
		}
		fmt.Fprintf(c.streams.Err, "the plan is in %s; carry it out with regatta apply\n", c.o.file)
		if !c.o.dryRun {
			return nil
		}
	}
	if c.o.dryRun {
		return c.streams.print(c.o.output, result{json: p, text: c.shown(p)})
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
func (c *change) propose(ctx context.Context, build func(context.Context) (plan.Plan, error)) error {
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
	tried, err := c.try(ctx, p)
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

// try tries what the registry deletes, if the plan deletes anything.
func (c *change) try(ctx context.Context, p plan.Plan) (tried bool, err error) {
	at := slices.IndexFunc(p.Steps, func(s plan.Step) bool {
		return s.Kind == plan.Delete || s.Kind == plan.Untag || s.Kind == plan.UntagByDummy
	})
	if at < 0 {
		return false, nil
	}
	b, err := c.app.Open(p.Registry)
	if err != nil {
		return false, err
	}
	return trying(b, p.Steps[at].Reference.Repository)(ctx)
}

func (c *change) shown(p plan.Plan) func(io.Writer) {
	if c.preview != nil {
		return c.preview
	}
	return planWriter(p)
}

func writePlan(path string, p plan.Plan) error {
	raw, err := plan.Encode(p)
	if err == nil {
		err = os.WriteFile(filepath.Clean(path), raw, 0o600)
	}
	if err != nil {
		return fmt.Errorf("write the plan: %w", err)
	}
	return nil
}

func (c *change) carryOut(ctx context.Context, p plan.Plan) error {
	if p.Empty() {
		fmt.Fprintln(c.streams.Err, "there is nothing to do")
		return c.streams.print(c.o.output, resultOf(plan.NewResult("", p)))
	}
	r, err := c.app.Runner().Start(ctx, p, c.title, c.undoOf, c.remarks...)
	if err != nil {
		return err
	}
	return c.follow(ctx, r)
}

// follow waits for a run and reports it.
func (c *change) follow(ctx context.Context, r *runs.Run) error {
	line := c.streams.gauge(c.app.Now)
	for p := range r.Progress() {
		line.show(p)
	}
	line.clear()
	done, err := r.Wait()
	out, found := resultOf(done), error(nil)
	if c.after != nil {
		out, found = c.after(ctx, done)
	}
	return errors.Join(c.streams.print(c.o.output, out), err, outcomeError(done), found)
}
