package ecr

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecr"

	"regatta/registry/ecr/sdk"
	"regatta/registry/httpx"
)

// Ready waits for all that a change would have to wait for: credentials, a place
// among the requests to the API, the end of its throttling. Under the context that
// it returns, n requests are made without a wait between them, and each once: a
// throttled one comes back as an error, upon which the caller has to look again.
// End is to be called when they are made.
func (c *Client) Ready(ctx context.Context, repo string, n int) (inner context.Context, end func(), err error) {
	o := sdk.Doing("change", c.name(repo))
	api, err := c.service(ctx)
	if err != nil {
		return nil, nil, sdk.Failed(o, err)
	}
	if who := api.Options().Credentials; who != nil {
		if _, err := who.Retrieve(ctx); err != nil {
			return nil, nil, sdk.Failed(o, err)
		}
	}
	m, ok := c.o.OCI.Transport.(interface {
		Moment(ctx context.Context, host string, n int) (inner context.Context, end func(), err error)
	})
	host := apiHost(ctx, api)
	if !ok || host == "" {
		return ctx, func() {}, nil
	}
	if inner, end, err = m.Moment(ctx, host, n); err != nil {
		return nil, nil, sdk.Failed(o, err)
	}
	return inner, end, nil
}

// apiHost is where the API is reached, "" if that cannot be told.
func apiHost(ctx context.Context, api *ecr.Client) string {
	o := api.Options()
	in := ecr.EndpointParameters{
		Region: aws.String(o.Region), Endpoint: o.BaseEndpoint,
		UseFIPS:      aws.Bool(o.EndpointOptions.UseFIPSEndpoint == aws.FIPSEndpointStateEnabled),
		UseDualStack: aws.Bool(o.EndpointOptions.UseDualStackEndpoint == aws.DualStackEndpointStateEnabled),
	}
	found, err := o.EndpointResolverV2.ResolveEndpoint(ctx, in)
	if err != nil {
		return ""
	}
	return found.URI.Host
}

// once makes each request of a moment once, and at once: the client's own rate is
// not waited for either.
func once(ctx context.Context, how []func(*ecr.Options)) []func(*ecr.Options) {
	if !httpx.InMoment(ctx) {
		return how
	}
	return append(how, func(o *ecr.Options) { o.Retryer = aws.NopRetryer{} })
}
