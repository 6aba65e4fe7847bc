package retention

import (
	"context"
	"slices"
	"sync"

	"regatta/cmd/app"
	"regatta/model/graph"
	"regatta/model/health"
	"regatta/model/image"
	"regatta/model/ref"
	"regatta/registry"
	"regatta/registry/survey"
)

// Health is a repository in which one looks for what is wrong.
type Health struct {
	Graph *graph.Graph

	ref     ref.Reference
	backend registry.Backend
}

// ReadHealth reads a repository's manifests, and what they lead to.
func ReadHealth(ctx context.Context, b registry.Backend, r ref.Reference, progress Progress) (*Health, error) {
	o := ForRules()
	o.Progress = progress
	g, err := survey.Graph(ctx, b, b, r.Repository, o)
	if err != nil {
		return nil, err
	}
	return &Health{g, r, b}, nil
}

// Findings are what is wrong by the manifests alone.
func (h *Health) Findings() []health.Finding { return health.Examine(h.Graph, nil) }

// Blobs asks for every config and layer that the registry should have, once, and tells
// all findings with those that are not there. Unasked is how many requests failed.
func (h *Health) Blobs(ctx context.Context, progress Progress) (all []health.Finding, unasked int, err error) {
	s := &search{in: h, lost: map[ref.Digest][]ref.Digest{}}
	err = s.run(ctx, progress)
	return health.Examine(h.Graph, s.lost), s.unasked, err
}

// Read is how many manifests there are.
func (h *Health) Read() int { return len(h.Graph.Manifests()) }

// Gaps are what could not be read, and why.
func (h *Health) Gaps() []string {
	var out []string
	for _, g := range h.Graph.Gaps() {
		out = append(out, gapName(g)+": "+g.Reason)
	}
	return out
}

// Unlisted reports whether the registry does not list manifests without tags.
func (h *Health) Unlisted() bool { return !h.backend.Capabilities().Untagged }

// Advice is what to do about one finding. What has a tag of its own is no mere
// companion, and prune leaves it alone.
func (h *Health) Advice(f health.Finding) string {
	switch {
	case f.Kind == health.LostSubject && f.Named:
		return "it has tags of its own; if nobody needs it: regatta delete " + h.ref.Name() + "@" + string(f.Digest)
	case f.Kind == health.OrphanTag && f.Named:
		return "its image has tags of its own; take this one away with regatta untag"
	}
	return h.AdviceOn(f.Kind)
}

// AdviceOn is what to do about findings of a kind.
func (h *Health) AdviceOn(kind health.Kind) string {
	prune := "regatta prune " + h.ref.Name() + " "
	switch kind {
	case health.MissingChild:
		return "push the missing platforms again, or remove the indexes: " + prune + "--broken"
	case health.MissingBlob:
		return "push the images again from where they were built: they cannot be pulled"
	case health.LostSubject, health.OrphanTag:
		return prune + "--orphans"
	case health.Unreferenced:
		return prune + "--untagged --older-than 30d"
	}
	return ""
}

// search looks for blobs that are not there. Each counts its own failures.
type search struct {
	in *Health

	mu      sync.Mutex
	lost    map[ref.Digest][]ref.Digest // by the manifest that lacks them
	unasked int                         // requests that failed
}

func (s *search) run(ctx context.Context, progress Progress) error {
	owners, err := s.owners(ctx)
	if err != nil {
		return err
	}
	all := make([]ref.Digest, 0, len(owners))
	for blob := range owners {
		all = append(all, blob)
	}
	slices.Sort(all)
	progress(len(all), 0)
	err = app.Each(ctx, all, func(ctx context.Context, blob ref.Digest) error {
		defer progress(0, 1)
		there, err := s.in.backend.BlobExists(ctx, s.in.ref.Repository, image.Descriptor{Digest: blob})
		if app.MeetsAll(err) || ctx.Err() != nil {
			return err
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		switch {
		case err != nil:
			s.unasked++
		case !there:
			for _, d := range owners[blob] {
				s.lost[d] = append(s.lost[d], blob)
			}
		}
		return nil
	})
	for d := range s.lost {
		slices.Sort(s.lost[d])
	}
	return err
}

// owners are the manifests that need each blob. Layers that are elsewhere are not
// asked for.
func (s *search) owners(ctx context.Context) (map[ref.Digest][]ref.Digest, error) {
	out := map[ref.Digest][]ref.Digest{}
	err := app.Each(ctx, s.in.Graph.Manifests(), func(ctx context.Context, d ref.Digest) error {
		m, err := s.in.backend.Manifest(ctx, s.in.ref.Repository, string(d))
		if app.MeetsAll(err) || ctx.Err() != nil {
			return err
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		if err != nil {
			s.unasked++
			return nil
		}
		for _, blob := range append([]image.Descriptor{m.Config}, m.Layers...) {
			if blob.Digest != "" && !blob.IsForeign() && !slices.Contains(out[blob.Digest], d) {
				out[blob.Digest] = append(out[blob.Digest], d)
			}
		}
		return nil
	})
	return out, err
}
