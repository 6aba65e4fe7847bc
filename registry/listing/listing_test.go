package listing_test

import (
	"strconv"
	"testing"

	"regatta/registry/listing"
)

func TestFresh(t *testing.T) {
	t.Parallel()
	n := listing.NewNames()
	of := listing.Reading{ID: listing.NewID(), List: "tags"}
	for _, tt := range []struct {
		page  int
		names []string
		want  bool
	}{
		{1, []string{"a", "b"}, true},
		{1, []string{"a", "b"}, true}, // read again
		{2, []string{"b", "a"}, false},
		{3, []string{"b", "c"}, true},
		{3, []string{"b", "c"}, true},
		{4, []string{"c"}, false},
		{4, nil, false},
	} {
		if got := n.Fresh(of, tt.page, tt.names); got != tt.want {
			t.Errorf("page %d, %v: %v", tt.page, tt.names, got)
		}
	}
	if other := (listing.Reading{ID: of.ID, List: "catalog"}); !n.Fresh(other, 5, []string{"a"}) {
		t.Error("another list has the same names")
	}
	n.End(of)
	if !n.Fresh(of, 5, []string{"a"}) {
		t.Error("what came to its end is remembered")
	}
}

// Of lists that are read at the same time, more than are remembered, the oldest is
// forgotten, and only that.
func TestReadingsAreForgotten(t *testing.T) {
	t.Parallel()
	n := listing.NewNames()
	at := func(i int) listing.Reading { return listing.Reading{ID: 1, List: strconv.Itoa(i)} }
	for i := range 17 {
		n.Fresh(at(i), 1, []string{"a"})
	}
	if n.Fresh(at(16), 2, []string{"a"}) || n.Fresh(at(1), 2, []string{"a"}) || !n.Fresh(at(0), 2, []string{"a"}) {
		t.Error("not the oldest is forgotten")
	}
}
