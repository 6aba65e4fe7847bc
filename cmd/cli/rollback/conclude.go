package rollback

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	rollbacks "regatta/cmd/app/rollback"
	"regatta/cmd/cli/output"
	"regatta/cmd/cli/propose"
	"regatta/model/deploy"
	"regatta/model/fault"
	"regatta/model/plan"
	"regatta/model/text"
)

// Conclude looks at what a rollback has left: the tags, the images under them
// and, if that is wanted, what follows the tags. What is found belongs to the run.
func Conclude(
	ctx context.Context, c *propose.Proposal, all []*rollbacks.Case, o Options, r plan.Result,
) (output.Result, error) {
	doc := rollbacks.Concluded{Result: r, Verified: []rollbacks.ReadBack{}, Rollouts: []rollbacks.Rollout{}}
	var errs []error
	var good []*rollbacks.Case
	for _, l := range all {
		if !rollbacks.Moved(r, l.Facts.Tag) {
			continue
		}
		v := l.ReadBack(ctx)
		doc.Verified = append(doc.Verified, v)
		if v.OK {
			good = append(good, l)
			c.Say("verified: %s%s", l.Facts.Tag, strings.TrimPrefix(v.Text, l.Facts.Tag.Tag))
			continue
		}
		errs = append(errs, output.End(output.Partly, &fault.Error{
			Op: "verify", Object: l.Facts.Tag.String(), Kind: fault.Drift,
			Detail: "the rollback was carried out, but " + v.Text,
		}))
	}
	restarts(c, good)
	if o.Deploy {
		errs = append(errs, remainder(c, good, o)...)
	}
	if o.Wait {
		end := rollbacks.Watch(ctx, c.App, good, o.patience(), func(line string) { c.Say("%s", line) })
		for _, w := range end {
			doc.Rollouts = append(doc.Rollouts, w.Rollout())
			errs = append(errs, ended(c, w, o))
		}
		advise(c, end, r.Run)
	}
	errs = append(errs, doc.Remember(ctx, c.App))
	return output.Result{JSON: doc, Text: func(w io.Writer) { propose.ResultOf(r).Text(w) }}, errors.Join(errs...)
}

// restarts says how what regatta does not start anew is.
func restarts(c *propose.Proposal, all []*rollbacks.Case) {
	workloads := rollbacks.TrackedBy(all)
	for _, one := range rollbacks.Once(workloads) {
		c.Say("to run it in %s: %s", one.Name(rollbacks.Once(workloads)), one.Workload.Restart())
		if why := one.Caution(); why != "" {
			c.Say("careful: %s", why)
		}
	}
}

// ended is the error of something that does not run what it was to.
func ended(c *propose.Proposal, w rollbacks.Watched, o Options) error {
	if w.Verdict == deploy.Settled {
		return nil
	}
	out := &fault.Error{Op: "roll out", Object: w.Name, Kind: fault.Unavailable, Detail: w.Text}
	switch {
	case w.Err != nil:
		out.Kind, out.Err = fault.KindOf(w.Err), w.Err
		out.Detail = "how it goes is not known: " + w.Err.Error()
	case w.Verdict == deploy.Going:
		out.Kind = fault.Timeout
		out.Detail = fmt.Sprintf("not settled after %s: %s; ", text.Took(o.patience()), w.Text) + goesOn(w)
		out.Advice = "the tag has moved: look again with `regatta usage " + w.Case.Facts.Tag.Name() +
			"`, and do not run this once more, which would go back further"
	}
	c.Say("%s: %s", w.Name, out.Detail)
	return output.End(output.Partly, out)
}

// goesOn is what becomes of it when nobody waits any longer.
func goesOn(w rollbacks.Watched) string {
	if w.Restart != "" {
		return "it goes on once it was restarted"
	}
	return "it goes on by itself"
}

// advise says, once for all that does not run what it was to, what to do next.
func advise(c *propose.Proposal, end []rollbacks.Watched, run string) {
	var said []string
	add := func(format string, args ...any) {
		if line := fmt.Sprintf(format, args...); !slices.Contains(said, line) {
			said = append(said, line)
		}
	}
	for _, w := range end {
		if w.Verdict == deploy.Settled {
			continue
		}
		deploy := "--deploy "
		if !rollbacks.MayDeploy(end, w.Case.Facts.Tag) {
			deploy = ""
		}
		if w.Restart != "" {
			add("to run it in %s: %s", w.Name, w.Restart)
		}
		if why := w.State.Obstacle(w.Case.Facts.Tag.Tag); why != "" {
			add("%s", why)
		}
		if next := rollbacks.NextName(w.Case); next != "" {
			add("the next candidate: regatta rollback %s --to %s %s--wait", w.Case.Facts.Tag, next, deploy)
		}
	}
	if len(said) > 0 {
		add("back to before: regatta undo %s", run)
	}
	for _, line := range said {
		c.Say("%s", line)
	}
}

// remainder are the errors of what was to be deployed, and was not.
func remainder(c *propose.Proposal, all []*rollbacks.Case, o Options) []error {
	var out []error
	for _, left := range rollbacks.Remainder(all, o.Wait) {
		c.Say("not deployed: %s, which follows %s", left.Name, left.Tag.Tag)
		out = append(out, output.End(output.Partly, &fault.Error{
			Op: "deploy", Object: left.Name, Kind: fault.Unsupported,
			Detail: "it follows " + left.Tag.String() + " and is not deployed here",
		}))
	}
	return out
}
