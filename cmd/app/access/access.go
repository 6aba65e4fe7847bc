// Package access reads who may use a repository, as the policies say. It imports model and
// registry.
package access

import (
	"context"
	"errors"

	"regatta/model/access"
	"regatta/model/fault"
	"regatta/model/ref"
	"regatta/registry"
	"regatta/registry/ability"
)

// Of is the registry with its policies; it is refused where there are none to be read.
func Of(b registry.Backend, r ref.Reference) (ability.Access, error) {
	if p := b.Abilities().Access; p != nil {
		return p, nil
	}
	return nil, &fault.Error{
		Op: "read who may use", Object: r.Name(), Kind: fault.Unsupported,
		Detail: "only private registries of Amazon ECR have policies that can be read",
	}
}

// Read reads both policies; of one that cannot be read the other is there.
func Read(ctx context.Context, from ability.Access, r ref.Reference) access.Report {
	report := access.Report{Of: from.AccessTo(r.Repository)}
	report.Repository.Text, report.Repository.Err = from.RepositoryPolicy(ctx, r.Repository)
	report.Registry.Text, report.Registry.Err = from.RegistryPolicy(ctx)
	report.Judge()
	report.Repository.Err = malformed("repository policy", r, report.Repository.Err)
	report.Registry.Err = malformed("registry policy", r, report.Registry.Err)
	return report
}

// malformed names the policy that could not be parsed.
func malformed(name string, r ref.Reference, err error) error {
	at, ok := errors.AsType[*access.PositionError](err)
	if !ok {
		return err
	}
	return &fault.Error{
		Op: "read the " + name + " of", Object: r.Name(), Kind: fault.Protocol, Err: err,
		Detail: "it is no policy: " + at.Error(),
	}
}
