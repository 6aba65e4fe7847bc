package browse

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"regatta/cmd/cli/output/null"

	"github.com/spf13/cobra"

	"regatta/cmd/app"
	"regatta/cmd/cli/output"
	"regatta/cmd/cli/verb"
	"regatta/model/fault"
	"regatta/model/image"
	"regatta/model/ref"
	"regatta/model/rollback"
	"regatta/model/text"
)

type tagHistoryJSON struct {
	Reference string         `json:"reference"`
	History   []sightingJSON `json:"history"`
}

type sightingJSON struct {
	Digest    ref.Digest `json:"digest"`
	FirstSeen *string    `json:"firstSeen"`
	LastSeen  *string    `json:"lastSeen"`
}

// History is the verb history.
func History(a *verb.Program) *cobra.Command {
	var as output.Format
	cmd := &cobra.Command{
		Use:   "history HOST/REPOSITORY:TAG",
		Short: "Show what a tag pointed to, and since when, as far as this machine has looked",
		Args:  verb.Arguments(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.WithSession(func(s *app.App) error {
				return RunHistory(cmd.Context(), s, a.Streams, args[0], as)
			})
		},
	}
	output.FormatFlag(cmd, &as)
	return cmd
}

// RunHistory prints what a tag has pointed to.
func RunHistory(ctx context.Context, s *app.App, streams output.Streams, arg string, as output.Format) error {
	refs, err := verb.Targets(s, []string{arg})
	if err != nil {
		return err
	}
	r := refs[0]
	if r.Tag == "" || r.Digest != "" {
		return app.Mistakef("%q: want a tag, and no digest", text.Clean(arg))
	}
	b, err := s.Open(r.Host)
	if err != nil {
		return err
	}
	_, looked := b.Resolve(ctx, r.Repository, r.Tag) // what it is now becomes part of the history
	seen, err := s.Store().History(ctx, r.Host, r.Repository, r.Tag)
	if err != nil {
		return err
	}
	if len(seen) == 0 && looked != nil {
		return looked
	}
	doc := tagHistoryJSON{Reference: r.String(), History: []sightingJSON{}}
	for _, x := range seen {
		doc.History = append(doc.History, sightingJSON{x.Digest, null.Time(x.First), null.Time(x.Last)})
	}
	if said := rollback.Skew(rollback.Facts{Seen: seen, Now: s.Now()}); said != "" {
		fmt.Fprintln(streams.Err, "note: "+said)
	}
	err = streams.Print(as, output.Result{JSON: doc, Text: func(w io.Writer) { writeHistory(w, s.Now(), seen) }})
	if looked != nil && !fault.Is(looked, fault.NotFound) {
		err = errors.Join(err, looked)
	}
	return err
}

func writeHistory(w io.Writer, now time.Time, seen []image.Sighting) {
	g := output.Grid{Header: []string{"DIGEST", "FIRST SEEN", "LAST SEEN"}}
	for _, x := range seen {
		g.Add(string(x.Digest), text.Age(x.First, now), text.Age(x.Last, now))
	}
	g.Write(w)
}
