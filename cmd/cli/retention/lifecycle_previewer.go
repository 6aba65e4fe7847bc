package retention

import (
	"context"

	"regatta/cmd/app"
	"regatta/cmd/app/change"
	"regatta/cmd/app/retention"
	"regatta/cmd/cli/output"
	"regatta/cmd/cli/reading"
	"regatta/cmd/cli/verb"
	"regatta/model/fault"
	"regatta/model/lifecycle"
	"regatta/model/ref"
	"regatta/registry"
)

// Previewer tries policies on repositories.
type Previewer struct {
	App *app.App

	Streams output.Streams
	Options PreviewOptions
}

// policy is the one to try on a repository.
func (v *Previewer) policy(ctx context.Context, b registry.Backend, r ref.Reference) (lifecycle.Policy, error) {
	if v.Options.given != nil {
		return *v.Options.given, nil
	}
	source, err := retention.PolicyOf(ctx, b, r)
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
	return retention.Saved(r, source)
}

func (v *Previewer) look(ctx context.Context, r ref.Reference) (*retention.Preview, error) {
	b, err := v.App.Open(r.Host)
	if err != nil {
		return nil, err
	}
	policy, err := v.policy(ctx, b, r)
	if err != nil {
		return nil, err
	}
	in, err := v.Read(ctx, b, r)
	if err != nil {
		return nil, err
	}
	p := retention.NewPreview(in, policy, v.Options.At, v.Options.switches)
	if v.Options.AWS {
		p.AWS = retention.AskAWS(ctx, b, r, policy)
	}
	return p, nil
}

// Read reads a repository as policies look at it.
func (v *Previewer) Read(ctx context.Context, b registry.Backend, r ref.Reference) (*retention.Input, error) {
	c, err := reading.Content(ctx, v.App, v.Streams, change.Unprobed(b), r, !v.Options.Yes, retention.ForPolicies())
	if err != nil {
		return nil, err
	}
	return retention.InputOf(ctx, v.App, b, r, c)
}

// Single previews one repository.
func (v *Previewer) Single(ctx context.Context) error {
	r, err := verb.RepositoryNamed(v.App, v.Options.Targets[0])
	if err != nil {
		return err
	}
	p, err := v.look(ctx, r)
	if err != nil {
		return err
	}
	return preview{p}.print(v.Streams, v.Options)
}

// Several looks at all repositories; one that fails does not stand in the way of
// the others.
func (v *Previewer) Several(ctx context.Context) error {
	all, err := v.targets(ctx)
	if err != nil {
		return err
	}
	var done []retention.Tried
	var failed output.Failures
	for _, r := range all {
		one := retention.Tried{Name: r.Name()}
		one.Preview, one.Err = v.look(ctx, r)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		done = append(done, one)
		if one.Err != nil {
			failed.Add(one.Name, one.Err)
		}
	}
	if err := v.Streams.Print(v.Options.Output, severalResult(done)); err != nil {
		return err
	}
	for _, one := range done {
		if one.Err == nil {
			preview{one.Preview}.remark(v.Streams.Err, one.Name+": ")
		}
	}
	return failed.Report(v.Streams.Err, "preview", "repositories", len(all))
}

// targets are the repositories that are named, or that match.
func (v *Previewer) targets(ctx context.Context) ([]ref.Reference, error) {
	var out []ref.Reference
	if v.Options.match == "" {
		for _, arg := range v.Options.Targets {
			r, err := verb.RepositoryNamed(v.App, arg)
			if err != nil {
				return nil, err
			}
			out = append(out, r)
		}
		return out, nil
	}
	host, err := verb.HostNamed(v.App, v.Options.Targets)
	if err != nil {
		return nil, err
	}
	b, err := v.App.Open(host)
	if err != nil {
		return nil, err
	}
	return retention.Matching(ctx, b, host, v.Options.match)
}
