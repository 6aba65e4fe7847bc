package survey

import (
	"context"
	"errors"
	"time"
)

// lateError ends the time for which a registry is asked for a plan: a rate that the
// config or the registry sets would make half an hour of it.
type lateError struct{ after time.Duration }

func (e lateError) Error() string { return e.after.String() + " is the limit" }

// within is ctx for a time. What is not known by then is unknown, and no error.
func within(ctx context.Context, d time.Duration) (context.Context, context.CancelFunc) {
	return context.WithTimeoutCause(ctx, d, lateError{d})
}

// late is why no more is asked for, where the time for it is over; else it is empty.
func late(ctx context.Context) string {
	over := lateError{}
	if errors.As(context.Cause(ctx), &over) {
		return over.Error()
	}
	return ""
}

// ended is the error of a context that has ended otherwise than by its time.
func ended(ctx context.Context) error {
	if late(ctx) != "" {
		return nil
	}
	return ctx.Err()
}
