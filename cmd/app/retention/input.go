package retention

import (
	"context"
	"fmt"
	"slices"

	"regatta/cmd/app"
	"regatta/model/cost"
	"regatta/model/graph"
	"regatta/model/image"
	"regatta/model/lifecycle"
	"regatta/model/ref"
	"regatta/model/text"
	"regatta/model/usage"
	"regatta/registry"
)

// Input is the images of a repository as a lifecycle policy looks at them.
type Input struct {
	Repository string
	Images     []lifecycle.Image
	Weigh      lifecycle.Weigher // nil: only sizes are known
	Unread     []app.Failure
	Price      cost.Price
	AllUses    bool // somebody was asked what runs, and everybody has answered

	made     int  // images whose time is when they were made, for want of a push time
	untagged bool // images without tags would be listed
	uses     usage.Matches
	notes    []string // who did not tell what runs
}

// ReadImages reads the images of a file of aws ecr describe-images.
func ReadImages(ctx context.Context, path string) (*Input, error) {
	raw, err := app.ReadFile(ctx, path)
	if err != nil {
		return nil, fmt.Errorf("read the images: %w", err)
	}
	in := &Input{untagged: true}
	in.Repository, in.Images, err = lifecycle.ParseImages(raw)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", text.Clean(path), err)
	}
	return in, nil
}

// InputOf is a repository, as it was read, as policies look at it, with what runs its
// images.
func InputOf(ctx context.Context, a *app.App, b registry.Backend, r ref.Reference, c *Content) (*Input, error) {
	uses, err := a.Uses(ctx, r.Host)
	if err != nil {
		return nil, err
	}
	g := c.View.Graph
	in := &Input{
		Repository: r.Repository, Weigh: weigher(g), Unread: c.Unread, Price: a.PriceOf(r.Host), AllUses: uses.Whole(),
		untagged: b.Capabilities().Untagged,
		uses:     usage.Match(uses.Uses(r.Host, r.Repository), g), notes: uses.Gaps(),
	}
	for _, d := range slices.Concat(g.Manifests(), c.archived) {
		in.add(c.images[d], d, g)
	}
	if n := len(c.archived); n > 0 {
		in.notes = append(in.notes, "what "+text.Plural(n, "archived image lists", "archived images list")+" is not known")
	}
	return in, nil
}

func weigher(g *graph.Graph) lifecycle.Weigher {
	return func(gone []ref.Digest) (bytes int64, exact bool) {
		for _, n := range g.Reclaim(gone) {
			bytes += n
		}
		return bytes, g.Complete()
	}
}

func (in *Input) add(found image.Image, d ref.Digest, g *graph.Graph) {
	img := lifecycle.Of(found)
	img.Digest, img.Tags, img.Children = d, g.Tags(d), g.Children(d)
	if subjects := g.Subjects(d); len(subjects) > 0 {
		img.Subject = subjects[0]
	}
	if found.Pushed.IsZero() && !found.Created.IsZero() {
		in.made++
	}
	in.Images = append(in.Images, img)
}

// UsedBy are those who run an image, as far as is known.
func (in *Input) UsedBy(d ref.Digest) []string {
	var out []string
	for _, h := range in.uses.Of(d) {
		out = append(out, text.Clean(h.String()))
	}
	return out
}

// RestsOn says on what verdicts rest, in a few words.
func (in *Input) RestsOn() []string {
	return append(restsOn(in.made, len(in.Unread)), in.notes...)
}

func restsOn(made, failed int) []string {
	var out []string
	if made > 0 {
		out = append(out, text.Plural(made, "age is", "ages are")+" from when it was made")
	}
	if failed > 0 {
		out = append(out, text.Plural(failed, "image", "images")+" could not be read")
	}
	return out
}
