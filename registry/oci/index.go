package oci

import (
	"context"
	"slices"
	"time"

	"golang.org/x/sync/errgroup"

	"regatta/model/fault"
	"regatta/model/image"
)

const childrenAtATime = 6

// child is an entry of an index with its manifest. The manifest is nil where
// the registry does not have it, though the index says so.
type child struct {
	image.Descriptor

	manifest *image.Manifest
}

func describeIndex(ctx context.Context, s source, m image.Manifest, img image.Image) (image.Image, error) {
	left := maxChildren
	children, attestations, err := readChildren(ctx, s, m, &left, maxDepth)
	if err != nil {
		return img, err
	}
	img.Attestations = attestations
	var blobs image.Sum
	for _, ch := range children {
		p := image.PlatformImage{Digest: ch.Digest, Size: -1}
		if ch.Platform != nil {
			p.Platform = *ch.Platform
		}
		if ch.manifest != nil {
			p.Size = ch.manifest.Size()
			blobs.Add(*ch.manifest)
		}
		img.Platforms = append(img.Platforms, p)
	}
	img.Size = blobs.Bytes()
	if img.Created, err = indexCreated(ctx, s, children); err == nil && img.Created.IsZero() {
		img.Created = annotated(m)
	}
	return img, err
}

// readChildren reads the manifests of an index, a few at a time, and those of
// indexes in it in their place. Attestations are counted, not read; nor is what
// exceeds the reads that are left, as an index may list thousands.
func readChildren(ctx context.Context, s source, m image.Manifest, left *int, depth int) ([]child, int, error) {
	var children []child
	attestations := 0
	for _, d := range m.Children {
		if d.IsAttestation() {
			attestations++
		} else {
			children = append(children, child{Descriptor: d})
		}
	}
	group, inner := errgroup.WithContext(ctx)
	group.SetLimit(childrenAtATime)
	n := min(len(children), *left)
	*left -= n
	for i := range children[:n] {
		ch := &children[i]
		if ch.Digest == "" {
			continue
		}
		group.Go(func() error {
			read, err := s.manifest(inner, ch.Digest)
			if err == nil {
				ch.manifest = &read
			}
			if fault.Is(err, fault.NotFound) {
				return nil
			}
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return nil, 0, err
	}
	flat, more, err := flatten(ctx, s, children, left, depth)
	return flat, attestations + more, err
}

func flatten(ctx context.Context, s source, children []child, left *int, depth int) ([]child, int, error) {
	flat := make([]child, 0, len(children))
	attestations := 0
	for _, ch := range children {
		if ch.manifest == nil || ch.manifest.Kind != image.KindIndex || depth == 1 {
			flat = append(flat, ch)
			continue
		}
		below, n, err := readChildren(ctx, s, *ch.manifest, left, depth-1)
		if err != nil {
			return nil, 0, err
		}
		flat, attestations = append(flat, below...), attestations+n
	}
	return flat, attestations, nil
}

// indexCreated is when one of the platforms was created: they are built
// together, and reading all configs would double the requests.
func indexCreated(ctx context.Context, s source, children []child) (time.Time, error) {
	runnable := func(ch child) bool { return ch.manifest != nil && ch.manifest.Kind == image.KindImage }
	preferred := func(ch child) bool {
		return runnable(ch) && ch.Platform != nil && ch.Platform.Matches(image.Platform{OS: "linux", Architecture: "amd64"})
	}
	known := func(ch child) bool { return runnable(ch) && ch.Platform != nil && ch.Platform.Known() }
	for _, good := range []func(child) bool{preferred, known, runnable} {
		i := slices.IndexFunc(children, good)
		if i < 0 {
			continue
		}
		config, err := s.config(ctx, *children[i].manifest)
		if fault.Is(err, fault.NotFound) {
			err = nil
		}
		return config.Created, err
	}
	return time.Time{}, nil
}

// annotated is the creation that the manifest itself claims (OCI image-spec,
// annotations.md).
func annotated(m image.Manifest) time.Time {
	t, err := time.Parse(time.RFC3339, m.Annotations["org.opencontainers.image.created"])
	if err != nil {
		return time.Time{}
	}
	return t.UTC()
}
