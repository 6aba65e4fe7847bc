package cmd

import (
	"context"
	"errors"

	"regatta/cmd/app"
	"regatta/model/image"
	"regatta/model/ref"
	"regatta/model/text"
	"regatta/model/usage"
)

// users are what runs the images of a repository, and who did not say.
type users struct {
	set     usage.Set
	matches usage.Matches
	asked   bool
}

// users finds out what runs the images that were read, if that is wanted.
func (t *tagReader) users(ctx context.Context, s *app.App, images []*image.Image, wanted bool) (users, error) {
	if !wanted {
		return users{}, nil
	}
	set, err := s.Uses(ctx, t.ref.Host)
	if err != nil {
		return users{}, err
	}
	if len(set.Answers) == 0 {
		return users{}, nobodyAsked(t.ref.Host)
	}
	return t.match(ctx, s, images, set)
}

func nobodyAsked(host string) error {
	return app.Mistakef(
		"no usage source is configured for %s: set usage in the config, or see `regatta usage -h`",
		text.Clean(host))
}

// match finds which images the uses are of.
func (t *tagReader) match(
	ctx context.Context, s *app.App, images []*image.Image, set usage.Set,
) (users, error) {
	kin, err := t.kin(ctx, s, images)
	if err != nil {
		return users{}, err
	}
	uses := set.Uses(t.ref.Host, t.ref.Repository)
	return users{set: set, matches: usage.Match(uses, kin), asked: true}, nil
}

// usersOf names the users of a digest; nil: no usage source is configured.
type usersOf func(ref.Digest) []string

func (u users) names() usersOf {
	if !u.asked {
		return nil
	}
	return func(d ref.Digest) []string {
		var out []string
		for _, h := range u.matches.Of(d) {
			out = append(out, h.String())
		}
		return out
	}
}

func (f usersOf) of(img *image.Image) []string {
	if f == nil {
		return nil
	}
	return f(img.Digest)
}

// cell is the first user, and how many more there are.
func (f usersOf) cell(img *image.Image) string {
	names := f.of(img)
	switch len(names) {
	case 0:
		return ""
	case 1:
		return names[0]
	}
	return names[0] + " and " + text.Count(len(names)-1) + " more"
}

// report names the sources that did not tell all, and is the error that a verb
// ends with then.
func (u users) report(streams Streams) error {
	var failed failures
	for _, a := range u.set.Failed() {
		failed.add(a.Name(), a.Err)
	}
	err := failed.report(streams.Err, "ask", "sources", len(u.set.Answers))
	if coded, ok := errors.AsType[exitError](err); ok && len(u.matches.All()) > 0 {
		coded.code = Partly
		return coded
	}
	return err
}
