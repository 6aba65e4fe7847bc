package survey

import (
	"context"

	"regatta/model/fault"
	"regatta/model/plan"
	"regatta/model/ref"
	"regatta/model/text"
)

// Broken asks for everything of images that tags are to point to, and says what of
// them is not there. What could not be asked for is not broken, and is said: who moves
// the tag looks again.
func Broken(ctx context.Context, s Shelf, images ...plan.Place) (plan.Wholeness, error) {
	return brokenBy(ctx, s, plan.Presence{}, images...)
}

// brokenBy is Broken by what is known to be there, or not, and notes what it finds out.
func brokenBy(ctx context.Context, s Shelf, seen plan.Presence, images ...plan.Place) (plan.Wholeness, error) {
	out := plan.Wholeness{Broken: plan.Broken{}, Unlooked: map[plan.Place]string{}}
	done := map[plan.Place]bool{}
	for _, at := range images {
		if done[at] || at.Digest == "" {
			continue
		}
		done[at] = true
		found, err := WholeBy(ctx, s, seen, at.Repository, at.Digest)
		switch {
		case err != nil:
			return out, err
		case fault.Is(found.Missing, fault.NotFound):
			continue // that there is no such manifest is refused anyway
		case len(found.Children) > 0:
			out.Broken[at] = missing(found.Children, "a manifest that it lists is", "manifests that it lists are")
		case len(found.Lost) > 0:
			out.Broken[at] = missing(found.Lost, "a config or layer is", "configs or layers are")
		}
		if found.Unasked > 0 {
			out.Unlooked[at] = text.Plural(found.Unasked, "part", "parts") + " of " + at.Digest.Short() +
				" could not be looked at: " + found.Why
		}
	}
	return out, nil
}

func missing(digests []ref.Digest, one, many string) string {
	if len(digests) == 1 {
		return one + " not there: " + digests[0].Short()
	}
	return text.Plural(len(digests), one, many) + " not there, the first " + digests[0].Short()
}
