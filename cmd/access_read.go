package cmd

import (
	"context"
	"errors"

	"regatta/model/access"
	"regatta/model/fault"
	"regatta/model/ref"
	"regatta/model/setting"
)

// readAccess reads both policies; of one that cannot be read the other is there.
func readAccess(ctx context.Context, from policed, r ref.Reference) access.Report {
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

// settings are how a repository is set up, or why that is not known.
type settings struct {
	setting.Repository

	err error
}

func readSettings(ctx context.Context, from policed, r ref.Reference) settings {
	var s settings
	s.Repository, s.err = from.Settings(ctx, r.Repository)
	return s
}
