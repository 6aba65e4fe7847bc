package local_test

import (
	"context"
	"fmt"
	"io"
	"testing"

	"regatta/model/fault"
	"regatta/model/image"
	"regatta/model/ref"
	"regatta/registry/local"
)

// nested has an index in every index, each of them another.
type nested struct{ read int }

func (n *nested) Manifest(context.Context, string, string) (image.Manifest, error) {
	n.read++
	d := ref.DigestOf(fmt.Append(nil, n.read))
	return image.Manifest{
		Kind: image.KindIndex, Digest: d,
		Children: []image.Descriptor{{Digest: ref.DigestOf(fmt.Append(nil, n.read+1))}},
	}, nil
}

func (*nested) Blob(context.Context, string, image.Descriptor, int64) (io.ReadCloser, error) {
	return nil, &fault.Error{Kind: fault.NotFound}
}

// Indexes in indexes that do not end are given up.
func TestTreeHasAnEnd(t *testing.T) {
	t.Parallel()
	n := &nested{}
	tree, err := local.Tree(t.Context(), n, "a/b", "v1")
	if tree != nil || !fault.Is(err, fault.TooLarge) || n.read > 5001 {
		t.Errorf("%d manifests after %d reads, %v", len(tree), n.read, err)
	}
}

// BlobExists implements local.Content.
func (n *nested) BlobExists(context.Context, string, image.Descriptor) (bool, error) {
	return false, nil
}
