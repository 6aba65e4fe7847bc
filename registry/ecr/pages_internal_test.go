package ecr

import (
	"errors"
	"strconv"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"

	"regatta/model/fault"
	"regatta/registry/ecr/sdk"
	"regatta/registry/listing"
)

// Pages are read to the last one, each with the token of the one before; an error
// ends them, and so does a list without an end.
func TestPages(t *testing.T) {
	t.Parallel()
	broke := errors.New("broke")
	for name, tt := range map[string]struct {
		next  map[string]string
		fails error
		read  int
		kind  fault.Kind
	}{
		"one":        {nil, nil, 1, fault.Unknown},
		"three":      {map[string]string{"": "a", "a": "b"}, nil, 3, fault.Unknown},
		"in circles": {map[string]string{"": "a", "a": "a"}, nil, 2, fault.Protocol},
		"fails":      {map[string]string{"": "a"}, broke, 1, fault.Unknown},
	} {
		read := 0
		err := sdk.Doing("list", "things").Pages(func(token *string) (*string, error) {
			if read++; read > 10 {
				t.Fatalf("%s: it goes on for ever", name)
			}
			return aws.String(tt.next[aws.ToString(token)]), tt.fails
		})
		if read != tt.read || tt.fails != nil && !errors.Is(err, tt.fails) || tt.fails == nil && fault.Is(err, fault.Protocol) != (tt.kind == fault.Protocol) {
			t.Errorf("%s: %d pages, %v", name, read, err)
		}
	}
}

// A list whose pages all differ and that does not end is given up.
func TestEndlessPages(t *testing.T) {
	t.Parallel()
	read := 0
	err := sdk.Doing("list", "things").Pages(func(*string) (*string, error) {
		read++
		return aws.String(strconv.Itoa(read)), nil
	})
	if read != sdk.MaxPages || !fault.Is(err, fault.TooLarge) {
		t.Errorf("%d pages, %v", read, err)
	}
}

// A list that is read page by page from outside ends as well.
func TestCursors(t *testing.T) {
	t.Parallel()
	o := sdk.Doing("list", "things")
	newNames := func(page int) []string { return []string{strconv.Itoa(page)} }
	names := newNames
	walk := func(token func(page int) string) (pages int, err error) {
		next := ""
		seen := listing.NewNames()
		for pages = 1; ; pages++ {
			at := cursorOf(next)
			if next, err = at.next(o, seen, names(pages), aws.String(token(pages))); err != nil || next == "" {
				return pages, err
			}
			if got := cursorOf(next); *got.token != token(pages) || got.page != pages+1 {
				t.Fatalf("after page %d comes %+v", pages, got)
			}
		}
	}
	three := func(page int) string { return map[int]string{1: "a b", 2: "c"}[page] }
	if pages, err := walk(three); pages != 3 || err != nil {
		t.Errorf("%d pages, %v", pages, err)
	}
	if pages, err := walk(func(int) string { return "a" }); pages != 2 || !fault.Is(err, fault.Protocol) {
		t.Errorf("in circles: %d pages, %v", pages, err)
	}
	if pages, err := walk(strconv.Itoa); pages != sdk.MaxPages || !fault.Is(err, fault.TooLarge) {
		t.Errorf("without an end: %d pages, %v", pages, err)
	}
	names = func(page int) []string { return newNames(page % 3) }
	if pages, err := walk(strconv.Itoa); pages != 5 || !fault.Is(err, fault.TooLarge) {
		t.Errorf("the same over and over: %d pages, %v", pages, err)
	}
	names = func(int) []string { return nil }
	if pages, err := walk(strconv.Itoa); pages != sdk.MaxPages || !fault.Is(err, fault.TooLarge) {
		t.Errorf("nothing at all: %d pages, %v", pages, err)
	}
}
