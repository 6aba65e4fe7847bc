package sdk_test

import (
	"context"
	"errors"
	"testing"

	"regatta/registry/ecr/sdk"

	"regatta/model/fault"
)

// book is a list of so many pages; a negative number never ends.
type book struct{ pages, read int }

// HasMorePages implements sdk.Pager.
func (b *book) HasMorePages() bool { return b.read != b.pages }

// NextPage implements sdk.Pager.
func (b *book) NextPage(context.Context, ...func(*struct{})) (*int, error) {
	b.read++
	return &b.read, nil
}

func TestEachPageEnds(t *testing.T) {
	t.Parallel()
	seen := 0
	count := func(*int) error { seen++; return nil }
	if err := sdk.EachPage(t.Context(), &book{pages: 3}, count); err != nil || seen != 3 {
		t.Errorf("%d pages of 3: %v", seen, err)
	}
	endless := &book{pages: -1}
	if err := sdk.EachPage(t.Context(), endless, count); !fault.Is(err, fault.TooLarge) {
		t.Errorf("an endless list ends with %v after %d pages", err, endless.read)
	}
	broke := errors.New("broke")
	if err := sdk.EachPage(t.Context(), &book{pages: 3}, func(*int) error { return broke }); !errors.Is(err, broke) {
		t.Errorf("an error of whoever reads becomes %v", err)
	}
}
