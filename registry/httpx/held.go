package httpx

import "context"

type heldKey struct{}

// Held has every request under the context that it returns wait for hold before
// it is made, whoever makes it; its error is the request's. Requests of a Moment
// do not wait.
func Held(ctx context.Context, hold func(context.Context) error) context.Context {
	return context.WithValue(ctx, heldKey{}, hold)
}

func held(ctx context.Context) error {
	if hold, ok := ctx.Value(heldKey{}).(func(context.Context) error); ok {
		return hold(ctx)
	}
	return nil
}
