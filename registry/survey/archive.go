package survey

import (
	"context"
	"errors"
	"fmt"
	"io"

	"regatta/model/fault"
	"regatta/model/image"
	"regatta/model/journal"
	"regatta/model/plan"
	"regatta/model/ref"
	"regatta/registry/local"
)

// archived are the blobs that a run kept in a place, as far as undo can take them from
// there.
type archived struct {
	place local.Place
	blobs map[ref.Digest]int64
	sound map[ref.Digest]bool // that were read, and are what their digest says
	notes []string            // why not all of them are there
}

// archive are the blobs that the run kept and that are still where it kept them.
func (k Keeper) archive(ctx context.Context, r journal.Run) *archived {
	a := &archived{blobs: map[ref.Digest]int64{}, sound: map[ref.Digest]bool{}}
	if r.Plan.Local == "" || k.Place == nil {
		return a
	}
	var err error
	if a.place, err = k.Place(r.Plan.Local); err != nil {
		a.lacks(r.Plan.Local, err)
		return a
	}
	for i, s := range r.Plan.Steps {
		if s.Kind != plan.Pull {
			continue
		}
		tree, err := a.place.Manifests(ctx, string(s.Digest))
		if err != nil {
			if i < len(r.Steps) && r.Steps[i].Outcome.Succeeded() {
				a.lacks(r.Plan.Local, err)
			}
			continue
		}
		for _, d := range local.Blobs(tree) {
			if a.place.Needs([]image.Descriptor{d}) == 0 {
				a.blobs[d.Digest] = d.Size
			}
		}
	}
	return a
}

// lacks says once that the place does not have what the run kept there.
func (a *archived) lacks(name string, err error) {
	if len(a.notes) == 0 {
		a.notes = []string{fmt.Sprintf("what the run kept in %s is not all there any more: %s", name, err)}
	}
}

// holds reads what a plan takes from the place, and reports whether it is all what its
// digest says. What is not is let go of, so that the plan is made without it.
func (a *archived) holds(ctx context.Context, p plan.Plan) (bool, error) {
	all := true
	for _, s := range p.Steps {
		if s.Kind != plan.CopyBlob || s.From.Repository != "" || a.place == nil || a.sound[s.Digest] {
			continue
		}
		if err := a.read(ctx, s.Digest); err != nil {
			if ctx.Err() != nil {
				return false, ctx.Err()
			}
			all = false
			delete(a.blobs, s.Digest)
			a.notes = append(a.notes, fmt.Sprintf("%s cannot be taken from %s: %s", s.Digest.Short(), p.Local, kindOf(err)))
			continue
		}
		a.sound[s.Digest] = true
	}
	return all, nil
}

func kindOf(err error) string {
	if fault.Is(err, fault.Corrupt) {
		return "it is not what its digest says any more"
	}
	return err.Error()
}

func (a *archived) read(ctx context.Context, d ref.Digest) error {
	return readWhole(ctx, a.place, image.Descriptor{Digest: d, Size: a.blobs[d]})
}

// Sound reads what a plan takes from a place, each blob once. The error says of the first
// that is not there, or is not what its digest says.
func Sound(ctx context.Context, from local.Place, p plan.Plan) error {
	read := map[ref.Digest]bool{}
	for _, s := range p.Steps {
		if s.Kind != plan.CopyBlob || s.From.Repository != "" || read[s.Digest] {
			continue
		}
		read[s.Digest] = true
		if err := readWhole(ctx, from, image.Descriptor{Digest: s.Digest, Size: s.Size}); err != nil {
			return err
		}
	}
	return nil
}

// readWhole reads a blob to its end, which the place compares with its digest.
func readWhole(ctx context.Context, from local.Place, d image.Descriptor) error {
	content, err := from.Blob(ctx, d, 0)
	if err != nil {
		return err
	}
	defer func() { _ = content.Close() }()
	const step = 1 << 20
	for {
		switch _, err := io.CopyN(io.Discard, content, step); {
		case ctx.Err() != nil:
			return ctx.Err()
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		}
	}
}
