package ecr

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecr"

	"regatta/registry/ecr/sdk"
)

// service is the SDK's client, made when first needed. A configuration that
// cannot be read is read again the next time.
func (c *Client) service(ctx context.Context) (*ecr.Client, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.api != nil {
		return c.api, nil
	}
	found, err := c.o.Config.For(ctx, c.host.Region, c.o.Profile, c.o.OCI.Transport)
	if err != nil {
		return nil, err
	}
	c.api = ecr.NewFromConfig(found, c.endpoint)
	return c.api, nil
}

// endpoint chooses as the host's name asks. An endpoint that the configuration
// names is used as it is: the SDK takes no variants of it.
func (c *Client) endpoint(o *ecr.Options) {
	if o.BaseEndpoint != nil {
		return
	}
	if c.host.FIPS {
		o.EndpointOptions.UseFIPSEndpoint = aws.FIPSEndpointStateEnabled
	}
	if c.host.DualStack {
		o.EndpointOptions.UseDualStackEndpoint = aws.DualStackEndpointStateEnabled
	}
}

// Caller is who the client's credentials belong to.
func (c *Client) Caller(ctx context.Context) (sdk.Caller, error) {
	return sdk.AskCaller(ctx, c.o.Config, c.o.OCI.Transport, c.host.Region, c.o.Profile)
}
