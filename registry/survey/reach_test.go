package survey_test

import (
	"context"
	"errors"
	"io"
	"strings"
	"sync/atomic"
	"testing"

	"regatta/model/fault"
	"regatta/model/image"
	"regatta/model/plan"
	"regatta/model/ref"
	"regatta/registry/ability"
	"regatta/registry/survey"
)

// endless is a repository with one image, of which something leads ever on.
type endless struct {
	survey.Registry

	describe func(d ref.Digest) ([]image.Descriptor, error)
	list     func(d ref.Digest) []image.Descriptor
	reads    atomic.Int64
}

func (*endless) Abilities() ability.Set { return ability.Set{} }

func (*endless) Host() string { return "registry.example" }

func (*endless) ProbeDelete(context.Context, string) (plan.Capabilities, error) {
	return plan.Capabilities{ManifestDelete: plan.Yes, TagDelete: plan.Yes, TaggedDelete: plan.Yes}, nil
}

func (*endless) Images(context.Context, string, string) (image.Page, error) {
	return image.Page{Images: []image.Image{{Tags: []string{"v1"}}}}, nil
}

func (*endless) Resolve(_ context.Context, _, reference string) (image.Descriptor, error) {
	if d, err := ref.ParseDigest(reference); err == nil {
		return image.Descriptor{Digest: d}, nil
	}
	return image.Descriptor{Digest: ref.DigestOf([]byte(reference))}, nil
}

func (e *endless) Manifest(_ context.Context, _, reference string) (image.Manifest, error) {
	e.reads.Add(1)
	d, err := ref.ParseDigest(reference)
	m := image.Manifest{Digest: d, Kind: image.KindImage, MediaType: image.MediaTypeOCIManifest, Raw: []byte("{}")}
	if e.list != nil {
		m.Kind, m.MediaType, m.Children = image.KindIndex, image.MediaTypeOCIIndex, e.list(d)
	}
	return m, err
}

func (e *endless) Subjects(_ context.Context, _ string, d ref.Digest) ([]image.Descriptor, error) {
	if e.describe == nil {
		return nil, nil
	}
	return e.describe(d)
}

// others are n manifests that follow from d alone.
func others(d ref.Digest, n int) []image.Descriptor {
	out := make([]image.Descriptor, n)
	for i := range out {
		out[i].Digest = ref.DigestOf([]byte(string(d) + string(rune('a'+i%26)) + strings.Repeat("x", i/26)))
	}
	return out
}

// What cannot be read to its end refuses a delete, and says which limit was met.
func TestWhatDescribesWithoutEndRefusesADelete(t *testing.T) {
	t.Parallel()
	tooMany := &fault.Error{Op: "list referrers of", Kind: fault.TooLarge, Detail: "there are more than 2,000"}
	for name, tt := range map[string]struct {
		describe func(ref.Digest) ([]image.Descriptor, error)
		reads    int64
		limit    string
	}{
		"a list":  {func(ref.Digest) ([]image.Descriptor, error) { return nil, tooMany }, 1, "more than 2,000"},
		"a chain": {func(d ref.Digest) ([]image.Descriptor, error) { return others(d, 1), nil }, 16, "16 levels deep"},
		"a tree":  {func(d ref.Digest) ([]image.Descriptor, error) { return others(d, 40), nil }, 20_101, "more than 20,100 manifests"},
	} {
		e := &endless{describe: tt.describe}
		v, err := survey.View(t.Context(), e, repo, survey.Options{Referrers: true})
		must(t, err)
		_, err = plan.ToDelete(v, plan.Selection{Tags: []string{"v1"}, WithTags: true}, plan.Options{})
		if !fault.Is(err, fault.TooLarge) || !strings.Contains(err.Error(), tt.limit) || e.reads.Load() > tt.reads {
			t.Errorf("%s: %d read, %v", name, e.reads.Load(), err)
		}
	}
}

// Indexes in indexes without an end are not read for ever either; what was not read
// is a gap.
func TestIndexesWithoutEnd(t *testing.T) {
	t.Parallel()
	for n, limit := range map[int]string{1: "16 levels deep", 150: "more than 20,100 manifests"} {
		e := &endless{}
		e.list = func(d ref.Digest) []image.Descriptor {
			if e.reads.Load() > int64(n+1) && n > 1 {
				return nil // as wide as that, it need not go on
			}
			return others(d, n)
		}
		v, err := survey.View(t.Context(), e, repo, survey.Options{})
		must(t, err)
		gaps := v.Graph.Gaps()
		if len(gaps) == 0 || !strings.Contains(gaps[0].Reason, limit) || e.reads.Load() > 20_101 {
			t.Errorf("%d each: %d read, %d gaps", n, e.reads.Load(), len(gaps))
		}
	}
}

// What is not known to describe an image, for another reason, is a gap, and a risk that
// is typed.
func TestWhatDescribesIsNotKnown(t *testing.T) {
	t.Parallel()
	e := &endless{describe: func(ref.Digest) ([]image.Descriptor, error) {
		return nil, &fault.Error{Op: "list referrers of", Object: "v1", Kind: fault.Unavailable}
	}}
	v, err := survey.View(t.Context(), e, repo, survey.Options{Referrers: true})
	must(t, err)
	p, err := plan.ToDelete(v, plan.Selection{Tags: []string{"v1"}, WithTags: true}, plan.Options{})
	must(t, err)
	for _, r := range p.Risks {
		if r.Kind == plan.Incomplete && r.Typed && strings.Contains(r.Reason, "what describes it is not known") {
			return
		}
	}
	t.Errorf("%+v", p.Risks)
}

// What describes what describes an image is not copied for ever.
func TestReferrersWithoutEndAreNotCopied(t *testing.T) {
	t.Parallel()
	e := &endless{describe: func(d ref.Digest) ([]image.Descriptor, error) { return others(d, 1), nil }}
	at := ref.Reference{Host: "registry.example", Repository: repo, Tag: "v1"}
	at.Digest = ref.DigestOf([]byte("v1"))
	_, err := survey.Trees(t.Context(), e, []plan.Move{{From: at, To: at}}, true)
	if !fault.Is(err, fault.TooLarge) || !strings.Contains(err.Error(), "more than 2,000 referrers") {
		t.Error(err)
	}
}

func (e *endless) Referrers(ctx context.Context, of string, d ref.Digest) ([]image.Descriptor, error) {
	return e.Subjects(ctx, of, d)
}

func (*endless) Blob(context.Context, string, image.Descriptor, int64) (io.ReadCloser, error) {
	return nil, errors.ErrUnsupported
}

func (*endless) BlobExists(context.Context, string, image.Descriptor) (bool, error) { return true, nil }
