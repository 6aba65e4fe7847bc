// Package rollback takes tags back to images that they pointed to before: what a tag can
// go back to, whether it may, the plan to do it, what follows it and can be deployed, and
// whether it went well. It imports app, model and registry.
package rollback

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"golang.org/x/sync/errgroup"

	"regatta/cmd/app"
	"regatta/model/fault"
	"regatta/model/graph"
	"regatta/model/image"
	"regatta/model/lifecycle"
	"regatta/model/order"
	"regatta/model/plan"
	"regatta/model/ref"
	"regatta/model/rollback"
	"regatta/model/text"
	"regatta/model/usage"
	"regatta/registry"
	"regatta/registry/survey"
)

// Previous is the image that the tag pointed to before.
const Previous = "previous"

// Case is a tag that is to go back, with all that is known of it.
type Case struct {
	Backend    registry.Backend
	Facts      rollback.Facts
	Shown      ref.Digest // what the tag pointed to when the target was chosen
	can        plan.Capabilities
	History    []rollback.Entry
	Candidates []rollback.Candidate
	Target     rollback.Candidate
	Checks     []rollback.Check
	incomplete []string     // what could not say what it runs
	asked      bool         // somebody was asked what runs
	Manifests  []ref.Digest // of the target: itself and what it lists
	Left       []ref.Digest // the same of what the tag pointed to

	profiles map[ref.Digest]rollback.Profile // of the candidates that are shown
	seen     plan.Presence                   // the blobs of what the tag pointed to
	broken   bool                            // what the tag pointed to is not whole
}

// Parts are the digests by which whatever runs the target may tell it.
func (l *Case) Parts() []ref.Digest {
	return append([]ref.Digest{l.Target.Digest}, slices.DeleteFunc(slices.Clone(l.Manifests), func(d ref.Digest) bool {
		return d == l.Target.Digest
	})...)
}

// Read finds out what a tag can go back to, and checks what it is to go back to.
func Read(ctx context.Context, s *app.App, r ref.Reference, to, keep string) (*Case, error) {
	l, uses, err := Load(ctx, s, r, keep)
	if err != nil {
		return nil, err
	}
	if l.Target, err = l.Choose(ctx, to); err != nil {
		return nil, err
	}
	return l, Check(ctx, s, l, uses, keep)
}

// Load is what is known of a tag, and what runs the registry's images.
func Load(ctx context.Context, s *app.App, r ref.Reference, keep string) (*Case, usage.Set, error) {
	b, err := s.Open(r.Host)
	if err != nil {
		return nil, usage.Set{}, err
	}
	l := &Case{Backend: b}
	uses, err := s.Uses(ctx, r.Host)
	if err != nil {
		return nil, uses, err
	}
	l.incomplete, l.asked = uses.Incomplete(), len(uses.Answers) > 0
	if l.Facts, err = factsOf(ctx, s, b, r, uses, keep); err != nil {
		return nil, uses, err
	}
	l.Facts.Past = pastOf(ctx, s, l)
	if l.can, err = b.ReadDelete(ctx, r.Repository); err != nil {
		return nil, uses, err
	}
	l.Shown = l.Facts.Current
	l.History, l.Candidates = rollback.History(l.Facts), rollback.Candidates(l.Facts)
	return l, uses, nil
}

// factsOf reads what is known of a tag. The listing costs no manifest.
func factsOf(
	ctx context.Context, s *app.App, b registry.Backend, r ref.Reference, uses usage.Set, keep string,
) (rollback.Facts, error) {
	f := rollback.Facts{Tag: r, Now: s.Now(), KeepPrefix: keep, Uses: uses.Uses(r.Host, r.Repository)}
	now, err := b.Resolve(ctx, r.Repository, r.Tag)
	if err != nil {
		return f, err
	}
	f.Current = now.Digest
	for cursor := ""; ; {
		page, err := b.Images(ctx, r.Repository, cursor)
		if err != nil {
			return f, err
		}
		f.Images = append(f.Images, page.Images...)
		if cursor = page.Next; cursor == "" {
			break
		}
	}
	if f.Seen, err = s.Store().History(ctx, r.Host, r.Repository, r.Tag); err != nil {
		return f, err
	}
	if f.Known, err = s.Store().Tags(ctx, r.Host, r.Repository); err != nil {
		return f, err
	}
	if err := lookUp(ctx, b, &f); err != nil {
		return f, err
	}
	f.Runs, err = s.Journal().Runs(ctx, app.MostRuns)
	if fault.Is(err, fault.Unrecorded) {
		err = nil // what is only shown does without it, and nothing is changed then
	}
	return f, err
}

