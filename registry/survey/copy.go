package survey

import (
	"context"
	"sync"

	"golang.org/x/sync/errgroup"

	"regatta/model/fault"
	"regatta/model/graph"
	"regatta/model/image"
	"regatta/model/plan"
	"regatta/model/ref"
	"regatta/model/text"
	"regatta/registry/local"
)

// Shipper is the registry that images are copied from.
type Shipper interface {
	local.Content
	Archives
	Referrers(ctx context.Context, repo string, d ref.Digest) ([]image.Descriptor, error)
}

// Receiver is the registry that images are copied to.
type Receiver interface {
	Leaving
	CanDelete() plan.Capabilities
	ReadDelete(ctx context.Context, repo string) (plan.Capabilities, error)
	ListsReferrers(ctx context.Context, repo string) (bool, error)
}

// Trees read what is to be copied, and with referrers all that refers to it. A
// move's From names an image by tag or digest; its To has the repository and
// the tag that it gets, if any.
func Trees(ctx context.Context, from Shipper, moves []plan.Move, referrers bool) ([]plan.Tree, error) {
	out := make([]plan.Tree, len(moves))
	group, inner := errgroup.WithContext(ctx)
	group.SetLimit(atATime)
	for i, c := range moves {
		group.Go(func() error {
			if err := Awake(inner, from, c.From); err != nil {
				return err
			}
			manifests, err := local.Tree(inner, from, c.From.Repository, c.From.Identifier())
			out[i] = plan.Tree{From: c.From, To: c.To, Manifests: manifests}
			return err
		})
	}
	if err := group.Wait(); err != nil || !referrers {
		return out, err
	}
	b := &beside{from: from, seen: map[plan.Place]bool{}}
	for _, t := range out {
		if err := b.of(ctx, t); err != nil {
			return nil, err
		}
	}
	return append(out, b.trees...), nil
}

// mostBeside is how much that describes images is copied with them.
const mostBeside = 2000

// beside collects referrers, what refers to these, and what cosign keeps under
// tags.
type beside struct {
	from  Shipper
	seen  map[plan.Place]bool
	trees []plan.Tree
}

func (b *beside) of(ctx context.Context, t plan.Tree) error {
	for _, m := range t.Manifests {
		found, err := b.from.Referrers(ctx, t.From.Repository, m.Digest)
		if err != nil {
			return err
		}
		for _, d := range found {
			at := plan.Place{Repository: t.To.Repository, Digest: d.Digest}
			if d.Digest == "" || b.seen[at] {
				continue
			}
			b.seen[at] = true
			if err := b.add(ctx, t, m.Digest, d); err != nil {
				return err
			}
		}
	}
	return nil
}

func (b *beside) add(ctx context.Context, t plan.Tree, subject ref.Digest, d image.Descriptor) error {
	manifests, err := local.Tree(ctx, b.from, t.From.Repository, string(d.Digest))
	if err != nil {
		return err
	}
	to, what := t.To, "refers to "+subject.Short()
	if kind := image.ShortMediaType(d.ArtifactType); kind != "" {
		what = kind + ", " + what
	}
	to.Tag = ""
	if c, ok := image.ParseCompanion(d.Annotations[image.RefNameAnnotation]); ok {
		to.Tag, what = d.Annotations[image.RefNameAnnotation], c.String()
	}
	if len(b.trees) == mostBeside {
		return &fault.Error{
			Op: "read what describes", Object: t.From.Name() + "@" + string(subject), Kind: fault.TooLarge,
			Detail: "there are more than " + text.Count(mostBeside) + " referrers, and referrers of these, which is all" +
				" that is copied",
			Advice: "without --referrers the image is copied alone",
		}
	}
	tree := plan.Tree{From: t.From, To: to, Manifests: manifests, Beside: what}
	b.trees = append(b.trees, tree)
	return b.of(ctx, tree)
}

// Copy plans to bring trees to a registry, after asking what of them is there, and
// whether the source has the rest, and says what undo brings back of what their tags
// pointed to. Local is where trees come from that have no source: then from is nil.
func Copy(
	ctx context.Context, from Shipper, to Receiver, trees []plan.Tree, localPlace string, o plan.Options,
	progress func(total, done int),
) (plan.Plan, error) {
	trees, err := withFallback(ctx, to, trees)
	if err != nil {
		return plan.Plan{}, err
	}
	var asks []plan.Ask
	asked := map[plan.Place]bool{}
	for i := range trees {
		for _, a := range trees[i].Places() {
			if !asked[a.Place] {
				asked[a.Place] = true
				asks = append(asks, a)
			}
		}
	}
	seen := plan.Presence{}
	if err := ask(ctx, to, asks, seen); err != nil {
		return plan.Plan{}, err
	}
	views, err := targets(ctx, to, trees)
	if err != nil {
		return plan.Plan{}, err
	}
	if from != nil {
		if o.Source, err = sourceHas(ctx, from, trees, seen); err != nil {
			return plan.Plan{}, err
		}
	}
	p, err := plan.ToCopy(views, trees, seen, localPlace, o)
	if err != nil {
		return p, err
	}
	return Moved(ctx, to, p, seen, progress, views...)
}

// targets are views of the repositories that trees go to, with no more than the
// tags that they get: listing a large repository would take longer than the copy.
func targets(ctx context.Context, to Receiver, trees []plan.Tree) ([]plan.View, error) {
	var views []plan.View
	at := map[string]*graph.Graph{}
	for _, t := range trees {
		if at[t.To.Repository] != nil {
			continue
		}
		can, err := deletesAt(ctx, to, t.To.Repository)
		if err != nil {
			return nil, err
		}
		v := plan.View{Registry: t.To.Host, Repository: t.To.Repository, Graph: graph.New(), Can: can}
		v.Graph.Partial("only the tags that are set were looked at")
		views, at[t.To.Repository] = append(views, v), v.Graph
	}
	var mu sync.Mutex
	group, inner := errgroup.WithContext(ctx)
	group.SetLimit(atATime)
	for _, t := range trees {
		if t.To.Tag == "" {
			continue
		}
		group.Go(func() error {
			d, err := to.Resolve(inner, t.To.Repository, t.To.Tag)
			mu.Lock()
			defer mu.Unlock()
			switch {
			case err == nil:
				at[t.To.Repository].Tag(t.To.Tag, d.Digest)
			case !fault.Is(err, fault.NotFound):
				return err
			}
			return nil
		})
	}
	return views, group.Wait()
}

// deletesAt is what a registry deletes in a repository, and what it refused there, as far as
// that is known. What else the repository has is not looked at: tags, nor whether they move.
func deletesAt(ctx context.Context, to Receiver, repository string) (plan.Capabilities, error) {
	can := to.CanDelete()
	if can.TagDelete == plan.Unknown || can.ManifestDelete == plan.Unknown {
		var err error
		if can, err = to.ReadDelete(ctx, repository); err != nil {
			return can, err
		}
	}
	return plan.Capabilities{
		TagDelete: can.TagDelete, ManifestDelete: can.ManifestDelete, TaggedDelete: can.TaggedDelete,
		SharesBlobs: can.SharesBlobs, TagRefused: can.TagRefused, ManifestRefused: can.ManifestRefused,
	}, nil
}
