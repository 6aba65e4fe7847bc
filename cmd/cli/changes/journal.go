package changes

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
	"regatta/cmd/cli/propose"
	"regatta/cmd/cli/verb"
	"regatta/model/journal"
	"regatta/model/plan"
	"regatta/model/text"
)

// recentRuns is how many runs are looked at where none is named.
const recentRuns = 200

// JournalJSON is the document of journal.
type JournalJSON struct {
	Path string    `json:"path"`
	Runs []RunJSON `json:"runs"`
}

// RunJSON is a run in it.
type RunJSON struct {
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

// Journal is the verb journal.
func Journal(a *verb.Program) *cobra.Command {
	var o propose.Options
	cmd := &cobra.Command{
		Use:   "journal [RUN]",
		Short: "List what was changed, or show one run with its steps and whether it can be undone",
		Long: "List what was changed, or show one run with its steps and whether it can be undone. With -o markdown the\n" +
			"run is a record for people: who, when, why, from where to where, what was looked at before and after, and\n" +
			"what was deployed of it. The terminal UI copies the same with m, on its journal and after a rollback.",
		Args: verb.Arguments(cobra.MaximumNArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.WithSession(func(s *app.App) error {
				c := &propose.Proposal{App: s, Streams: a.Streams, Options: o}
				switch {
				case len(args) == 1 && o.Output == output.Markdown:
					return PrintRecord(cmd.Context(), c, args[0])
				case o.Output == output.Markdown:
					return app.Mistakef("markdown is the record of one run: name it")
				case len(args) == 1:
					return ShowRun(cmd.Context(), c, args[0])
				}
				return ListRuns(cmd.Context(), c)
			})
		},
	}
	output.RecordFlag(cmd, &o.Output)
	return cmd
}

// ListRuns prints the runs of the journal, the newest first.
func ListRuns(ctx context.Context, c *propose.Proposal) error {
	runs, err := c.App.Journal().Runs(ctx, recentRuns)
	if err != nil {
		return err
	}
	doc := JournalJSON{Path: c.App.Journal().Path(), Runs: []RunJSON{}}
	for _, r := range runs {
		doc.Runs = append(doc.Runs, runDoc(r))
	}
	return c.Streams.Print(c.Options.Output, output.Result{
		JSON: doc, Text: func(w io.Writer) { writeRuns(w, c.App.Now(), runs) },
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
		if known := KnownUndo(r); known != "" {
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

// KnownUndo is what can be said of a run's undo without asking the registry.
func KnownUndo(r journal.Run) string {
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

func runDoc(r journal.Run) RunJSON {
	out := RunJSON{
		Result: r.Result(), Title: r.Title, Registry: r.Plan.Registry, Repository: null.Of(r.Plan.Repository),
		StartedAt: null.Time(r.Started), EndedAt: null.Time(r.Ended), State: string(r.State),
		UndoOf: null.Of(r.UndoOf), UndoneBy: output.List(slices.Concat(r.Undone, r.UndoneInPart)),
		Undo: null.Of(KnownUndo(r)),
	}
	return out
}

// PrintRecord prints a run for the incident channel or the post-mortem.
func PrintRecord(ctx context.Context, c *propose.Proposal, id string) error {
	said, err := change.Planner{App: c.App}.Record(ctx, id)
	if err != nil {
		return err
	}
	return c.Streams.Print(output.Table, output.Result{Text: func(w io.Writer) { fmt.Fprint(w, said) }})
}

// ShowRun also asks the registry whether the run can be undone; if it does not
// answer, that is not known.
func ShowRun(ctx context.Context, c *propose.Proposal, id string) error {
	r, err := c.App.Journal().Run(ctx, id)
	if err != nil {
		return err
	}
	doc := runDoc(r)
	if doc.Undo == nil {
		may := change.Asked{InUse: true, SlowList: plan.WhereSlow}
		if u, err := c.Planner(r.Plan.Registry).Undo(ctx, r, may); err == nil {
			doc.Undo = null.Of(string(u.Verdict))
		} else {
			fmt.Fprintf(c.Streams.Err, "whether it can be undone is not known: %s\n", text.Clean(err.Error()))
		}
	}
	return c.Streams.Print(c.Options.Output, output.Result{JSON: doc, Text: func(w io.Writer) {
		sh := &output.Sheet{Out: w}
		sh.Field("run", r.ID)
		sh.Field("what", r.Title)
		sh.Field("state", string(r.State))
		sh.Field("started", text.Ago(r.Started, c.App.Now()))
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
	propose.ResultOf(shown).Text(w)
	switch {
	case r.State == journal.Interrupted:
		fmt.Fprintf(w, "interrupted: %s\n", propose.Onward(r.ID))
	case doubt:
		fmt.Fprintf(w, "regatta apply --resume %s looks whether it was done\n", r.ID)
	}
}
