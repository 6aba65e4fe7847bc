// Package survey reads a repository as planning a change needs it: what every
// tag points to, what indexes list and what refers to what. The command line and
// the terminal UI share it. It may import the model and httpx; it knows no terminal.
package survey

import (
	"context"
	"errors"
	"slices"
	"sync"

	"golang.org/x/sync/errgroup"

	"regatta/model/fault"
	"regatta/model/graph"
	"regatta/model/image"
	"regatta/model/plan"
	"regatta/model/ref"
)

// Source is a registry that is read.
type Source interface {
	Images(ctx context.Context, repo, cursor string) (image.Page, error)
	Resolve(ctx context.Context, repo, reference string) (image.Descriptor, error)
	Manifest(ctx context.Context, repo, reference string) (image.Manifest, error)
}

// Describer knows what refers to a manifest.
type Describer interface {
	Subjects(ctx context.Context, repo string, d ref.Digest) ([]image.Descriptor, error)
}

// Deleter knows what the registry lets one delete.
type Deleter interface {
	ProbeDelete(ctx context.Context, repo string) (plan.Capabilities, error)
}

// Registry is all that a View is made from.
type Registry interface {
	Source
	Describer
	Deleter
	Host() string
}

// Options say how much is read. Digests are read whether a tag leads to them
// or not; Referrers, which deleting needs, cost a request for every manifest.
// Subjects tell what describes something that is not there.
type Options struct {
	Digests   []ref.Digest
	Referrers bool
	Subjects  bool                  // what is described and listed nowhere is read as well
	MayBeNew  bool                  // a repository that is not there is an empty one
	Progress  func(total, done int) // added to what was said before; nil: nobody listens
}

// View reads repo. What cannot be read is a gap in the graph; the error is for
// what stands in the way of everything.
func View(ctx context.Context, reg Registry, repo string, o Options) (plan.View, error) {
	v := plan.View{Registry: reg.Host(), Repository: repo}
	var err error
	if v.Can, err = reg.ProbeDelete(ctx, repo); err != nil {
		return v, err
	}
	timed := &timedSource{Source: reg}
	v.Graph, err = Graph(ctx, timed, reg, repo, o)
	v.Listing = timed.sum()
	return v, err
}

// Graph is what View holds of the repository alone.
func Graph(ctx context.Context, s Source, d Describer, repo string, o Options) (*graph.Graph, error) {
	if o.Progress == nil {
		o.Progress = func(int, int) {}
	}
	r := &reader{
		source: s, describer: d, repo: repo, o: o, graph: graph.New(),
		seen: map[ref.Digest]bool{}, there: map[ref.Digest]bool{}, apart: map[ref.Digest]image.Image{},
	}
	group, inner := errgroup.WithContext(ctx)
	group.SetLimit(atATime)
	err := r.tags(inner, group)
	if err = errors.Join(group.Wait(), err); err != nil {
		return nil, err
	}
	for _, d := range o.Digests {
		r.want(d)
	}
	if err := r.levels(ctx); err != nil {
		return nil, err
	}
	return r.graph, nil
}

const atATime = 16

// InArchive is why what is archived is a gap, unless it was read before.
const InArchive = "it is in the archive, from where it cannot be read"

type reader struct {
	source    Source
	describer Describer
	repo      string
	o         Options

	mu    sync.Mutex
	graph *graph.Graph
	seen  map[ref.Digest]bool
	there map[ref.Digest]bool        // a tag was just seen to point to it
	apart map[ref.Digest]image.Image // listed, and not where it can be read
	next  []ref.Digest               // manifests to read
	reach reach

	omitted int // tags that have no valid name
}

