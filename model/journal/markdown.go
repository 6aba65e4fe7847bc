package journal

import (
	"cmp"
	"fmt"
	"strings"
	"time"

	"regatta/model/plan"
	"regatta/model/ref"
	"regatta/model/text"
)

// Markdown is the run as a record for people: who, when, why, from where to
// where, what was looked at before and after, how it ended, and whether it can be undone:
// empty where that is not known.
func Markdown(r Run, undo plan.Verdict) string {
	w := &writer{}
	w.line("# %s", escape(r.Title))
	w.line("")
	w.line("| | |")
	w.line("|---|---|")
	w.row("Run", "`"+r.ID+"`")
	w.row("When", when(r))
	w.row("Who", escape(cmp.Or(r.Who, "not written down")))
	for _, m := range r.About(Why) {
		w.row("Why", escape(m.Text))
	}
	w.row("Registry", escape(r.Plan.Registry))
	w.row("Result", result(r))
	w.steps(r)
	w.remarks("Looked at before", r.About(Checked))
	w.remarks("Verified after", r.About(Verified))
	if len(r.About(Checked)) > 0 && len(r.About(Verified)) == 0 {
		w.line("")
		w.line("Nobody has read back what was changed.")
	}
	w.remarks("Rolled out", r.About(Rollout))
	w.remarks("Listed too slowly", r.About(Listed))
	w.line("")
	w.line("%s", r.goesBack(undo))
	return w.String()
}

// goesBack is a sentence about the undo of the run.
func (r Run) goesBack(undo plan.Verdict) string {
	command := "`regatta undo " + r.ID + "`"
	switch {
	case len(r.Undone) > 0:
		return "Undone by `" + strings.Join(r.Undone, "`, `") + "`."
	case len(r.UndoneInPart) > 0:
		return "Undone in part by `" + strings.Join(r.UndoneInPart, "`, `") + "`."
	case !r.Changed() && r.State.Ended():
		return "It has changed nothing."
	}
	said := map[plan.Verdict]string{
		plan.Possible: command + " takes it back.",
		plan.Unsure:   command + " takes it back, as far as the registry lets.",
		plan.Partial:  command + " takes a part of it back.",
		plan.Gone:     "It cannot be undone.",
	}[undo]
	if said == "" {
		said = "Whether it can be undone is not known now: " + command + " asks the registry."
	}
	if r.State == Interrupted {
		return "`regatta apply --resume " + r.ID + "` goes on. " + said
	}
	return said
}

type writer struct{ strings.Builder }

func (w *writer) line(format string, args ...any) { fmt.Fprintf(w, format+"\n", args...) }

func (w *writer) row(name, value string) { w.line("| %s | %s |", name, value) }

func (w *writer) steps(r Run) {
	w.line("")
	w.line("| Change | From | To | Outcome |")
	w.line("|---|---|---|---|")
	for i, s := range r.Plan.Steps {
		what, from := string(s.Kind)+" `"+target(s)+"`", s.Expect.Digest
		if s.Kind == plan.Deploy {
			from = s.Rollout.Was
		}
		var end Step
		if i < len(r.Steps) {
			end = r.Steps[i]
		}
		said := cmp.Or(string(end.Outcome), string(plan.Pending))
		if r.InDoubt(i) {
			said, end.Error = "in doubt", cmp.Or(end.Error, Doubt)
		}
		if end.Error != "" {
			said += ": " + escape(end.Error)
		}
		w.line("| %s | %s | %s | %s |", what, code(from), code(leaves(s)), said)
	}
}

// leaves is what is there once a step is done.
func leaves(s plan.Step) ref.Digest {
	switch s.Kind { //nolint:exhaustive // the others leave what they are about
	case plan.Untag, plan.UntagByDummy, plan.Delete:
		return ""
	}
	return s.Digest
}

// target is what a step changes, without the registry, which the record names.
func target(s plan.Step) string {
	if s.Kind == plan.Deploy {
		return code1(s.Service())
	}
	return code1(strings.TrimPrefix(s.Reference.String(), s.Reference.Host+"/"))
}

func (w *writer) remarks(title string, all []Remark) {
	if len(all) == 0 {
		return
	}
	w.line("")
	w.line("## %s", title)
	w.line("")
	for _, m := range all {
		w.line("- **%s** %s", cmp.Or(escape(m.Level), "noted"), escape(m.Text))
	}
}

func when(r Run) string {
	out := r.Started.UTC().Format("2006-01-02 15:04:05") + " UTC"
	if took := r.Ended.Sub(r.Started); !r.Ended.IsZero() && took >= time.Second {
		out += ", took " + text.Took(took)
	}
	return out
}

func result(r Run) string {
	n := r.Result()
	return string(r.State) + ": " + n.Summary()
}

func code(d ref.Digest) string {
	if d == "" {
		return "nothing"
	}
	return "`" + code1(string(d)) + "`"
}

// code1 is text that stays within the marks of code in a table.
func code1(s string) string {
	return strings.NewReplacer("`", "'", "|", "¦").Replace(text.Clean(s))
}

// escape is text that Markdown takes for nothing else.
func escape(s string) string {
	var out strings.Builder
	for _, r := range text.Clean(s) {
		if strings.ContainsRune("\\`*_[]<>|#", r) {
			out.WriteByte('\\')
		}
		out.WriteRune(r)
	}
	return out.String()
}
