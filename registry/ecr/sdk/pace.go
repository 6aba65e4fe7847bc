package sdk

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	smithyhttp "github.com/aws/smithy-go/transport/http"
)

// turn is how often it is looked whether the rate allows another request.
const turn = 20 * time.Millisecond

// unhurried waits for its turn by itself. The SDK sleeps as long as is missing to
// a whole token, rounded down: less than a nanosecond is no sleep at all, and it
// asks again and again without a pause.
type unhurried struct{ *retry.AdaptiveMode }

// GetAttemptToken waits until the rate allows a request or ctx ends.
func (u unhurried) GetAttemptToken(ctx context.Context) (func(error) error, error) {
	for {
		release, err := u.AdaptiveMode.GetAttemptToken(ctx)
		if err == nil {
			return release, nil
		}
		if err := Pause(ctx, turn); err != nil {
			return nil, err
		}
	}
}

// telling lets the transport show for how long a throttled host is left alone.
type telling struct {
	aws.RetryerV2

	transport http.RoundTripper
}

// RetryDelay is the pause before the next attempt.
func (t telling) RetryDelay(attempt int, err error) (time.Duration, error) {
	d, failed := t.RetryerV2.RetryDelay(attempt, err)
	if failed == nil {
		Slowed(t.transport, err, d)
	}
	return d, failed
}

// Slowed tells the transport of a pause that err is the reason of, if that is
// throttling.
func Slowed(transport http.RoundTripper, err error, d time.Duration) {
	shows, ok := transport.(interface {
		Slowed(host string, d time.Duration)
	})
	if !ok || !IsThrottled(err) {
		return
	}
	if e, ok := errors.AsType[*smithyhttp.ResponseError](err); ok && e.Response != nil && e.Response.Request != nil {
		shows.Slowed(e.Response.Request.URL.Host, d)
	}
}

// The pauses between tries that were throttled to the last attempt, from the
// first to the longest: the SDK pauses only between the attempts of one.
const (
	FirstPause   = time.Second
	LongestPause = 20 * time.Second
)

// Pause waits, unless ctx ends before.
func Pause(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
