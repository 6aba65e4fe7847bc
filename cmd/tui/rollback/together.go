package rollback

import (
	"context"
	"path"
	"slices"

	"regatta/cmd/app"
	rollbacks "regatta/cmd/app/rollback"
	"regatta/cmd/tui/desk"
	"regatta/model/catalog"
	"regatta/model/fault"
	"regatta/model/ref"
	model "regatta/model/rollback"
	"regatta/model/text"
	"regatta/registry"
	"regatta/ui/kit"
	"regatta/ui/screen/rollback"
)

// mostKin is how many repositories are asked for a tag without being named.
const mostKin = 60

// togetherScreen is that of tags that go back as one rollback.
func togetherScreen(w *desk.Desk,
	c catalog.Context, b registry.Backend, find func(context.Context) ([]rollback.Member, string, error),
) kit.Screen {
	return rollback.NewSeveral(w.Common, rollback.SeveralWiring{
		Context: c,
		Find: func(ctx context.Context) ([]rollback.Member, string, error) {
			if _, err := w.App.Uses(ctx, c.Host); err != nil { // every tag needs it: asked for once
				return nil, "", err
			}
			return find(ctx)
		},
		Load: func(ctx context.Context, tag ref.Reference) (rollback.Loaded, error) {
			l, uses, err := rollbacks.Load(ctx, w.App, tag, rollbacks.KeepPrefix(w.App))
			if err != nil {
				return rollback.Loaded{}, err
			}
			return shownAs(l, uses), nil
		},
		Choose: func(tag ref.Reference, chosen func(model.Candidate, ref.Digest)) kit.Screen {
			wire := candidatesOf(w, c, b, tag)
			wire.Chosen = chosen
			return rollback.New(w.Common, wire)
		},
		Compare: func(tag ref.Reference, one model.Candidate, from ref.Digest) kit.Screen {
			return beforeAndAfter(w, c, tag, one, from)
		},
		Plan: func(goals []model.Goal) kit.Screen { return backScreen(w, c, goals) },
	})
}

// namedScreen is that of tags that were named.
func namedScreen(w *desk.Desk, c catalog.Context, b registry.Backend, tags []ref.Reference) kit.Screen {
	if len(tags) == 1 {
		return rollbackScreen(w, c, b, tags[0])
	}
	return togetherScreen(w, c, b, func(context.Context) ([]rollback.Member, string, error) {
		all := make([]rollback.Member, len(tags))
		for i, tag := range tags {
			all[i] = rollback.Member{Tag: tag, In: true}
		}
		return all, "", nil
	})
}

// OfTags leads from tags of a repository to what they can go back to
// together.
func OfTags(w *desk.Desk, c catalog.Context, b registry.Backend, repository string) func([]string) kit.Screen {
	return func(tags []string) kit.Screen {
		refs := make([]ref.Reference, len(tags))
		for i, tag := range tags {
			refs[i] = ref.Reference{Host: c.Host, Repository: repository, Tag: tag}
		}
		return namedScreen(w, c, b, refs)
	}
}

// OfRepositories leads from repositories to what a tag of each can go
// back to.
func OfRepositories(w *desk.Desk, c catalog.Context, b registry.Backend) func([]string, string) kit.Screen {
	return func(repositories []string, tag string) kit.Screen {
		refs := make([]ref.Reference, len(repositories))
		for i, name := range repositories {
			refs[i] = ref.Reference{Host: c.Host, Repository: name, Tag: tag}
		}
		return namedScreen(w, c, b, refs)
	}
}

// kinScreen is that of a tag and of those of the same name next to it, of which
// the user says which go back too.
func kinScreen(w *desk.Desk, c catalog.Context, b registry.Backend, r ref.Reference) kit.Screen {
	return togetherScreen(w, c, b, func(ctx context.Context) ([]rollback.Member, string, error) {
		all := []rollback.Member{{Tag: r, In: true}}
		kin, note, err := sameTag(ctx, b, r)
		for _, tag := range kin {
			all = append(all, rollback.Member{Tag: tag})
		}
		return all, note, err
	})
}

// sameTag finds the repositories next to that of a tag which have it too. Where
// they cannot be found, a note says so.
func sameTag(ctx context.Context, b registry.Backend, r ref.Reference) (kin []ref.Reference, note string, err error) {
	names, err := siblings(ctx, b, r.Repository)
	switch {
	case ctx.Err() != nil:
		return nil, "", ctx.Err()
	case err != nil:
		return nil, "n adds tags: other repositories are not listed (" + text.Clean(err.Error()) + ")", nil
	case len(names) == mostKin:
		note = "n adds tags: only the first " + text.Count(mostKin) + " repositories were asked"
	}
	has := make([]bool, len(names))
	err = app.Each(ctx, app.Indexes(names), func(ctx context.Context, i int) error {
		_, err := b.Resolve(ctx, names[i], r.Tag)
		has[i] = err == nil
		if fault.Is(err, fault.NotFound) || fault.Is(err, fault.Denied) {
			return nil
		}
		return err
	})
	for i, name := range names {
		if has[i] {
			kin = append(kin, ref.Reference{Host: r.Host, Repository: name, Tag: r.Tag})
		}
	}
	return kin, note, err
}

// siblings are the repositories under the same name, up to mostKin.
func siblings(ctx context.Context, b registry.Backend, repository string) ([]string, error) {
	var out []string
	for cursor := ""; ; {
		page, err := b.Repositories(ctx, cursor)
		if err != nil {
			return nil, err
		}
		for _, one := range page.Repositories {
			if one.Name != repository && path.Dir(one.Name) == path.Dir(repository) {
				out = append(out, one.Name)
			}
		}
		if cursor = page.Next; cursor == "" || len(out) >= mostKin {
			slices.Sort(out)
			return out[:min(len(out), mostKin)], nil
		}
	}
}
