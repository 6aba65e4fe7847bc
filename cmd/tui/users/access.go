package users

import (
	"context"

	who "regatta/cmd/app/access"
	"regatta/cmd/tui/desk"
	model "regatta/model/access"
	"regatta/model/catalog"
	"regatta/model/ref"
	"regatta/model/setting"
	"regatta/registry"
	"regatta/ui/kit"
	"regatta/ui/screen/access"
)

// Of is a screen of one repository, nil if there is none for any.
func Of(repository string, screen func(string) kit.Screen) func() kit.Screen {
	if screen == nil {
		return nil
	}
	return func() kit.Screen { return screen(repository) }
}

// Access tells who may use a repository; nil where the registry has no
// policies that can be read.
func Access(w *desk.Desk, c catalog.Context, b registry.Backend) func(repository string) kit.Screen {
	from, err := who.Of(b, ref.Reference{Host: c.Host})
	if err != nil {
		return nil
	}
	return func(repository string) kit.Screen {
		r := ref.Reference{Host: c.Host, Repository: repository}
		return access.New(w.Common, access.Wiring{
			Context: c, Repository: repository, Account: from.AccessTo(repository).Account,
			Policies: func(ctx context.Context) model.Report { return who.Read(ctx, from, r) },
			Settings: func(ctx context.Context) (setting.Repository, error) { return from.Settings(ctx, repository) },
		})
	}
}
