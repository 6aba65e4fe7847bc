package ecr

import (
	"context"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecr"
	"github.com/aws/aws-sdk-go-v2/service/ecr/types"

	"regatta/model/fault"
	"regatta/model/image"
	"regatta/model/ref"
	"regatta/model/setting"
	"regatta/registry/ecr/sdk"
)

// Settings are how a repository is set up. Parts that may not be read are
// missing; only a repository that cannot be described at all is an error.
func (c *Client) Settings(ctx context.Context, repo string) (setting.Repository, error) {
	r, err := c.described(ctx, repo)
	if err != nil {
		return setting.Repository{}, err
	}
	out := setting.Repository{Created: instant(r.CreatedAt), Mutability: mutabilityOf(r)}
	if s := r.ImageScanningConfiguration; s != nil {
		out.ScanOnPush = s.ScanOnPush
	}
	if e := r.EncryptionConfiguration; e != nil {
		out.Encryption = setting.Encryption{Type: sdk.Clean(string(e.EncryptionType)), Key: sdk.Clean(aws.ToString(e.KmsKey))}
	}
	if out.Replicas, err = c.replicas(ctx, repo); err != nil {
		out.Missing = append(out.Missing, err)
	}
	if out.Upstream, err = c.upstream(ctx, repo); err != nil {
		out.Missing = append(out.Missing, err)
	}
	return out, nil
}

// described is the repository as the API describes it.
func (c *Client) described(ctx context.Context, repo string) (types.Repository, error) {
	o := sdk.Doing("describe", c.name(repo))
	out, err := ask(ctx, c, o, (*ecr.Client).DescribeRepositories,
		&ecr.DescribeRepositoriesInput{RegistryId: c.registry(), RepositoryNames: []string{repo}})
	switch {
	case err != nil:
		return types.Repository{}, err
	case len(out.Repositories) != 1:
		return types.Repository{}, o.Failure(fault.Protocol, "another number of repositories than asked for")
	}
	return out.Repositories[0], nil
}

func mutabilityOf(r types.Repository) image.Mutability {
	m := image.Mutability{
		Immutable: r.ImageTagMutability == types.ImageTagMutabilityImmutable ||
			r.ImageTagMutability == types.ImageTagMutabilityImmutableWithExclusion,
	}
	for _, f := range r.ImageTagMutabilityExclusionFilters {
		m.Except = append(m.Except, sdk.Clean(aws.ToString(f.Filter)))
	}
	return m
}

// replicas are where the rules of the registry replicate a repository to (API
// reference, DescribeRegistry). They are those of the account that asks.
func (c *Client) replicas(ctx context.Context, repo string) ([]setting.Place, error) {
	o := sdk.Doing("read the replication rules of", c.Host())
	out, err := ask(ctx, c, o, (*ecr.Client).DescribeRegistry, &ecr.DescribeRegistryInput{})
	switch {
	case err != nil:
		return nil, err
	case out.RegistryId != nil && *out.RegistryId != c.host.Account:
		return nil, o.Failure(fault.Unsupported, "they belong to another account than who asks")
	case out.ReplicationConfiguration == nil:
		return nil, nil
	}
	var places []setting.Place
	for _, rule := range out.ReplicationConfiguration.Rules {
		if !replicates(rule, repo) {
			continue
		}
		for _, d := range rule.Destinations {
			places = append(places, place(d.Region, d.RegistryId))
		}
	}
	return places, nil
}

func place(region, account *string) setting.Place {
	return setting.Place{Region: sdk.Clean(aws.ToString(region)), Account: sdk.Clean(aws.ToString(account))}
}

// replicates tells whether a rule is for a repository: one without filters is
// for all.
func replicates(rule types.ReplicationRule, repo string) bool {
	for _, f := range rule.RepositoryFilters {
		if f.FilterType == types.RepositoryFilterTypePrefixMatch && strings.HasPrefix(repo, aws.ToString(f.Filter)) {
			return true
		}
	}
	return len(rule.RepositoryFilters) == 0
}

// anyPrefix is the prefix of the rule for repositories that no other rule is for
// (API reference, CreatePullThroughCacheRule).
const anyPrefix = "ROOT"

// upstream is the registry that a repository caches, by the longest prefix that
// fits.
func (c *Client) upstream(ctx context.Context, repo string) (*setting.Upstream, error) {
	o := sdk.Doing("read the pull through cache rules of", c.Host())
	in := &ecr.DescribePullThroughCacheRulesInput{RegistryId: c.registry(), MaxResults: aws.Int32(pageSize)}
	var best *setting.Upstream
	err := o.Pages(func(token *string) (*string, error) {
		in.NextToken = token
		out, err := ask(ctx, c, o, (*ecr.Client).DescribePullThroughCacheRules, in)
		if err != nil {
			return nil, err
		}
		for _, rule := range out.PullThroughCacheRules {
			prefix := aws.ToString(rule.EcrRepositoryPrefix)
			fits := prefix == anyPrefix || strings.HasPrefix(repo, prefix+"/")
			if fits && (best == nil || best.Prefix == anyPrefix || prefix != anyPrefix && len(prefix) > len(best.Prefix)) {
				best = &setting.Upstream{Prefix: sdk.Clean(prefix), Host: sdk.Clean(aws.ToString(rule.UpstreamRegistryUrl))}
			}
		}
		return out.NextToken, nil
	})
	return best, err
}

// Replication is how the replication of an image went (API reference,
// DescribeImageReplicationStatus); nothing where no rule replicates it.
func (c *Client) Replication(ctx context.Context, repo string, d ref.Digest) ([]setting.Copy, error) {
	o := sdk.Doing("read the replication status of", c.name(repo)+"@"+string(d))
	out, err := ask(ctx, c, o, (*ecr.Client).DescribeImageReplicationStatus, &ecr.DescribeImageReplicationStatusInput{
		RegistryId: c.registry(), RepositoryName: &repo, ImageId: &types.ImageIdentifier{ImageDigest: aws.String(string(d))},
	})
	if err != nil {
		return nil, err
	}
	copies := make([]setting.Copy, 0, len(out.ReplicationStatuses))
	for _, s := range out.ReplicationStatuses {
		copies = append(copies, setting.Copy{
			Place: place(s.Region, s.RegistryId), Status: sdk.Clean(string(s.Status)),
			Failure: sdk.Clean(aws.ToString(s.FailureCode)),
		})
	}
	return copies, nil
}
