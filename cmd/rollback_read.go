package cmd

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
	runs "regatta/registry/run"
	"regatta/registry/survey"
)

// previous is the image that the tag pointed to before.
const previous = "previous"

// lapse is a tag that is to go back, with all that is known of it.
type lapse struct {
	backend    registry.Backend
	facts      rollback.Facts
	shown      ref.Digest // what the tag pointed to when the target was chosen
	can        plan.Capabilities
	history    []rollback.Entry
	candidates []rollback.Candidate
	target     rollback.Candidate
	checks     []rollback.Check
	incomplete []string     // what could not say what it runs
	asked      bool         // somebody was asked what runs
	manifests  []ref.Digest // of the target: itself and what it lists
	left       []ref.Digest // the same of what the tag pointed to

	profiles map[ref.Digest]rollback.Profile // of the candidates that are shown
}

// parts are the digests by which whatever runs the target may tell it.
func (l *lapse) parts() []ref.Digest {
	return append([]ref.Digest{l.target.Digest}, slices.DeleteFunc(slices.Clone(l.manifests), func(d ref.Digest) bool {
		return d == l.target.Digest
	})...)
}

// readLapse finds out what a tag can go back to, and checks what it is to go back to.
func readLapse(ctx context.Context, s *app.App, r ref.Reference, to, keep string) (*lapse, error) {
	l, uses, err := lapsed(ctx, s, r, keep)
	if err != nil {
		return nil, err
	}
	if l.target, err = l.choose(ctx, to); err != nil {
		return nil, err
	}
	return l, preflight(ctx, s, l, uses, keep)
}