// tags looks up every tag.
func (r *reader) tags(ctx context.Context, group *errgroup.Group) error {
	for cursor := ""; ; {
		page, err := r.source.Images(ctx, r.repo, cursor)
		if cursor == "" && r.o.MayBeNew && fault.Is(err, fault.NotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		r.omit(page.Omitted)
		r.progress(len(page.Images), 0)
		for _, img := range page.Images {
			group.Go(func() error {
				defer r.progress(0, 1)
				return r.row(ctx, img)
			})
		}
		if cursor = page.Next; cursor == "" {
			return nil
		}
	}
}

// omit notes tags that cannot be named: they may point to anything.
func (r *reader) omit(names int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.omitted += names; r.omitted > 0 {
		r.graph.Partial(image.Omitted(r.omitted).Error())
	}
}

func (r *reader) row(ctx context.Context, img image.Image) error {
	if img.Storage != image.Standard {
		r.mu.Lock()
		r.apart[img.Digest] = img
		r.mu.Unlock()
	}
	if len(img.Tags) == 0 {
		r.want(img.Digest)
	}
	for _, tag := range img.Tags {
		d, err := r.source.Resolve(ctx, r.repo, tag)
		switch {
		case err == nil:
			r.mu.Lock()
			r.graph.Tag(tag, d.Digest)
			r.there[d.Digest] = true
			r.mu.Unlock()
			r.want(d.Digest)
		case general(ctx, err):
			return err
		case !fault.Is(err, fault.NotFound): // else it went while it was listed
			r.mu.Lock()
			r.graph.MissingTag(tag, err.Error())
			r.mu.Unlock()
		}
	}
	return nil
}

func (r *reader) progress(total, done int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.o.Progress(total, done)
}

// want has a manifest read, once.
func (r *reader) want(d ref.Digest) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if d != "" && !r.seen[d] {
		r.seen[d] = true
		r.next = append(r.next, d)
		r.reach.first++
	}
}

// levels reads what is wanted and what that leads to, until nothing is left.
func (r *reader) levels(ctx context.Context) error {
	for len(r.next) > 0 {
		r.reach.level++
		if err := r.level(ctx); err != nil {
			return err
		}
		if len(r.next) == 0 && r.o.Subjects {
			for _, d := range r.graph.Unsought() {
				r.want(d)
			}
		}
	}
	return nil
}

// level reads the manifests that are wanted; what these lead to is the next.
func (r *reader) level(ctx context.Context) error {
	now := r.next
	r.next = nil
	r.progress(len(now), 0)
	group, inner := errgroup.WithContext(ctx)
	group.SetLimit(atATime)
	for _, d := range now {
		group.Go(func() error {
			defer r.progress(0, 1)
			return r.manifest(inner, d)
		})
	}
	return group.Wait()
}

func (r *reader) manifest(ctx context.Context, d ref.Digest) error {
	if r.doubtful(d) {
		if _, err := r.source.Resolve(ctx, r.repo, string(d)); err != nil {
			return r.unread(ctx, d, err)
		}
	}
	m, err := r.source.Manifest(ctx, r.repo, string(d))
	if err != nil {
		return r.unread(ctx, d, err)
	}
	r.mu.Lock()
	r.graph.Add(m)
	r.mu.Unlock()
	r.children(m)
	if !r.o.Referrers {
		return nil
	}
	return r.describers(ctx, d)
}

// doubtful tells the manifests that may be in a cache and not in the registry
// any more, where that makes a difference.
func (r *reader) doubtful(d ref.Digest) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return !r.there[d] && (r.o.Referrers || slices.Contains(r.o.Digests, d))
}

func (r *reader) unread(ctx context.Context, d ref.Digest, err error) error {
	if general(ctx, err) {
		return err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if img, ok := r.apart[d]; ok {
		r.graph.Stored(image.Descriptor{Digest: d, MediaType: img.MediaType, ArtifactType: img.ArtifactType}, InArchive)
		if img.Subject != "" {
			r.graph.Referrer(img.Subject, image.Descriptor{Digest: d, MediaType: img.MediaType})
		}
		return nil
	}
	if fault.Is(err, fault.NotFound) {
		r.graph.Absent(d)
		return nil
	}
	r.graph.Missing(d, err.Error())
	return nil
}

// general tells what is wrong with the registry, or the way to it, from what is
// wrong with one manifest.
func general(ctx context.Context, err error) bool {
	return ctx.Err() != nil || slices.Contains([]fault.Kind{
		fault.Auth, fault.RateLimited, fault.Unresolved, fault.TLS, fault.Unreachable, fault.Cancelled,
	}, fault.KindOf(err))
}
