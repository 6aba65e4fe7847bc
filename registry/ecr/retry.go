package ecr

import (
	"context"
	"errors"
	"net/http"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/ratelimit"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/service/ecr"
	"github.com/aws/smithy-go"

	"regatta/model/fault"
	"regatta/registry/httpx"
)

// attempts is how often a request is made before its caller is told.
const attempts = 8

// reading retries what may pass, and asks for less as long as it is throttled
// (SDK reference, adaptive mode).
func reading(transport http.RoundTripper) aws.Retryer {
	return telling{unhurried{retry.NewAdaptiveMode(func(o *retry.AdaptiveModeOptions) {
		o.FailOnNoAttemptTokens = true
		o.StandardOptions = append(o.StandardOptions, func(s *retry.StandardOptions) {
			s.MaxAttempts, s.RateLimiter = attempts, ratelimit.None
			s.Retryables = append([]retry.IsErrorRetryable{retry.IsErrorRetryableFunc(quota)}, s.Retryables...)
		})
	})}, transport}
}

// changing retries only where the registry has said that it did nothing. After
// any other failure the change may have been made, and to make it again may undo
// what someone else did in between.
func changing(transport http.RoundTripper) func(*ecr.Options) {
	return func(o *ecr.Options) {
		o.Retryer = telling{retry.NewStandard(func(s *retry.StandardOptions) {
			s.MaxAttempts, s.RateLimiter = attempts, ratelimit.None
			s.Retryables = []retry.IsErrorRetryable{
				retry.NoRetryCanceledError{}, retry.IsErrorRetryableFunc(throttledOnly),
			}
		}), transport}
	}
}

// quota tells a limit of the account, which the SDK takes for one of the rate.
func quota(err error) aws.Ternary {
	if codeOf(err) == "LimitExceededException" {
		return aws.FalseTernary
	}
	return aws.UnknownTernary
}

func throttledOnly(err error) aws.Ternary { return aws.BoolTernary(isThrottled(err)) }

func isThrottled(err error) bool {
	_, ok := retry.DefaultThrottleErrorCodes[codeOf(err)]
	return ok && quota(err) != aws.FalseTernary
}

// codeOf is the code of an error of the API, "" for other errors.
func codeOf(err error) string {
	if e, ok := errors.AsType[smithy.APIError](err); ok {
		return e.ErrorCode()
	}
	return ""
}

// ask makes a request of the API until it is no longer throttled. Each try is
// several, further and further apart, and so are the tries.
func ask[In, Out any](ctx context.Context, c *Client, o op, call call[In, Out], in In) (Out, error) {
	return persist(ctx, c, o, call, in)
}

// change makes a request that changes something.
func change[In, Out any](ctx context.Context, c *Client, o op, call call[In, Out], in In) (Out, error) {
	return persist(ctx, c, o, call, in, changing(c.o.OCI.Transport))
}

// call is a method of the SDK's client: (*ecr.Client).DescribeImages.
type call[In, Out any] = func(*ecr.Client, context.Context, In, ...func(*ecr.Options)) (Out, error)

func persist[In, Out any](
	ctx context.Context, c *Client, o op, call call[In, Out], in In, how ...func(*ecr.Options),
) (Out, error) {
	var none Out
	api, err := c.service(ctx)
	if err != nil {
		return none, failed(o, err)
	}
	for wait := firstPause; ; wait = min(2*wait, longestPause) {
		out, err := call(api, ctx, in, once(ctx, how)...)
		if err == nil {
			return out, nil
		}
		slowed(c.o.OCI.Transport, err, wait)
		if !isThrottled(err) || httpx.InMoment(ctx) || pause(ctx, wait) != nil {
			return none, failed(o, err)
		}
	}
}

// op is what is being done to what, and for repositories of which kind of
// failure.
type op struct{ doing, object string }

func (o op) failure(kind fault.Kind, detail string) *fault.Error {
	return &fault.Error{Op: o.doing, Object: o.object, Kind: kind, Detail: detail}
}