// lapsed is what is known of a tag, and what runs the registry's images.
func lapsed(ctx context.Context, s *app.App, r ref.Reference, keep string) (*lapse, usage.Set, error) {
	b, err := s.Open(r.Host)
	if err != nil {
		return nil, usage.Set{}, err
	}
	l := &lapse{backend: b}
	uses, err := s.Uses(ctx, r.Host)
	if err != nil {
		return nil, uses, err
	}
	l.incomplete, l.asked = uses.Incomplete(), len(uses.Answers) > 0
	if l.facts, err = factsOf(ctx, s, b, r, uses, keep); err != nil {
		return nil, uses, err
	}
	l.facts.Past = pastOf(ctx, s, l)
	if l.can, err = b.ReadDelete(ctx, r.Repository); err != nil {
		return nil, uses, err
	}
	l.shown = l.facts.Current
	l.history, l.candidates = rollback.History(l.facts), rollback.Candidates(l.facts)
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

// choose is the image to go back to.
func (l *lapse) choose(ctx context.Context, to string) (rollback.Candidate, error) {
	if to == previous {
		if one, ok := rollback.Best(l.candidates); ok {
			return one, nil
		}
		return rollback.Candidate{}, &fault.Error{
			Op: "roll back", Object: l.facts.Tag.String(), Kind: fault.NotFound,
			Detail: "nothing is known that it could go back to: name a tag or a digest with --to",
		}
	}
	d, err := ref.ParseDigest(to)
	if err != nil {
		if err := ref.CheckTag(to); err != nil {
			return rollback.Candidate{}, app.Mistakef("--to %q is no digest, no tag and not %q", text.Clean(to), previous)
		}
		found, err := l.backend.Resolve(ctx, l.facts.Tag.Repository, to)
		if err != nil {
			return rollback.Candidate{}, err
		}
		d = found.Digest
	}
	for _, one := range l.candidates {
		if one.Digest == d {
			return one, nil
		}
	}
	return rollback.Candidate{Digest: d, Reason: "named by --to"}, nil
}

// view is the repository as far as the tag needs it.
func (l *lapse) view() plan.View {
	v := plan.View{
		Registry: l.facts.Tag.Host, Repository: l.facts.Tag.Repository, Graph: graph.New(), Can: l.can,
	}
	if !l.backend.Capabilities().Untagged {
		v.Graph.Partial("only the tag that goes back was looked at")
	}
	for _, img := range l.facts.Images {
		for _, tag := range img.Tags {
			if img.Digest != "" {
				v.Graph.Tag(tag, img.Digest)
			}
		}
	}
	return v
}

// preflight looks at both images, and judges.
func preflight(ctx context.Context, s *app.App, l *lapse, uses usage.Set, keep string) error {
	r := l.facts.Tag
	before := rollback.Before{
		Tag: r, Shown: l.shown, Immutable: l.can.Mutability.Fixed(r.Tag), ReadOnly: s.ReadOnly(r.Host),
		Incomplete: uses.Incomplete(), Asked: len(uses.Answers) > 0,
	}
	group, inner := errgroup.WithContext(ctx)
	for d, into := range map[ref.Digest]*rollback.Content{l.facts.Current: &before.Left, l.target.Digest: &before.Target} {
		group.Go(func() (err error) {
			*into, err = survey.Whole(inner, l.backend, r.Repository, d)
			into.Storage = l.storage(d)
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return err
	}
	now, err := l.backend.Resolve(ctx, r.Repository, r.Tag)
	if err != nil && !fault.Is(err, fault.NotFound) {
		return err
	}
	before.Now = now.Digest
	before.Follow, before.Pinned = l.users(before.Target.Manifests)
	l.policy(ctx, &before, keep)
	l.checks, l.manifests, l.left = rollback.Preflight(before), before.Target.Manifests, before.Left.Manifests
	return nil
}

func (l *lapse) storage(d ref.Digest) image.Storage {
	for _, img := range l.facts.Images {
		if img.Digest == d {
			return img.Storage
		}
	}
	return image.Standard
}

// users are what follows the tag, and what keeps another digest than the
// target's whatever the tag does. What follows another tag is nobody's concern.
func (l *lapse) users(target []ref.Digest) (follow []usage.Hit, pinned []usage.Use) {
	kin := &usage.Links{}
	kin.Tag(l.facts.Tag.Tag, l.facts.Current)
	follow = usage.Match(l.facts.Uses, kin).Tag(l.facts.Tag.Tag)
	for _, u := range l.facts.Uses {
		runs := u.How == usage.Deployment || u.How == usage.Task || u.How == usage.Pod || u.How == usage.Function
		ours := u.Image.Tag == "" || u.Image.Tag == l.facts.Tag.Tag
		if runs && ours && u.Image.Digest != "" && !slices.Contains(target, u.Image.Digest) {
			pinned = append(pinned, u)
		}
	}
	return follow, pinned
}

// policy asks what the repository's own lifecycle policy makes of both images
// once the tag has gone back.
func (l *lapse) policy(ctx context.Context, b *rollback.Before, keep string) {
	keeper, ok := l.backend.(runs.Policies)
	if !ok {
		return
	}
	source, err := keeper.LifecyclePolicy(ctx, l.facts.Tag.Repository)
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
	e := lifecycle.Evaluate(policy, images, l.facts.Now, nil)
	for i, img := range images {
		if e.Verdicts[i].Outcome != lifecycle.Expire {
			continue
		}
		switch img.Digest {
		case l.target.Digest:
			b.Expires = e.Reason(i)
		case l.facts.Current:
			b.ExpiresLeft = e.Reason(i)
		}
	}
}

// after are the images as the policy finds them once the tag has gone back.
func (l *lapse) after(keep string) []lifecycle.Image {
	var out []lifecycle.Image
	for _, img := range l.facts.Images {
		if img.Digest == "" {
			continue
		}
		one := lifecycle.Image{
			Digest: img.Digest, Size: img.Size, Pushed: img.Time(), Pulled: img.Pulled, Subject: img.Subject,
			Tags: slices.DeleteFunc(slices.Clone(img.Tags), func(t string) bool { return t == l.facts.Tag.Tag }),
		}
		if img.Storage == image.Archived {
			one.Class = lifecycle.Archive
		}
		if img.Digest == l.target.Digest {
			one.Tags = append(one.Tags, l.facts.Tag.Tag)
		}
		if img.Digest == l.facts.Current && keep != "" {
			one.Tags = append(one.Tags, rollback.KeepTag(keep, l.facts.Now))
		}
		out = append(out, one)
	}
	return out
}

// verify reads the tag back, and asks for everything of the image.
func (l *lapse) verify(ctx context.Context) []rollback.Check {
	r := l.facts.Tag
	a := rollback.After{Tag: r, Want: l.target.Digest}
	now, err := l.backend.Resolve(ctx, r.Repository, r.Tag)
	if a.Now = now.Digest; err != nil && !fault.Is(err, fault.NotFound) {
		a.NowErr = err
	}
	a.Found, a.Err = survey.Whole(ctx, l.backend, r.Repository, l.target.Digest)
	return rollback.Verify(a)
}
