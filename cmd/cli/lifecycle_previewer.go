package cli

import (
	"context"

	"regatta/cmd/app"
	"regatta/cmd/app/change"
	"regatta/cmd/app/retention"
	"regatta/cmd/cli/output"
	"regatta/model/fault"
	"regatta/model/lifecycle"
	"regatta/model/ref"
	"regatta/registry"
)

// previewer tries policies on repositories.
type previewer struct {
	app *app.App

	streams output.Streams
	o       previewOptions
}

// policy is the one to try on a repository.
func (v *previewer) policy(ctx context.Context, b registry.Backend, r ref.Reference) (lifecycle.Policy, error) {
	if v.o.given != nil {
		return *v.o.given, nil
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

func (v *previewer) look(ctx context.Context, r ref.Reference) (*retention.Preview, error) {
	b, err := v.app.Open(r.Host)
	if err != nil {
		return nil, err
	}
	policy, err := v.policy(ctx, b, r)
	if err != nil {
		return nil, err
	}
	in, err := v.read(ctx, b, r)
	if err != nil {
		return nil, err
	}
	p := retention.NewPreview(in, policy, v.o.at, v.o.switches)
	if v.o.aws {
		p.AWS = retention.AskAWS(ctx, b, r, policy)
	}
	return p, nil
}

func (v *previewer) read(ctx context.Context, b registry.Backend, r ref.Reference) (*retention.Input, error) {
	c, err := readContent(ctx, v.app, v.streams, change.Unprobed(b), r, !v.o.yes, retention.ForPolicies())
	if err != nil {
		return nil, err
	}
	return retention.InputOf(ctx, v.app, b, r, c)
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
	return preview{p}.print(v.streams, v.o)
}

// several looks at all repositories; one that fails does not stand in the way of
// the others.
func (v *previewer) several(ctx context.Context) error {
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
	if err := v.streams.Print(v.o.output, severalResult(done)); err != nil {
		return err
	}
	for _, one := range done {
		if one.Err == nil {
			preview{one.Preview}.remark(v.streams.Err, one.Name+": ")
		}
	}
	return failed.Report(v.streams.Err, "preview", "repositories", len(all))
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
	return retention.Matching(ctx, b, host, v.o.match)
}
