package survey

import (
	"context"
	"strings"

	"regatta/model/fault"
	"regatta/model/image"
)

// Chooser reads what choosing an image of an index takes.
type Chooser interface {
	Manifest(ctx context.Context, repo, reference string) (image.Manifest, error)
	Config(ctx context.Context, repo string, m image.Manifest) (image.Config, error)
}

// ForPlatform is the image of root for a platform. A manifest that is no index
// has to be of that platform itself; without a platform in its config it is of
// none, and fits. Object names root in errors.
func ForPlatform(
	ctx context.Context, from Chooser, repo, object string, root image.Manifest, want image.Platform,
) (image.Manifest, error) {
	var there []string
	switch root.Kind {
	case image.KindIndex:
		for _, d := range image.PlatformChildren(root) {
			if d.Platform.Matches(want) {
				return from.Manifest(ctx, repo, string(d.Digest))
			}
			there = append(there, d.Platform.String())
		}
	case image.KindImage:
		c, err := from.Config(ctx, repo, root)
		if err != nil || c.Platform.Matches(want) {
			return root, err
		}
		there = append(there, c.Platform.String())
	case image.KindUnknown, image.KindArtifact, image.KindSchema1:
	}
	detail := "there are no platforms"
	if len(there) > 0 {
		detail = "there are " + strings.Join(there, ", ")
	}
	return root, &fault.Error{
		Op: "choose a platform of", Object: object, Detail: "it has no image for " + want.String() + ": " + detail,
	}
}
