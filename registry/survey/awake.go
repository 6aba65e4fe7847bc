package survey

import (
	"context"

	"regatta/model/fault"
	"regatta/model/image"
	"regatta/model/ref"
	"regatta/registry/ability"
)

// Archives is a registry that may have an archive.
type Archives interface {
	Resolve(ctx context.Context, repo, reference string) (image.Descriptor, error)
	Abilities() ability.Set
}

// Awake refuses to read what is in the archive. What cannot be looked up is left
// for the reading to say.
func Awake(ctx context.Context, from Archives, r ref.Reference) error {
	a := from.Abilities().Archive
	if a == nil {
		return nil
	}
	d, err := from.Resolve(ctx, r.Repository, r.Identifier())
	if err != nil {
		return nil //nolint:nilerr // reading it says the same, and what it wanted
	}
	stored, err := a.Storages(ctx, r.Repository, []ref.Digest{d.Digest})
	if err != nil || stored[d.Digest] == image.Standard {
		return nil //nolint:nilerr // as above
	}
	return &fault.Error{
		Op: "read", Object: r.String(), Kind: fault.Unsupported, Detail: InArchive,
		Advice: "`regatta restore " + r.String() + "` brings it back within twenty minutes",
	}
}
