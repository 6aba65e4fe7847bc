package local

import (
	"context"
	"strings"

	"regatta/model/fault"
	"regatta/model/image"
)

// Manifests implements Place. A name is a ref.name annotation or a digest.
func (l *layout) Manifests(ctx context.Context, name string) ([]image.Manifest, error) {
	entries, err := l.entries()
	if fault.Is(err, fault.NotFound) {
		return nil, failure("read", l.dir, fault.NotFound, "there is no OCI image layout")
	}
	if err != nil {
		return nil, err
	}
	d, err := l.pick(entries, name)
	if err != nil {
		return nil, err
	}
	return Tree(ctx, here{l}, "", string(d.Digest))
}

func (l *layout) pick(entries []image.Descriptor, name string) (image.Descriptor, error) {
	var names []string
	for _, d := range entries {
		called := d.Annotations[image.RefNameAnnotation]
		if name != "" && (name == called || name == string(d.Digest)) {
			return d, nil
		}
		if called == "" {
			called = d.Digest.Short()
		}
		names = append(names, called)
	}
	switch {
	case len(entries) == 1 && name == "":
		return entries[0], nil
	case len(entries) == 0:
		return image.Descriptor{}, failure("read", l.dir, fault.NotFound, "the layout names no image")
	case name == "":
		return image.Descriptor{}, failure("read", l.dir, fault.Invalid,
			"it has several images, say which with --image: "+strings.Join(names, ", "))
	}
	return image.Descriptor{}, failure("read", l.dir, fault.NotFound,
		"it has no image "+name+", but "+strings.Join(names, ", "))
}
