package sdk

import (
	"errors"
	"net/http"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/ratelimit"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/aws/aws-sdk-go-v2/service/ecr"
	"github.com/aws/smithy-go"

	"regatta/model/fault"
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

// Changing retries only where the registry has said that it did nothing. After
// any other failure the change may have been made, and to make it again may undo
// what someone else did in between.
func Changing(transport http.RoundTripper) func(*ecr.Options) {
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
	if CodeOf(err) == "LimitExceededException" {
		return aws.FalseTernary
	}
	return aws.UnknownTernary
}

func throttledOnly(err error) aws.Ternary { return aws.BoolTernary(IsThrottled(err)) }

// IsThrottled reports whether AWS asks for fewer requests.
func IsThrottled(err error) bool {
	_, ok := retry.DefaultThrottleErrorCodes[CodeOf(err)]
	return ok && quota(err) != aws.FalseTernary
}

// CodeOf is the code of an error of the API, "" for other errors.
func CodeOf(err error) string {
	if e, ok := errors.AsType[smithy.APIError](err); ok {
		return e.ErrorCode()
	}
	return ""
}

// Op is what is being done to what, and for repositories of which kind of
// failure.
type Op struct{ What, Object string }

// Doing is what is being done to what.
func Doing(what, object string) Op { return Op{What: what, Object: object} }

// Failure is an error of what was being done.
func (o Op) Failure(kind fault.Kind, detail string) *fault.Error {
	return &fault.Error{Op: o.What, Object: o.Object, Kind: kind, Detail: detail}
}
