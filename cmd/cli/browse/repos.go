package browse

import (
	"context"
	"fmt"
	"io"
	"slices"
	"sync"

	"regatta/cmd/cli/output/null"

	"github.com/spf13/cobra"

	"regatta/cmd/app"
	"regatta/cmd/cli/output"
	"regatta/cmd/cli/verb"
	"regatta/model/cost"
	"regatta/model/image"
	"regatta/model/text"
	"regatta/registry"
)

type reposOptions struct {
	args      []string
	output    output.Format
	noDetails bool
}

// Repos is the verb repos.
func Repos(a *verb.Program) *cobra.Command {
	var o reposOptions
	cmd := &cobra.Command{
		Use:   "repos HOST",
		Short: "List the repositories of a registry with their number of tags",
		Args:  verb.Arguments(cobra.MaximumNArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.args = args
			return a.WithSession(func(s *app.App) error { return runRepos(cmd.Context(), s, a.Streams, o) })
		},
	}
	output.FormatFlag(cmd, &o.output)
	cmd.Flags().BoolVar(&o.noDetails, "no-details", false, "names only: no request for each repository")
	return cmd
}

func runRepos(ctx context.Context, s *app.App, streams output.Streams, o reposOptions) error {
	host, err := verb.HostNamed(s, o.args)
	if err != nil {
		return err
	}
	b, err := s.Open(host)
	if err != nil {
		return err
	}
	found, refused := app.ListRepositories(ctx, b)
	if refused != nil && len(found) == 0 {
		return refused
	}
	var failed output.Failures
	if !o.noDetails {
		p := streams.Progress(s.Now, "counted the tags of", "repositories")
		failed = countTags(ctx, b, found, p)
		p.Clear()
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("count the tags of %s: %w", host, err)
		}
	}
	if err := streams.Print(o.output, ReposResult(host, found, refused == nil, o.noDetails, s.PriceOf(host))); err != nil {
		return err
	}
	if refused != nil {
		return output.End(output.Partly, fmt.Errorf("%s: %w", whatIsListed(found), refused))
	}
	return failed.Report(streams.Err, "count the tags of", "repositories", len(found))
}

func whatIsListed(found []image.Repository) string {
	if slices.ContainsFunc(found, func(r image.Repository) bool { return !r.Pinned }) {
		return "the list is not complete"
	}
	return "only what the config pins is listed"
}

// countTags fills in what it can and returns what went wrong.
func countTags(ctx context.Context, b registry.Backend, found []image.Repository, p *output.Progress) output.Failures {
	var mu sync.Mutex
	var failed output.Failures
	p.Add(len(found), 0)
	rows := make([]*image.Repository, len(found))
	for i := range found {
		rows[i] = &found[i]
	}
	_ = app.Each(ctx, rows, func(ctx context.Context, r *image.Repository) error {
		described, err := b.DescribeRepository(ctx, r.Name)
		if described.Tags >= 0 {
			*r = described
		}
		if err != nil && ctx.Err() == nil {
			mu.Lock()
			failed.Add(r.Name, err)
			mu.Unlock()
		}
		p.Add(0, 1)
		return ctx.Err()
	})
	return failed
}

type reposJSON struct {
	Registry     string      `json:"registry"`
	Complete     bool        `json:"complete"`
	Repositories []repoJSON  `json:"repositories"`
	PerMonth     *cost.Money `json:"perMonth"`
}

type repoJSON struct {
	Name     string      `json:"name"`
	TagCount *int64      `json:"tagCount"`
	More     bool        `json:"more"`
	Pinned   bool        `json:"pinned"`
	PerMonth *cost.Money `json:"perMonth"`
}

// ReposResult is how repositories are printed.
func ReposResult(host string, found []image.Repository, all, namesOnly bool, price cost.Price) output.Result {
	sum, known := price.MonthOf(found)
	doc := reposJSON{Registry: host, Complete: all, Repositories: []repoJSON{}, PerMonth: null.Money(sum, known > 0)}
	for _, r := range found {
		doc.Repositories = append(doc.Repositories, repoJSON{
			Name: text.Clean(r.Name), TagCount: null.Size(int64(r.Tags)), More: r.More, Pinned: r.Pinned,
			PerMonth: null.Money(price.Month(r.Stored)),
		})
	}
	return output.Result{JSON: doc, Text: func(w io.Writer) {
		g := output.Grid{Header: []string{"REPOSITORY", "TAGS", "A MONTH"}}
		switch {
		case namesOnly:
			g.Header = []string{""}
		case known == 0:
			g.Header = g.Header[:2]
		}
		for _, r := range found {
			g.Add([]string{r.Name, tagCount(r), aMonth(price.Month(r.Stored))}[:len(g.Header)]...)
		}
		g.Write(w)
		if known > 0 {
			fmt.Fprintf(w, "\nstorage %s a month, by %s%s\n", sum, price.From, ofHowMany(known, len(found)))
		}
	}}
}

func aMonth(m cost.Money, known bool) string {
	if !known {
		return "·"
	}
	return m.String()
}

// ofHowMany says what a sum leaves out.
func ofHowMany(known, all int) string {
	if known == all {
		return ""
	}
	return fmt.Sprintf("; of %s of %s", text.Count(known), text.Plural(all, "repository", "repositories"))
}

func tagCount(r image.Repository) string {
	switch {
	case r.Tags < 0:
		return "!"
	case r.More:
		return text.Count(r.Tags) + "+"
	}
	return text.Count(r.Tags)
}
