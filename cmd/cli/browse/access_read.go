package browse

import (
	"context"

	"regatta/model/ref"
	"regatta/model/setting"
	"regatta/registry/ability"
)

// settings are how a repository is set up, or why that is not known.
type settings struct {
	setting.Repository

	err error
}

// ReadSettings reads how a repository is set up, as far as the registry tells.
func ReadSettings(ctx context.Context, from ability.Access, r ref.Reference) settings {
	var s settings
	s.Repository, s.err = from.Settings(ctx, r.Repository)
	return s
}
