package cmd

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"

	rollbacks "regatta/cmd/app/rollback"
	model "regatta/model/deploy"
	"regatta/model/fault"
	"regatta/model/journal"
	"regatta/model/plan"
	"regatta/model/ref"
	"regatta/model/rollback"
	"regatta/model/text"
)

// concludedJSON is how a rollback ended, beyond its steps.
type concludedJSON struct {
	plan.Result

	Verified []verifiedJSON `json:"verified"`
	Rollouts []rolloutJSON  `json:"rollouts"`
}

type verifiedJSON struct {
	Reference string     `json:"reference"`
	Digest    ref.Digest `json:"digest"`
	OK        bool       `json:"ok"`
	Text      string     `json:"text"`
}

type rolloutJSON struct {
	model.State

	Name    string        `json:"name"`
	Verdict model.Verdict `json:"verdict"`
	Text    string        `json:"text"`
	Restart *string       `json:"restart"`
}

// conclude looks at what a rollback has left: the tags, the images under them
// and, if that is wanted, what follows the tags. What is found belongs to the run.
func (c *changing) conclude(
	ctx context.Context, all []*rollbacks.Case, o rollbackOptions, r plan.Result,
) (result, error) {
	doc := concludedJSON{Result: r, Verified: []verifiedJSON{}, Rollouts: []rolloutJSON{}}
	var errs []error
	var good []*rollbacks.Case
	for _, l := range all {
		if !moved(r, l.Facts.Tag) {
			continue
		}
		v, err := c.verified(ctx, l)
		if err == nil {
			good = append(good, l)
		}
		doc.Verified = append(doc.Verified, v)
		errs = append(errs, err)
	}
	c.restarts(good)
	errs = append(errs, c.remainder(good, o)...)
	if o.wait {
		end := c.watch(ctx, good, o)
		for _, w := range end {
			doc.Rollouts = append(doc.Rollouts, w.json())
			errs = append(errs, c.ended(w, o))
		}
		c.advise(end, r.Run)
	}
	if err := c.remark(ctx, doc); err != nil {
		errs = append(errs, err)
	}
	return result{json: doc, text: func(w io.Writer) { resultOf(r).text(w) }}, errors.Join(errs...)
}

// moved reports whether a run has left a tag where it was to.
func moved(r plan.Result, tag ref.Reference) bool {
	for _, s := range r.Steps {
		if s.Kind == plan.Retag && s.Reference == tag.String() {
			return s.Outcome.Succeeded()
		}
	}
	return false
}

// verified reads back what a tag points to, and whether all of it can be pulled.
func (c *changing) verified(ctx context.Context, l *rollbacks.Case) (verifiedJSON, error) {
	v := verifiedJSON{Reference: l.Facts.Tag.String(), Digest: l.Target.Digest, OK: true}
	found := l.Verify(ctx)
	for _, bad := range rollback.Blocked(found) {
		v.OK, v.Text = false, text.Clean(bad.Text)
		return v, exitError{Partly, &fault.Error{
			Op: "verify", Object: l.Facts.Tag.String(), Kind: fault.Drift,
			Detail: "the rollback was carried out, but " + bad.Text,
		}}
	}
	said := " points to " + l.Target.Digest.Short() + ", all of which is there"
	if doubts := rollback.Doubts(found); len(doubts) > 0 {
		said = " points to " + l.Target.Digest.Short() + "; " + doubts[0].Text
	}
	v.Text = l.Facts.Tag.Tag + text.Clean(said)
	fmt.Fprintf(c.streams.Err, "verified: %s%s\n", l.Facts.Tag, text.Clean(said))
	return v, nil
}

// restarts says how what regatta does not start anew is.
func (c *changing) restarts(all []*rollbacks.Case) {
	workloads := trackedBy(all)
	for _, one := range once(workloads) {
		c.say("to run it in %s: %s", one.name(once(workloads)), one.workload.Restart())
		if why := one.caution(); why != "" {
			c.say("careful: %s", why)
		}
	}
}

func (c *changing) say(format string, args ...any) { fmt.Fprintf(c.streams.Err, format+"\n", args...) }

// ended is the error of something that does not run what it was to.
func (c *changing) ended(w watched, o rollbackOptions) error {
	if w.verdict == model.Settled {
		return nil
	}
	out := &fault.Error{Op: "roll out", Object: w.name, Kind: fault.Unavailable, Detail: w.text}
	switch {
	case w.err != nil:
		out.Kind, out.Err = fault.KindOf(w.err), w.err
		out.Detail = "how it goes is not known: " + w.err.Error()
	case w.verdict == model.Going:
		out.Kind = fault.Timeout
		out.Detail = fmt.Sprintf("not settled after %s: %s; ", text.Took(o.patience()), w.text) + w.goesOn()
		out.Advice = "the tag has moved: look again with `regatta usage " + w.lapse.Facts.Tag.Name() +
			"`, and do not run this once more, which would go back further"
	}
	c.say("%s: %s", w.name, out.Detail)
	return exitError{Partly, out}
}

