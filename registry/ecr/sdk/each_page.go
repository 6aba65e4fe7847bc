package sdk

import (
	"context"

	"regatta/model/fault"
	"regatta/model/text"
)

// Pager is a paginator of the SDK: P is its page, O what its service takes as options.
type Pager[P, O any] interface {
	HasMorePages() bool
	NextPage(ctx context.Context, options ...func(*O)) (*P, error)
}

// EachPage has do see page after page, up to the last one or an error. A list that does
// not end by itself is one, of kind TooLarge: the SDK goes on for as long as it is given
// a token.
func EachPage[P, O any](ctx context.Context, pages Pager[P, O], do func(*P) error) error {
	for n := 0; pages.HasMorePages(); n++ {
		if n == MaxPages {
			return &fault.Error{
				Kind: fault.TooLarge, Detail: "the list is cut: it goes on after " + text.Plural(n, "page", "pages"),
			}
		}
		page, err := pages.NextPage(ctx)
		if err != nil {
			return err
		}
		if err := do(page); err != nil {
			return err
		}
	}
	return nil
}
