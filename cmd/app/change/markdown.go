package change

import (
	"context"

	"regatta/cmd/app"
	"regatta/model/journal"
)

// Record is a run as Markdown, with the deployments of what it has changed.
func Record(ctx context.Context, s *app.App, id string) (string, error) {
	r, err := s.Journal().Run(ctx, id)
	if err != nil {
		return "", err
	}
	all, err := s.Journal().Runs(ctx, app.MostRuns)
	return journal.Markdown(r.WithDeployments(all)), err
}
