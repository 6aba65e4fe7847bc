package cli

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"regatta/cmd/cli/output/null"

	"regatta/cmd/app/change"

	"github.com/spf13/cobra"

	"regatta/cmd/app"
	"regatta/cmd/cli/output"
	"regatta/model/journal"
	"regatta/model/plan"
	"regatta/model/text"
)

// recentRuns is how many runs are looked at where none is named.
const recentRuns = 200

type journalJSON struct {
	Path string    `json:"path"`
	Runs []runJSON `json:"runs"`
}

type runJSON struct {
	plan.Result

	Title      string   `json:"title"`
	Registry   string   `json:"registry"`
	Repository *string  `json:"repository"`
	StartedAt  *string  `json:"startedAt"`
	EndedAt    *string  `json:"endedAt"`
	State      string   `json:"state"`
	UndoOf     *string  `json:"undoOf"`
	UndoneBy   []string `json:"undoneBy"`
	Undo       *string  `json:"undo"`
}

func journalVerb(a *program) *cobra.Command {
	var o changeOptions
	cmd := &cobra.Command{
		Use:   "journal [RUN]",
		Short: "List what was changed, or show one run with its steps and whether it can be undone",
		Long: "List what was changed, or show one run with its steps and whether it can be undone. With -o markdown the\n" +
			"run is a record for people: who, when, why, from where to where, what was looked at before and after, and\n" +
			"what was deployed of it. The terminal UI copies the same with m, on its journal and after a rollback.",
		Args: arguments(cobra.MaximumNArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.withSession(func(s *app.App) error {
				c := &changing{app: s, streams: a.streams, o: o}
				switch {
				case len(args) == 1 && o.output == output.Markdown:
					return printRecord(cmd.Context(), c, args[0])
				case o.output == output.Markdown:
					return app.Mistakef("markdown is the record of one run: name it")
				case len(args) == 1:
					return showRun(cmd.Context(), c, args[0])
				}
				return listRuns(cmd.Context(), c)
			})
		},
	}
	output.RecordFlag(cmd, &o.output)
	return cmd
}

func listRuns(ctx context.Context, c *changing) error {
	runs, err := c.app.Journal().Runs(ctx, recentRuns)
	if err != nil {
		return err
	}
	doc := journalJSON{Path: c.app.Journal().Path(), Runs: []runJSON{}}
	for _, r := range runs {
		doc.Runs = append(doc.Runs, runDoc(r))
	}
	return c.streams.Print(c.o.output, output.Result{
		JSON: doc, Text: func(w io.Writer) { writeRuns(w, c.app.Now(), runs) },
	})
}

func writeRuns(w io.Writer, now time.Time, runs []journal.Run) {
	if len(runs) == 0 {
		fmt.Fprintln(w, "nothing was changed yet")
		return
	}
	g := output.Grid{Header: []string{"RUN", "AGE", "STATE", "DONE", "UNDO", "WHAT"}}
	for _, r := range runs {
		n := r.Result()
		undo := "·"
		if known := knownUndo(r); known != "" {
			undo = known
		}
		done := strconv.Itoa(n.Done) + " of " + strconv.Itoa(len(n.Steps))
		what := r.Title
		if !strings.Contains(what, r.Plan.Registry) {
			what += " in " + r.Plan.Registry
		}
		g.Add(r.ID, text.Age(r.Started, now), string(r.State), done, undo, what)
	}
	g.Write(w)
}

// knownUndo is what can be said of a run's undo without asking the registry.
func knownUndo(r journal.Run) string {
	switch {
	case len(r.Undone) > 0:
		return "undone"
	case len(r.UndoneInPart) > 0:
		return "undone in part"
	case !r.Changed():
		return "nothing"
	}
	return ""
}

func runDoc(r journal.Run) runJSON {
	out := runJSON{
		Result: r.Result(), Title: r.Title, Registry: r.Plan.Registry, Repository: null.Of(r.Plan.Repository),
		StartedAt: null.Time(r.Started), EndedAt: null.Time(r.Ended), State: string(r.State),
		UndoOf: null.Of(r.UndoOf), UndoneBy: output.List(slices.Concat(r.Undone, r.UndoneInPart)),
		Undo: null.Of(knownUndo(r)),
	}
	return out
}

// printRecord prints a run for the incident channel or the post-mortem.
func printRecord(ctx context.Context, c *changing, id string) error {
	said, err := change.Planner{App: c.app}.Record(ctx, id)
	if err != nil {
		return err
	}
	return c.streams.Print(output.Table, output.Result{Text: func(w io.Writer) { fmt.Fprint(w, said) }})
}

// showRun also asks the registry whether the run can be undone; if it does not
// answer, that is not known.
func showRun(ctx context.Context, c *changing, id string) error {
	r, err := c.app.Journal().Run(ctx, id)
	if err != nil {
		return err
	}
	doc := runDoc(r)
	if doc.Undo == nil {
		may := change.Asked{InUse: true, SlowList: plan.WhereSlow}
		if u, err := c.planner(r.Plan.Registry).Undo(ctx, r, may); err == nil {
			doc.Undo = null.Of(string(u.Verdict))
		} else {
			fmt.Fprintf(c.streams.Err, "whether it can be undone is not known: %s\n", text.Clean(err.Error()))
		}
	}
	return c.streams.Print(c.o.output, output.Result{JSON: doc, Text: func(w io.Writer) {
		sh := &output.Sheet{Out: w}
		sh.Field("run", r.ID)
		sh.Field("what", r.Title)
		sh.Field("state", string(r.State))
		sh.Field("started", text.Ago(r.Started, c.app.Now()))
		sh.Field("by", r.Who)
		sh.Field("undo of", r.UndoOf)
		for _, m := range r.Remarks {
			sh.Field(string(m.About), strings.TrimSpace(m.Level+" "+m.Text))
		}
		if doc.Undo != nil {
			sh.Field("undo", *doc.Undo)
		}
		writeOutcomes(w, r)
	}})
}

// writeOutcomes prints what became of the steps, and what can be done about those
// of which nobody knows it.
func writeOutcomes(w io.Writer, r journal.Run) {
	shown, doubt := r.Result(), false
	for i := range shown.Steps {
		if r.InDoubt(i) {
			shown.Steps[i].Outcome, doubt = "in doubt", true
		}
	}
	resultOf(shown).Text(w)
	switch {
	case r.State == journal.Interrupted:
		fmt.Fprintf(w, "interrupted: %s\n", onward(r.ID))
	case doubt:
		fmt.Fprintf(w, "regatta apply --resume %s looks whether it was done\n", r.ID)
	}
}