// goesOn is what becomes of it when nobody waits any longer.
func (w watched) goesOn() string {
	if w.restart != "" {
		return "it goes on once it was restarted"
	}
	return "it goes on by itself"
}

// advise says, once for all that does not run what it was to, what to do next.
func (c *changing) advise(end []watched, run string) {
	var said []string
	add := func(format string, args ...any) {
		if line := fmt.Sprintf(format, args...); !slices.Contains(said, line) {
			said = append(said, line)
		}
	}
	for _, w := range end {
		if w.verdict == model.Settled {
			continue
		}
		deploy := "--deploy "
		if !deployable(end, w.lapse.Facts.Tag) {
			deploy = ""
		}
		if w.restart != "" {
			add("to run it in %s: %s", w.name, w.restart)
		}
		if why := w.state.Obstacle(w.lapse.Facts.Tag.Tag); why != "" {
			add("%s", why)
		}
		if next := nextOf(w.lapse); next != "" {
			add("the next candidate: regatta rollback %s --to %s %s--wait", w.lapse.Facts.Tag, next, deploy)
		}
	}
	if len(said) > 0 {
		add("back to before: regatta undo %s", run)
	}
	for _, line := range said {
		c.say("%s", line)
	}
}

// deployable reports whether --deploy would not be refused for a tag: something that
// follows it can be deployed here, and nothing that does cannot.
func deployable(end []watched, tag ref.Reference) bool {
	found := false
	for _, w := range end {
		switch {
		case w.lapse.Facts.Tag != tag || w.restart != "":
		case w.state.Obstacle(tag.Tag) != "":
			return false
		default:
			found = true
		}
	}
	return found
}

// nextCandidateOf is the candidate after the one that the tag went back to.
func nextCandidateOf(l *rollbacks.Case) (rollback.Candidate, bool) {
	after := false
	for _, one := range l.Candidates {
		switch {
		case one.Digest == l.Target.Digest:
			after = true
		case after && !one.Bad:
			return one, true
		}
	}
	return rollback.Candidate{}, false
}

// nextOf is how the next candidate is named on the command line.
func nextOf(l *rollbacks.Case) string {
	one, ok := nextCandidateOf(l)
	switch {
	case !ok:
		return ""
	case len(one.Tags) > 0:
		return one.Tags[0]
	}
	return string(one.Digest)
}

func (w watched) json() rolloutJSON {
	out := rolloutJSON{
		State: w.state, Name: w.name, Verdict: w.verdict, Text: text.Clean(w.text), Restart: orNull(w.restart),
	}
	out.Deployments, out.Events, out.Tasks = list(out.Deployments), list(out.Events), list(out.Tasks)
	return out
}

// remark writes down what was found, also where whoever asked has gone.
func (c *changing) remark(ctx context.Context, doc concludedJSON) error {
	var all []journal.Remark
	for _, v := range doc.Verified {
		all = append(all, journal.Remark{About: journal.Verified, Level: level(v.OK), Text: v.Text})
	}
	for _, r := range doc.Rollouts {
		all = append(all, journal.Remark{
			About: journal.Rollout, Level: level(r.Verdict == model.Settled), Text: r.Name + ": " + r.Text,
		})
	}
	if len(all) == 0 || doc.Run == "" {
		return nil
	}
	return c.app.Journal().Remark(context.WithoutCancel(ctx), doc.Run, all...)
}

func level(ok bool) string {
	if ok {
		return "ok"
	}
	return "failed"
}

// checkRemarks are what was looked at before a rollback, and why it was made.
func checkRemarks(all []*rollbacks.Case, note string) []journal.Remark {
	var out []journal.Remark
	if note != "" {
		out = append(out, journal.Remark{About: journal.Why, Text: text.Clean(note)})
	}
	for _, l := range all {
		for _, check := range l.Checks {
			said := l.Among(all) + check.Name + ": " + check.Text
			out = append(out, journal.Remark{About: journal.Checked, Level: string(check.Level), Text: text.Clean(said)})
		}
	}
	return out
}

// remainder are the errors of what follows the tags and was to be deployed, and was
// not: of what is waited for, how that ends is told anyway.
func (c *changing) remainder(all []*rollbacks.Case, o rollbackOptions) []error {
	if !o.deploy {
		return nil
	}
	var out []error
	for _, l := range all {
		tag := l.Facts.Tag
		var waited []string
		for _, w := range model.Workloads(l.Facts.Uses, tag.Tag) {
			if o.wait {
				waited = append(waited, w.Context+" "+w.Place())
			}
		}
		for _, name := range model.Rest(l.Facts.Uses, tag.Tag) {
			if slices.Contains(waited, name) {
				continue
			}
			c.say("not deployed: %s, which follows %s", name, tag.Tag)
			out = append(out, exitError{Partly, &fault.Error{
				Op: "deploy", Object: name, Kind: fault.Unsupported,
				Detail: "it follows " + tag.String() + " and is not deployed here",
			}})
		}
	}
	return out
}
