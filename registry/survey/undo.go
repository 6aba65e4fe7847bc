package survey

import (
	"context"
	"sync"

	"golang.org/x/sync/errgroup"

	"regatta/model/fault"
	"regatta/model/image"
	"regatta/model/journal"
	"regatta/model/plan"
	"regatta/model/ref"
	"regatta/registry/local"
)

// Saved has the manifests that were kept for undo.
type Saved interface {
	Saved(ctx context.Context, d ref.Digest) (image.Manifest, error)
}

// Presence can tell whether content is there.
type Presence interface {
	Resolve(ctx context.Context, repo, reference string) (image.Descriptor, error)
	BlobExists(ctx context.Context, repo string, d image.Descriptor) (bool, error)
}

// Undoer is all that an undo is planned with.
type Undoer interface {
	Neighbours
	Deleter
	Images(ctx context.Context, repo, cursor string) (image.Page, error)
}

// Keeper is what undo takes saved content from: manifests from the journal, and
// blobs from the place that a run kept whole images in.
type Keeper struct {
	Saved Saved
	Place func(name string) (local.Place, error) // nil: there are no places
}

// Undo plans to undo r, and asks the registry whether what that needs is still there, or
// elsewhere in it. What was not asked for, as it would be too much, is unknown, and the
// plan says so.
func Undo(
	ctx context.Context, reg Undoer, kept Keeper, r journal.Run, o plan.Options, progress func(total, done int),
) (plan.Undo, error) {
	archive := kept.archive(ctx, r)
	ran := plan.Ran{
		Plan: r.Plan, Outcomes: r.Outcomes(), Saved: map[ref.Digest]plan.Manifest{}, Archive: archive.blobs, Along: r.Along(),
	}
	for _, s := range r.Steps {
		for _, d := range s.Saved {
			m, err := kept.Saved.Saved(ctx, d)
			if err != nil {
				return plan.Undo{}, err
			}
			ran.Saved[d] = plan.Manifest{MediaType: m.MediaType, Raw: m.Raw}
		}
	}
	can, err := canDelete(ctx, reg, r.Plan)
	if err != nil {
		return plan.Undo{}, err
	}
	if can.LastTagDeletes {
		if ran.Tags, err = tagsNow(ctx, reg, r.Plan); err != nil {
			return plan.Undo{}, err
		}
	}
	q := newQuestions(reg, progress)
	q.strict = true
	ran.Sources, ran.Unknown = q.sources, q.unknown
	u, err := q.inverse(ctx, ran, archive, can, o)
	if err != nil {
		return plan.Undo{}, err
	}
	u.Plan.Notes = append(archive.notes, u.Plan.Notes...)
	return q.vanished(ctx, u, r.Alone())
}

// inverse is the undo once all is known that it needs, as far as it is asked for.
func (q *questions) inverse(
	ctx context.Context, ran plan.Ran, archive *archived, can plan.Capabilities, o plan.Options,
) (plan.Undo, error) {
	for {
		u := plan.Inverse(ran, q.seen, can, o)
		if len(u.Asks) > 0 {
			if _, err := q.answer(ctx, u.Asks); err != nil {
				return u, err
			}
			continue
		}
		if sound, err := archive.holds(ctx, u.Plan); err != nil || sound {
			return u, err
		}
	}
}

// vanished is the undo with those of the tags named that vanished during the run and are
// not there now, and with what was not looked at.
func (q *questions) vanished(ctx context.Context, u plan.Undo, all []ref.Reference) (plan.Undo, error) {
	asked := all[:min(len(all), mostAsked-q.heads)]
	gone, err := stillGone(ctx, q.reg, asked)
	if err != nil {
		return u, err
	}
	rest := all[len(asked):]
	if len(rest) > 0 && q.why == "" {
		q.why = limit()
	}
	return u.Without(gone).Unlooked(rest).Unseen(len(q.unknown)+len(rest), q.why), u.Refused
}

// stillGone are those of the tags that are not there now.
func stillGone(ctx context.Context, reg Presence, all []ref.Reference) ([]ref.Reference, error) {
	gone := make([]bool, len(all))
	group, inner := errgroup.WithContext(ctx)
	group.SetLimit(atATime)
	for i, at := range all {
		group.Go(func() error {
			_, err := reg.Resolve(inner, at.Repository, at.Tag)
			if gone[i] = fault.Is(err, fault.NotFound); gone[i] {
				return nil
			}
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	var out []ref.Reference
	for i, at := range all {
		if gone[i] {
			out = append(out, at)
		}
	}
	return out, nil
}

// tagsNow are the tags of the manifests that a plan sets new tags on.
func tagsNow(ctx context.Context, reg Undoer, p plan.Plan) (map[plan.Place][]string, error) {
	wanted, repositories := map[plan.Place]bool{}, map[string]bool{}
	for _, s := range p.Steps {
		if s.Kind == plan.Retag && s.Expect.Digest == "" {
			wanted[plan.Place{Repository: s.Reference.Repository, Digest: s.Digest}] = true
			repositories[s.Reference.Repository] = true
		}
	}
	out := map[plan.Place][]string{}
	for repo := range repositories {
		for cursor := ""; ; {
			page, err := reg.Images(ctx, repo, cursor)
			if err != nil {
				return nil, err
			}
			for _, img := range page.Images {
				if at := (plan.Place{Repository: repo, Digest: img.Digest}); wanted[at] {
					out[at] = img.Tags
				}
			}
			if cursor = page.Next; cursor == "" {
				break
			}
		}
	}
	return out, nil
}

func canDelete(ctx context.Context, reg Deleter, p plan.Plan) (plan.Capabilities, error) {
	if p.Empty() {
		return plan.Capabilities{}, nil
	}
	return reg.ProbeDelete(ctx, p.Steps[0].Reference.Repository)
}

func ask(ctx context.Context, reg Shelf, asks []plan.Ask, seen plan.Presence) error {
	var mu sync.Mutex
	group, inner := errgroup.WithContext(ctx)
	group.SetLimit(atATime)
	for _, a := range asks {
		group.Go(func() error {
			there, err := present(inner, reg, a)
			if err != nil {
				return err
			}
			mu.Lock()
			defer mu.Unlock()
			seen[a.Place] = there
			return nil
		})
	}
	return group.Wait()
}

func present(ctx context.Context, reg Shelf, a plan.Ask) (bool, error) {
	if a.Blob {
		return reg.BlobExists(ctx, a.Repository, image.Descriptor{Digest: a.Digest, Size: a.Size})
	}
	_, err := reg.Resolve(ctx, a.Repository, string(a.Digest))
	if fault.Is(err, fault.NotFound) {
		return false, nil
	}
	if err == nil && a.Whole {
		return isWhole(ctx, reg, a.Place)
	}
	return err == nil, err
}

// isWhole reports whether all of a manifest is there. What nobody answered for is an error.
func isWhole(ctx context.Context, s Shelf, at plan.Place) (bool, error) {
	found, err := Whole(ctx, s, at.Repository, at.Digest)
	switch {
	case err != nil:
		return false, err
	case fault.Is(found.Missing, fault.NotFound), len(found.Lost)+len(found.Children) > 0:
		return false, nil
	case found.Missing != nil:
		return false, found.Missing
	case found.Unasked > 0:
		return false, &fault.Error{
			Op: "look for all of", Object: at.Repository + "@" + at.Digest.Short(), Kind: fault.Unavailable, Detail: found.Why,
		}
	}
	return true, nil
}
