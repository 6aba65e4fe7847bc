package app

import (
	"context"
	"slices"

	"golang.org/x/sync/errgroup"

	"regatta/model/fault"
)

// atATime is how many repositories or images are read at once; the transport
// bounds what reaches one host.
const atATime = 16

// Each runs do for every item, a few at a time. The first error ends it.
func Each[T any](ctx context.Context, items []T, do func(context.Context, T) error) error {
	group, inner := errgroup.WithContext(ctx)
	group.SetLimit(atATime)
	for _, item := range items {
		if inner.Err() != nil {
			break
		}
		group.Go(func() error { return do(inner, item) })
	}
	return group.Wait()
}

// MeetsAll tells a failure of the registry, or of the way to it, from one of an item:
// it would meet all the others too.
func MeetsAll(err error) bool {
	return err != nil && slices.Contains([]fault.Kind{
		fault.Auth, fault.RateLimited, fault.Unresolved, fault.TLS, fault.Cancelled,
	}, fault.KindOf(err))
}

// Indexes are the places of items: what is read of each goes to its own.
func Indexes[T any](items []T) []int {
	out := make([]int, len(items))
	for i := range out {
		out[i] = i
	}
	return out
}
