package survey_test

import (
	"context"
	"testing"

	"regatta/model/image"
	"regatta/model/ref"
	"regatta/registry/oci"
	"regatta/registry/sandbox"
	"regatta/registry/survey"
)

// stunted is a registry that has lost the end of a blob.
type stunted struct {
	*oci.Client

	blob ref.Digest
}

func (s stunted) BlobExists(ctx context.Context, repo string, d image.Descriptor) (bool, error) {
	if d.Digest == s.blob {
		return d.HasSize(1), nil
	}
	return s.Client.BlobExists(ctx, repo, d)
}

func TestABlobThatWasCutIsMissing(t *testing.T) {
	t.Parallel()
	reg, c := newClient(t)
	d := ref.Digest(reg.PushImage(repo, sandbox.Image{Layers: []string{"one", "two"}}))
	cut := ref.DigestOf([]byte("two"))
	found, err := survey.Whole(t.Context(), stunted{c, cut}, repo, d)
	must(t, err)
	if len(found.Lost) != 1 || found.Lost[0] != cut {
		t.Errorf("lost is %v, want %s", found.Lost, cut)
	}
}
