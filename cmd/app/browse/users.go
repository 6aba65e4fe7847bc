package browse

import (
	"context"
	"slices"

	"regatta/cmd/app"
	"regatta/model/image"
	"regatta/model/text"
	"regatta/model/usage"
)

// Users are what runs the images of a repository, and who did not say.
type Users struct {
	Set     usage.Set
	Matches usage.Matches
	Asked   bool
}

// Users finds out what runs the images that were read, if that is wanted.
func (t *Reader) Users(ctx context.Context, s *app.App, images []*image.Image, wanted bool) (Users, error) {
	if !wanted {
		return Users{}, nil
	}
	set, err := s.Uses(ctx, t.ref.Host)
	if err != nil {
		return Users{}, err
	}
	if len(set.Answers) == 0 {
		return Users{}, NobodyAsked(t.ref.Host)
	}
	return t.Match(ctx, s, images, set)
}

// NobodyAsked is the error where nobody is there to ask who runs the images of a host.
func NobodyAsked(host string) error {
	return app.Mistakef(
		"no usage source is configured for %s: set usage in the config, or see `regatta usage -h`",
		text.Clean(host))
}

// Match finds which images the uses are of.
func (t *Reader) Match(
	ctx context.Context, s *app.App, images []*image.Image, set usage.Set,
) (Users, error) {
	kin, err := t.kin(ctx, s, images)
	if err != nil {
		return Users{}, err
	}
	uses := set.Uses(t.ref.Host, t.ref.Repository)
	return Users{Set: set, Matches: usage.Match(uses, kin), Asked: true}, nil
}

// Counts reports whether nothing running an image is worth a line: parts of an
// index, and what only describes an image, are not run by themselves.
func (u Users) Counts(img *image.Image) bool {
	part := img.Digest == "" || img.Subject != "" || img.Kind == image.KindArtifact ||
		len(img.Tags) == 0 && u.Matches.Part(img.Digest)
	return !part && !slices.ContainsFunc(img.Tags, func(t string) bool {
		_, companion := image.ParseCompanion(t)
		return companion
	})
}
