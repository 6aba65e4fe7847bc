package ecr_test

import (
	"maps"
	"testing"

	"regatta/model/fault"
	"regatta/model/image"
	"regatta/model/ref"
	"regatta/registry/sandbox"
)

// Where images are is told of those that are there: one that is gone hides none of the others,
// and what cannot be asked is an error and not nothing.
func TestStoragesOfWhatIsThere(t *testing.T) {
	t.Parallel()
	w := open(t, nil)
	one, two, gone := w.push("one", "v1"), w.push("two", "v2"), ref.DigestOf([]byte("gone"))
	w.sandbox.Archive("app", string(two), w.at)
	both := map[ref.Digest]image.Storage{one: image.Standard, two: image.Archived}
	for name, tt := range map[string]struct {
		asked []ref.Digest
		want  map[ref.Digest]image.Storage
	}{
		"all there":   {[]ref.Digest{one, two}, both},
		"one is gone": {[]ref.Digest{gone, one, two}, both},
		"gone alone":  {[]ref.Digest{gone}, map[ref.Digest]image.Storage{}},
	} {
		if got, err := w.Storages(t.Context(), "app", tt.asked); err != nil || !maps.Equal(got, tt.want) {
			t.Errorf("%s: %v, error %v", name, got, err)
		}
	}
	w.sandbox.Inject(sandbox.Fault{Operation: "ecr:DescribeImages", Effect: sandbox.APIError{Code: "AccessDeniedException"}})
	for _, asked := range [][]ref.Digest{{one}, {gone, one}} {
		if got, err := w.Storages(t.Context(), "app", asked); !fault.Is(err, fault.Denied) || got != nil {
			t.Errorf("%v, error %v", got, err)
		}
	}
}