// mostLookups is how many tags are looked up where the listing names them only: the
// newest versions, among which is what people go back to.
const mostLookups = 40

// lookUp finds out what the newest version tags point to, where neither the
// listing nor the store tells.
func lookUp(ctx context.Context, b registry.Backend, f *rollback.Facts) error {
	known := map[string]bool{}
	for _, k := range f.Known {
		known[k.Tag] = true
	}
	var wanted []*image.Image
	for i := range f.Images {
		img := &f.Images[i]
		if img.Digest == "" && len(img.Tags) == 1 && !known[img.Tags[0]] &&
			order.Of(img.Tags[0]).Class() == order.Version {
			wanted = append(wanted, img)
		}
	}
	slices.SortFunc(wanted, func(a, b *image.Image) int {
		return cmp.Compare(order.Of(b.Tags[0]), order.Of(a.Tags[0]))
	})
	return app.Each(ctx, wanted[:min(len(wanted), mostLookups)], func(ctx context.Context, img *image.Image) error {
		d, err := b.Resolve(ctx, f.Tag.Repository, img.Tags[0])
		if fault.Is(err, fault.NotFound) {
			return nil // it went meanwhile
		}
		img.Digest = d.Digest
		return err
	})
}

// Choose is the image to go back to.
func (l *Case) Choose(ctx context.Context, to string) (rollback.Candidate, error) {
	if to == Previous {
		if one, ok := rollback.Best(l.Candidates); ok {
			return one, nil
		}
		return rollback.Candidate{}, &fault.Error{
			Op: "roll back", Object: l.Facts.Tag.String(), Kind: fault.NotFound,
			Detail: "nothing is known that it could go back to: name a tag or a digest with --to",
		}
	}
	d, err := ref.ParseDigest(to)
	if err != nil {
		if err := ref.CheckTag(to); err != nil {
			return rollback.Candidate{}, app.Mistakef("--to %q is no digest, no tag and not %q", text.Clean(to), Previous)
		}
		found, err := l.Backend.Resolve(ctx, l.Facts.Tag.Repository, to)
		if err != nil {
			return rollback.Candidate{}, err
		}
		d = found.Digest
	}
	for _, one := range l.Candidates {
		if one.Digest == d {
			return one, nil
		}
	}
	return rollback.Candidate{Digest: d, Reason: "named by --to"}, nil
}

// view is the repository as far as the tag needs it.
func (l *Case) view() plan.View {
	v := plan.View{
		Registry: l.Facts.Tag.Host, Repository: l.Facts.Tag.Repository, Graph: graph.New(), Can: l.can,
	}
	if !l.Backend.Capabilities().Untagged {
		v.Graph.Partial("only the tag that goes back was looked at")
	}
	for _, img := range l.Facts.Images {
		for _, tag := range img.Tags {
			if img.Digest != "" {
				v.Graph.Tag(tag, img.Digest)
			}
		}
	}
	return v
}

