package cmd

import (
	"context"

	"regatta/cmd/app"
	"regatta/cmd/app/change"
	"regatta/model/cost"
	"regatta/model/fault"
	"regatta/model/lifecycle"
	"regatta/model/query"
	"regatta/model/ref"
	"regatta/model/text"
	"regatta/model/usage"
	"regatta/registry"
	"regatta/registry/survey"
)

// policy is the one to try on a repository.
func (v *previewer) policy(ctx context.Context, r ref.Reference) (lifecycle.Policy, error) {
	if v.o.given != nil {
		return *v.o.given, nil
	}
	source, err := policyOf(ctx, v.app, r)
	if fault.Is(err, fault.Unsupported) {
		return lifecycle.Policy{}, app.Mistakef("%s keeps no lifecycle policies: name the file of one with --policy", r.Host)
	}
	if err != nil {
		return lifecycle.Policy{}, err
	}
	if source == "" {
		return lifecycle.Policy{}, &fault.Error{
			Op: "preview the lifecycle policy of", Object: r.Name(), Kind: fault.NotFound,
			Detail: "it has none; name the file of one with --policy",
		}
	}
	policy, violations := lifecycle.Parse(source)
	if len(violations) > 0 {
		return policy, &fault.Error{
			Op: "preview the lifecycle policy of", Object: r.Name(), Kind: fault.Invalid,
			Detail: "ECR would not take it any more: " + violations[0].String(),
		}
	}
	return policy, nil
}

// previewer tries policies on repositories.
type previewer struct {
	app *app.App

	streams Streams
	o       previewOptions
}

// preview is what a policy does to a repository.
type preview struct {
	name       string
	in         *previewInput
	evaluation *lifecycle.Evaluation
	sum        lifecycle.Summary
	aws        *awsView // nil: AWS was not asked
	err        error    // nothing of all that is known
}

func newPreview(in *previewInput, policy lifecycle.Policy, o previewOptions) *preview {
	e := lifecycle.Evaluate(policy, in.images, o.at, o.switches)
	return &preview{name: in.repository, in: in, evaluation: e, sum: e.Summarize(in.weigh)}
}

// of looks at one repository.
func (v *previewer) of(ctx context.Context, r ref.Reference) *preview {
	p, err := v.look(ctx, r)
	if err != nil {
		p = &preview{err: err}
	}
	p.name = r.Name()
	return p
}

func (v *previewer) look(ctx context.Context, r ref.Reference) (*preview, error) {
	policy, err := v.policy(ctx, r)
	if err != nil {
		return nil, err
	}
	b, err := v.app.Open(r.Host)
	if err != nil {
		return nil, err
	}
	in, err := v.read(ctx, b, r)
	if err != nil {
		return nil, err
	}
	p := newPreview(in, policy, v.o)
	if v.o.aws {
		p.aws = askAWS(ctx, b, r, policy)
	}
	return p, nil
}

func (v *previewer) read(ctx context.Context, b registry.Backend, r ref.Reference) (*previewInput, error) {
	c, err := readContent(ctx, v.app, v.streams, change.Unprobed(b), r, !v.o.yes, survey.Options{Referrers: true})
	if err != nil {
		return nil, err
	}
	uses, err := v.app.Uses(ctx, r.Host)
	if err != nil {
		return nil, err
	}
	in := c.preview(b, r, uses)
	in.price = v.app.PriceOf(r.Host)
	return in, nil
}

func (v *previewer) single(ctx context.Context) error {
	r, err := repositoryNamed(v.app, v.o.targets[0])
	if err != nil {
		return err
	}
	p, err := v.look(ctx, r)
	if err != nil {
		return err
	}
	return p.printOne(v.streams, v.o)
}

// several looks at all repositories; one that fails does not stand in the way of
// the others.
func (v *previewer) several(ctx context.Context) error {
	all, err := v.targets(ctx)
	if err != nil {
		return err
	}
	var done []*preview
	var failed failures
	for _, r := range all {
		p := v.of(ctx, r)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		done = append(done, p)
		if p.err != nil {
			failed.add(p.name, p.err)
		}
	}
	if err := v.streams.print(v.o.output, severalResult(done)); err != nil {
		return err
	}
	for _, p := range done {
		p.remark(v.streams.Err, p.name+": ")
	}
	return failed.report(v.streams.Err, "preview", "repositories", len(all))
}

// targets are the repositories that are named, or that match.
func (v *previewer) targets(ctx context.Context) ([]ref.Reference, error) {
	var out []ref.Reference
	if v.o.match == "" {
		for _, arg := range v.o.targets {
			r, err := repositoryNamed(v.app, arg)
			if err != nil {
				return nil, err
			}
			out = append(out, r)
		}
		return out, nil
	}
	host, err := hostNamed(v.app, v.o.targets)
	if err != nil {
		return nil, err
	}
	b, err := v.app.Open(host)
	if err != nil {
		return nil, err
	}
	found, err := app.ListRepositories(ctx, b)
	if err != nil {
		return nil, err
	}
	for _, r := range found {
		if query.Glob(v.o.match, r.Name) {
			out = append(out, ref.Reference{Host: host, Repository: r.Name})
		}
	}
	if len(out) == 0 {
		return nil, &fault.Error{
			Op: "preview", Object: host, Kind: fault.NotFound, Detail: "no repository matches " + text.Clean(v.o.match),
		}
	}
	return out, nil
}

// awsView is what AWS says of a policy.
type awsView struct {
	says map[ref.Digest]lifecycle.Verdict // all others are kept
	err  error                            // it said nothing
}

// askAWS has AWS preview the policy as well.
func askAWS(ctx context.Context, b registry.Backend, r ref.Reference, policy lifecycle.Policy) *awsView {
	k, ok := b.(policyKeeper)
	if !ok {
		return &awsView{err: &fault.Error{
			Op: "preview the lifecycle policy of", Object: r.Name(), Kind: fault.Unsupported,
			Detail: "only Amazon ECR has a preview of its own",
		}}
	}
	says, err := k.PreviewLifecycle(ctx, r.Repository, policy.Text())
	return &awsView{says, err}
}

// differs are the places of the images of which AWS says something else.
func (p *preview) differs() []int {
	if p.aws == nil || p.aws.err != nil {
		return nil
	}
	var out []int
	for i := range p.evaluation.Images {
		if p.aws.says[p.evaluation.Images[i].Digest].Outcome != p.evaluation.Verdicts[i].Outcome {
			out = append(out, i)
		}
	}
	return out
}

// saves is what the bytes that come back cost a month.
func (p *preview) saves() (cost.Money, bool) {
	if p.sum.Expire == 0 {
		return cost.Money{}, false
	}
	return p.in.price.Saves(p.sum.ReclaimedBytes, p.in.estimated(p.sum))
}

// usedAndGone counts the images that would go and that somebody runs.
func (p *preview) usedAndGone() int {
	n := 0
	for i := range p.evaluation.Images {
		if p.evaluation.Verdicts[i].Outcome == lifecycle.Expire && len(p.in.usedBy(p.evaluation.Images[i].Digest)) > 0 {
			n++
		}
	}
	return n
}

// usedBy are those who run an image, as far as is known.
func (in *previewInput) usedBy(d ref.Digest) []string {
	var out []string
	for _, h := range in.uses.Of(d) {
		out = append(out, text.Clean(h.String()))
	}
	return out
}

func matched(uses usage.Set, r ref.Reference, kin usage.Kin) usage.Matches {
	return usage.Match(uses.Uses(r.Host, r.Repository), kin)
}
