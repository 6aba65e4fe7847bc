package propose

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"

	"regatta/cmd/cli/output"
	"regatta/model/plan"
	"regatta/model/text"
)

// PlanWriter prints a plan for people: what happens, what stays, what to mind.
func PlanWriter(p plan.Plan) func(io.Writer) {
	return func(w io.Writer) {
		WriteLost(w, p)
		g := output.Grid{Header: []string{"STEP", "KIND", "WHAT", "DIGEST", "WHY"}}
		for i, s := range p.Steps {
			g.Add(strconv.Itoa(i+1), string(s.Kind), whatOf(p, s), s.Digest.Short(), s.Reason)
		}
		if p.Empty() {
			fmt.Fprintln(w, "nothing to do")
		} else {
			g.Write(w)
		}
		writeKept(w, p)
		WriteMind(w, p)
		if p.ReclaimedBytes > 0 {
			fmt.Fprintln(w, ComesBack(p))
		}
	}
}

// ComesBack is "12 MB come back", and how much of it in the registry.
func ComesBack(p plan.Plan) string {
	here, everywhere := p.Frees()
	said := cmp.Or(here, text.Bytes(0)) + " come back"
	switch everywhere {
	case "":
	case here:
		said += " in the repository and in the registry"
	default:
		said += " in the repository, " + everywhere + " in the registry"
	}
	return said + output.Saves(p.Saves())
}

// WriteLost prints what an undo of the plan will not bring back.
func WriteLost(w io.Writer, p plan.Plan) {
	for _, l := range p.Lost {
		said, name := "cannot be undone", l.Digest.Short()
		if l.Maybe {
			said = "may not come back"
		}
		if len(l.Tags) > 0 {
			name += " (" + strings.Join(l.Tags, ", ") + ")"
		}
		fmt.Fprintf(w, "%s: %s: %s\n", said, text.Clean(name), text.Clean(l.Reason))
	}
}

// WriteMind prints what to mind before a plan is carried out.
func WriteMind(w io.Writer, p plan.Plan) {
	for _, r := range p.Risks {
		fmt.Fprintf(w, "careful: %s\n", text.Clean(r.Reason))
	}
	for _, n := range p.Notes {
		fmt.Fprintf(w, "note: %s\n", text.Clean(n))
	}
}

// whatOf is what a step is about: tags, or how much it moves.
func whatOf(p plan.Plan, s plan.Step) string {
	what := s.Reference.Tag
	switch {
	case s.Kind == plan.Deploy:
		return s.Service()
	case what == "" && s.Kind == plan.CopyBlob:
		what = text.Bytes(s.Size)
	case what == "":
		what = strings.Join(s.Tags, ", ")
	}
	if p.Repository == "" {
		what = strings.TrimSuffix(s.Reference.Repository+":"+what, ":")
	}
	return what
}

func writeKept(w io.Writer, p plan.Plan) {
	for _, k := range p.Kept {
		name := k.Digest.Short()
		if len(k.Tags) > 0 {
			name += " (" + strings.Join(k.Tags, ", ") + ")"
		}
		fmt.Fprintf(w, "kept: %s: %s\n", text.Clean(name), text.Clean(k.Reason))
	}
}

// ResultOf prints how a run ended.
func ResultOf(r plan.Result) output.Result {
	return output.Result{JSON: r, Text: func(w io.Writer) {
		if len(r.Steps) == 0 {
			return
		}
		g := output.Grid{Header: []string{"OUTCOME", "KIND", "REFERENCE", "ERROR"}}
		for _, s := range r.Steps {
			g.Add(outcomeWord(s.Outcome), string(s.Kind), s.Reference, s.Error)
		}
		g.Write(w)
		fmt.Fprintf(w, "run %s: %s\n", r.Run, r.Summary())
		for _, g := range r.AlsoGone {
			fmt.Fprintln(w, text.Clean(g.String()))
		}
		for _, said := range r.SlowLists {
			fmt.Fprintf(w, "careful: %s\n", text.Clean(said))
		}
	}}
}

// outcomeWord is the outcome of a step of a run that has ended.
func outcomeWord(o plan.Outcome) string {
	if o == plan.Running {
		return "in doubt"
	}
	return string(o)
}

// OutcomeError is what a verb ends with after a run: the exit code says it, the
// result has said why.
func OutcomeError(r plan.Result) error {
	bad := r.Failed + r.Skipped + r.InDoubt
	switch {
	case bad+len(r.AlsoGone) == 0:
		return nil
	case bad == 0 && !slices.ContainsFunc(r.AlsoGone, func(g plan.Stray) bool { return !g.Unknown }):
		return output.End(output.Partly, errors.New("what else vanished is not known"))
	case bad == 0:
		return output.End(output.Partly, errors.New("tags vanished that were not in the plan"))
	case r.InDoubt > 0:
		return output.End(output.Partly, errors.New(inDoubt(r)))
	case r.Done > 0:
		return output.End(output.Partly, errors.New("not everything was done"))
	case r.Failed > 0:
		return output.End(output.Failed, errors.New("nothing was done"))
	}
	return output.End(output.Refused, errors.New("nothing was done; the steps say why"))
}

// inDoubt says of how many steps the end is not known, and what that may have left.
func inDoubt(r plan.Result) string {
	dummies := 0
	for _, s := range r.Steps {
		if s.Kind == plan.UntagByDummy && s.Outcome == plan.Running {
			dummies++
		}
	}
	what := text.Plural(r.InDoubt, "step is", "steps are") + " in doubt"
	if dummies > 0 {
		what = text.Plural(dummies, "tag is", "tags are") + " left on a dummy, or may be"
	}
	return what + ": resume the run (regatta apply --resume " + r.Run + "), or undo it"
}