// Check looks at both images, and judges.
func Check(ctx context.Context, s *app.App, l *Case, uses usage.Set, keep string) error {
	r := l.Facts.Tag
	before := rollback.Before{
		Tag: r, Shown: l.Shown, Immutable: l.can.Mutability.Fixed(r.Tag), ReadOnly: s.ReadOnly(r.Host),
		Incomplete: uses.Incomplete(), Asked: len(uses.Answers) > 0,
	}
	l.seen = plan.Presence{}
	group, inner := errgroup.WithContext(ctx)
	for d, into := range map[ref.Digest]*rollback.Content{l.Facts.Current: &before.Left, l.Target.Digest: &before.Target} {
		seen := plan.Presence{}
		if into == &before.Left {
			seen = l.seen
		}
		group.Go(func() (err error) {
			*into, err = survey.WholeBy(inner, l.Backend, seen, r.Repository, d)
			into.Storage = l.Storage(d)
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return err
	}
	now, err := l.Backend.Resolve(ctx, r.Repository, r.Tag)
	if err != nil && !fault.Is(err, fault.NotFound) {
		return err
	}
	before.Now = now.Digest
	before.Follow, before.Pinned = l.Users(before.Target.Manifests)
	l.policy(ctx, &before, keep)
	l.broken = before.Left.Broken() && before.Left.Storage == image.Standard
	l.Checks, l.Manifests, l.Left = rollback.Preflight(before), before.Target.Manifests, before.Left.Manifests
	return nil
}

// Storage is where an image is stored, as the listing says.
func (l *Case) Storage(d ref.Digest) image.Storage {
	for _, img := range l.Facts.Images {
		if img.Digest == d {
			return img.Storage
		}
	}
	return image.Standard
}

// Users are what follows the tag, and what keeps another digest than the
// target's whatever the tag does. What follows another tag is nobody's concern.
func (l *Case) Users(target []ref.Digest) (follow []usage.Hit, pinned []usage.Use) {
	kin := &usage.Links{}
	kin.Tag(l.Facts.Tag.Tag, l.Facts.Current)
	follow = usage.Match(l.Facts.Uses, kin).Tag(l.Facts.Tag.Tag)
	for _, u := range l.Facts.Uses {
		runs := u.How == usage.Deployment || u.How == usage.Task || u.How == usage.Pod || u.How == usage.Function
		ours := u.Image.Tag == "" || u.Image.Tag == l.Facts.Tag.Tag
		if runs && ours && u.Image.Digest != "" && !slices.Contains(target, u.Image.Digest) {
			pinned = append(pinned, u)
		}
	}
	return follow, pinned
}

// policy asks what the repository's own lifecycle policy makes of both images
// once the tag has gone back.
func (l *Case) policy(ctx context.Context, b *rollback.Before, keep string) {
	keeper := l.Backend.Abilities().Policies
	if keeper == nil {
		return
	}
	source, err := keeper.LifecyclePolicy(ctx, l.Facts.Tag.Repository)
	if err != nil || source == "" {
		b.PolicyUnknown = err
		return
	}
	policy, violations := lifecycle.Parse(source)
	if len(violations) > 0 {
		b.PolicyUnknown = errors.New(violations[0].String())
		return
	}
	images := l.after(keep)
	e := lifecycle.Evaluate(policy, images, l.Facts.Now, nil)
	for i, img := range images {
		if e.Verdicts[i].Outcome != lifecycle.Expire {
			continue
		}
		switch img.Digest {
		case l.Target.Digest:
			b.Expires = e.Reason(i)
		case l.Facts.Current:
			b.ExpiresLeft = e.Reason(i)
		}
	}
}

// after are the images as the policy finds them once the tag has gone back.
func (l *Case) after(keep string) []lifecycle.Image {
	var out []lifecycle.Image
	for _, img := range l.Facts.Images {
		if img.Digest == "" {
			continue
		}
		one := lifecycle.Of(img)
		one.Tags = slices.DeleteFunc(one.Tags, func(t string) bool { return t == l.Facts.Tag.Tag })
		if img.Digest == l.Target.Digest {
			one.Tags = append(one.Tags, l.Facts.Tag.Tag)
		}
		if img.Digest == l.Facts.Current && keep != "" {
			one.Tags = append(one.Tags, rollback.KeepTag(keep, l.Facts.Now))
		}
		out = append(out, one)
	}
	return out
}

// Verify reads the tag back, and asks for everything of the image.
func (l *Case) Verify(ctx context.Context) []rollback.Check {
	r := l.Facts.Tag
	a := rollback.After{Tag: r, Want: l.Target.Digest}
	now, err := l.Backend.Resolve(ctx, r.Repository, r.Tag)
	if a.Now = now.Digest; err != nil && !fault.Is(err, fault.NotFound) {
		a.NowErr = err
	}
	a.Found, a.Err = survey.Whole(ctx, l.Backend, r.Repository, l.Target.Digest)
	return rollback.Verify(a)
}
