package layer_test

import (
	"slices"
	"strings"
	"testing"

	"regatta/model/fault"
	"regatta/model/ref"
)

// A layer that was cut between two files is a sound tar: only the config of its image
// tells. A list that was kept of it is as little worth to an image that means another.
func TestTheConfigTellsWhatALayerExpandsTo(t *testing.T) {
	t.Parallel()
	whole := archive(t, reg("a", "1"), reg("b", "2"))
	const member = 1024 // a header and a block
	s := newShelf()
	cut := s.put(gz(t, whole[:member]))
	r := s.reader()
	r.Lists = s
	for range 2 { // the second time from the list that was kept
		list, err := r.List(t.Context(), cut, nil)
		if err != nil || !slices.Equal(paths(list), []string{"a"}) {
			t.Fatalf("nobody says what it was made with: %v, %v", paths(list), err)
		}
	}
	if len(s.lists) != 1 {
		t.Fatal("no list was kept")
	}

	r.DiffIDs = map[ref.Digest]ref.Digest{cut.Digest: ref.DigestOf(whole)}
	list, err := r.List(t.Context(), cut, nil)
	if !fault.Is(err, fault.Corrupt) || !strings.Contains(err.Error(), "diff_ids") || list != nil {
		t.Fatalf("the config speaks of more: %v, %v", paths(list), err)
	}

	right := s.put(gz(t, whole))
	r.DiffIDs = map[ref.Digest]ref.Digest{right.Digest: ref.DigestOf(whole)}
	for range 2 {
		s.bytes = 0
		list, err = r.List(t.Context(), right, nil)
		if err != nil || len(list) != 2 {
			t.Fatalf("it is as the config says: %v, %v", paths(list), err)
		}
	}
	if s.bytes > 0 {
		t.Errorf("%d bytes were read again of a list that was kept", s.bytes)
	}
}
