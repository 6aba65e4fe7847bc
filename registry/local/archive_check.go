package local

import (
	"context"
	"io"
	"regexp"
	"strconv"

	"github.com/google/go-containerregistry/pkg/name"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/tarball"

	"regatta/model/fault"
	"regatta/model/redact"
	"regatta/model/ref"
	"regatta/registry/plain"
)

// entryOf is what the archive's own list says of the image with a tag, of the only one
// without.
func entryOf(path string, tag *name.Tag) (tarball.Descriptor, bool) {
	list, err := tarball.LoadManifest(func() (io.ReadCloser, error) { return plain.Open(path) })
	if err != nil {
		return tarball.Descriptor{}, false
	}
	for _, entry := range list {
		if tag == nil {
			return entry, true
		}
		for _, called := range entry.RepoTags {
			if t, err := name.NewTag(called); err == nil && t.Name() == tag.Name() {
				return entry, true
			}
		}
	}
	return tarball.Descriptor{}, false
}

// namedBySum are the names of files that say what is in them. Those of other layers,
// "layer.tar" in a directory and the like, are made up.
var namedBySum = regexp.MustCompile(`^(?:\./)?(?:blobs/sha256/([0-9a-f]{64})|([0-9a-f]{64})\.(?:json|tar\.gz))$`)

func sumInName(file string) ref.Digest {
	m := namedBySum.FindStringSubmatch(file)
	if m == nil {
		return ""
	}
	return ref.Digest("sha256:" + m[1] + m[2])
}

// checkConfig compares the config with the name of its file: nothing else of an archive
// says what it should be.
func checkConfig(path string, entry tarball.Descriptor, img v1.Image) error {
	raw, err := img.RawConfigFile()
	if err != nil {
		return notArchive(path, err)
	}
	if want := sumInName(entry.Config); want != "" && want != ref.DigestOf(raw) {
		return damaged(path, "the config", want, ref.DigestOf(raw))
	}
	return nil
}

// checkLayers compares every layer with what the config says of it, and with the name of
// its file.
func (t *tarred) checkLayers(ctx context.Context, entry tarball.Descriptor) error {
	config, err := t.image.ConfigFile()
	if err != nil {
		return notArchive(t.path, err)
	}
	want := config.RootFS.DiffIDs
	if len(want) != len(entry.Layers) || len(want) != len(t.manifest.Layers) {
		return failure("read", t.path, fault.Corrupt, "it lists "+strconv.Itoa(len(entry.Layers))+
			" layers, and its config "+strconv.Itoa(len(want)))
	}
	known := map[ref.Digest]ref.Digest{}
	for i, d := range t.manifest.Layers {
		if d.IsForeign() {
			continue // it need not be in the archive
		}
		sum, ok := known[d.Digest]
		if !ok {
			if sum, err = t.expanded(ctx, i, d.Digest); err != nil {
				return err
			}
			known[d.Digest] = sum
		}
		what := "layer " + strconv.Itoa(i+1) + " (" + d.Digest.Short() + ")"
		if w := ref.Digest(want[i].String()); sum != w {
			return damaged(t.path, what, w, sum)
		}
		if w := sumInName(entry.Layers[i]); w != "" && w != sum && w != d.Digest {
			return damaged(t.path, what, w, d.Digest)
		}
	}
	return nil
}

// expanded is the digest of a layer's content as it is unpacked.
func (t *tarred) expanded(ctx context.Context, i int, d ref.Digest) (ref.Digest, error) {
	unreadable := func(err error) error {
		if ctx.Err() != nil {
			return failed("read", t.path, ctx.Err())
		}
		return failure("read", t.path, fault.Corrupt,
			"layer "+strconv.Itoa(i+1)+" ("+d.Short()+") cannot be unpacked: "+redact.Line(err.Error()))
	}
	h, err := v1.NewHash(string(d))
	if err != nil {
		return "", unreadable(err)
	}
	layer, err := t.image.LayerByDigest(h)
	if err != nil {
		return "", unreadable(err)
	}
	body, err := layer.Uncompressed()
	if err != nil {
		return "", unreadable(err)
	}
	defer func() { _ = body.Close() }() // it was only read
	sum, err := digestOf("sha256:", &heeding{Reader: body, ctx: ctx})
	if err != nil {
		return "", unreadable(err)
	}
	return sum, nil
}

// heeding ends reading with its context.
type heeding struct {
	io.Reader

	ctx context.Context //nolint:containedctx // of one reading
}

// Read implements io.Reader.
func (h *heeding) Read(p []byte) (int, error) {
	if err := h.ctx.Err(); err != nil {
		return 0, err
	}
	return h.Reader.Read(p)
}

func damaged(path, what string, want, got ref.Digest) error {
	return failure("read", path, fault.Corrupt, what+" is damaged: it should be "+want.Short()+", and is "+got.Short())
}
