package rollback

import (
	"context"

	"regatta/cmd/app"
	model "regatta/model/deploy"
	"regatta/model/text"
)

// pastOf is what the services that follow a tag have run. What cannot be asked is
// told with what else is not known.
func pastOf(ctx context.Context, s *app.App, l *Case) []model.Past {
	var out []model.Past
	for _, service := range model.Services(l.Facts.Uses, l.Facts.Tag.Tag) {
		found, err := s.Deployer(l.Facts.Tag.Host).Past(ctx, service, l.Facts.Tag)
		if err != nil {
			l.incomplete = append(l.incomplete, text.Clean(err.Error()))
		}
		out = append(out, found...)
	}
	return out
}
