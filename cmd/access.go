package cmd

import (
	"context"
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	"regatta/model/access"
	"regatta/model/fault"
	"regatta/model/ref"
	"regatta/registry"
)

type accessOptions struct {
	target string
	output format
	pull   string
	push   string
}

func (a *app) access() *cobra.Command {
	var o accessOptions
	cmd := &cobra.Command{
		Use:   "access HOST/REPOSITORY",
		Short: "Show who may pull, push, delete and administer, as the registry's policies say",
		Long: "Show who may pull, push, delete and administer, as the policies of the repository and the registry say; or\n" +
			"print a repository policy that lets a role do one thing and no more, for aws ecr set-repository-policy.",
		Args: arguments(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.target = args[0]
			return a.withSession(func(s *session) error { return runAccess(cmd.Context(), s, a.streams, o) })
		},
	}
	formatFlag(cmd, &o.output)
	cmd.Flags().StringVar(&o.pull, "pull-policy", "", "print the policy that lets `ROLE_ARN` pull, and ask nobody")
	cmd.Flags().StringVar(&o.push, "push-policy", "", "print the policy that lets `ROLE_ARN` push, and ask nobody")
	return cmd
}

// policed is a registry whose policies can be read.
type policed interface {
	RepositoryPolicy(ctx context.Context, repo string) (string, error)
	RegistryPolicy(ctx context.Context) (string, error)
	AccessTo(repo string) access.Repository
}

func runAccess(ctx context.Context, s *session, streams Streams, o accessOptions) error {
	if o.pull != "" && o.push != "" {
		return usagef("--pull-policy and --push-policy are two policies; ask for one at a time")
	}
	r, b, err := s.openRepository(o.target)
	if err != nil {
		return err
	}
	from, err := policiesOf(b, r)
	switch {
	case err != nil:
		return err
	case o.pull != "":
		return streams.grant(access.PullPolicy(o.pull))
	case o.push != "":
		return streams.grant(access.PushPolicy(o.push))
	}
	return showAccess(ctx, from, r, streams, o.output)
}

func showAccess(ctx context.Context, from policed, r ref.Reference, streams Streams, output format) error {
	doc, failed := readAccess(ctx, from, r)
	for _, f := range failed.list {
		if len(failed.list) == policies || fault.Is(f.err, fault.NotFound) || meetsAll(f.err) {
			return f.err
		}
	}
	if err := streams.print(output, result{json: doc, text: doc.write}); err != nil {
		return err
	}
	return failed.report(streams.Err, "read", "policies", policies)
}

// policies is how many there are: the repository's and the registry's.
const policies = 2

func policiesOf(b registry.Backend, r ref.Reference) (policed, error) {
	if p, ok := b.(policed); ok {
		return p, nil
	}
	return nil, &fault.Error{
		Op: "read who may use", Object: r.Name(), Kind: fault.Unsupported,
		Detail: "only private registries of Amazon ECR have policies that can be read",
	}
}

// grant prints a policy that is ready to copy.
func (s Streams) grant(doc access.Document, err error) error {
	if err != nil {
		return usageError{err}
	}
	if _, err := fmt.Fprintln(s.Out, doc.String()); err != nil {
		return fmt.Errorf("write the policy: %w", err)
	}
	fmt.Fprintln(s.Err, "the role itself needs ecr:GetAuthorizationToken on * too, which no repository policy can grant")
	return nil
}

// readAccess reads both policies; of one that cannot be read the other is there.
func readAccess(ctx context.Context, from policed, r ref.Reference) (accessJSON, failures) {
	var failed failures
	var parsed []access.Policy
	read := func(name string, get func() (string, error)) *rawPolicy {
		written, err := get()
		if err == nil && written != "" {
			var p access.Policy
			if p, err = access.Parse(written); err == nil {
				parsed = append(parsed, p)
				return &rawPolicy{written}
			}
			err = malformed(name, r, err)
		}
		if err != nil {
			failed.add(name, err)
		}
		return nil
	}
	of := from.AccessTo(r.Repository)
	doc := accessJSON{Repository: r.Repository, Account: of.Account, Principals: []principalJSON{}}
	doc.RepositoryPolicy = read("repository policy", func() (string, error) {
		return from.RepositoryPolicy(ctx, r.Repository)
	})
	doc.RegistryPolicy = read("registry policy", func() (string, error) { return from.RegistryPolicy(ctx) })
	for _, row := range of.Table(parsed...) {
		doc.Principals = append(doc.Principals, principalDoc(row))
	}
	return doc, failed
}

func malformed(name string, r ref.Reference, err error) error {
	f := &fault.Error{Op: "read the " + name + " of", Object: r.Name(), Kind: fault.Protocol, Err: err}
	if at, ok := errors.AsType[*access.PositionError](err); ok {
		f.Detail = "it is no policy: " + at.Error()
	}
	return f
}
