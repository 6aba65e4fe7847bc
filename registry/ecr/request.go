package ecr

import (
	"context"

	"github.com/aws/aws-sdk-go-v2/service/ecr"

	"regatta/registry/ecr/sdk"
	"regatta/registry/httpx"
)

// ask makes a request of the API until it is no longer throttled. Each try is
// several, further and further apart, and so are the tries.
func ask[In, Out any](ctx context.Context, c *Client, o sdk.Op, call call[In, Out], in In) (Out, error) {
	return persist(ctx, c, o, call, in)
}

// change makes a request that changes something.
func change[In, Out any](ctx context.Context, c *Client, o sdk.Op, call call[In, Out], in In) (Out, error) {
	return persist(ctx, c, o, call, in, sdk.Changing(c.o.OCI.Transport))
}

// call is a method of the SDK's client: (*ecr.Client).DescribeImages.
type call[In, Out any] = func(*ecr.Client, context.Context, In, ...func(*ecr.Options)) (Out, error)

func persist[In, Out any](
	ctx context.Context, c *Client, o sdk.Op, call call[In, Out], in In, how ...func(*ecr.Options),
) (Out, error) {
	var none Out
	api, err := c.service(ctx)
	if err != nil {
		return none, sdk.Failed(o, err)
	}
	for wait := sdk.FirstPause; ; wait = min(2*wait, sdk.LongestPause) {
		out, err := call(api, ctx, in, once(ctx, how)...)
		if err == nil {
			return out, nil
		}
		sdk.Slowed(c.o.OCI.Transport, err, wait)
		if !sdk.IsThrottled(err) || httpx.InMoment(ctx) || sdk.Pause(ctx, wait) != nil {
			return none, sdk.Failed(o, err)
		}
	}
}
