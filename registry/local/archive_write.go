package local

import (
	"archive/tar"
	"context"
	"encoding/json"
	"errors"
	"io"
	"strings"

	"regatta/model/image"
	"regatta/model/ref"
)

// wireImage is an entry of manifest.json, in the words of docker save.
type wireImage struct {
	Config   string
	RepoTags []string
	Layers   []string
}

// writeArchive streams an image as docker save does; docker load takes layers
// that are compressed, so they stay as they are.
func writeArchive(
	ctx context.Context, to io.Writer, from Content, what ref.Reference, m image.Manifest, reached func(int64),
) error {
	w := &archiveWriter{tar: tar.NewWriter(to), from: from, repo: what.Repository, through: &through{reached: reached}}
	entry := wireImage{Config: sumName(m.Config.Digest) + ".json", RepoTags: []string{}, Layers: []string{}}
	if what.Tag != "" {
		what.Digest = ""
		entry.RepoTags = append(entry.RepoTags, what.String())
	}
	for _, d := range m.Layers {
		entry.Layers = append(entry.Layers, sumName(d.Digest)+".tar.gz")
	}
	for _, d := range m.Blobs() {
		name := sumName(d.Digest) + ".tar.gz"
		if d.Digest == m.Config.Digest {
			name = entry.Config
		}
		if err := w.blob(ctx, name, d); err != nil {
			return err
		}
	}
	raw, err := json.Marshal([]wireImage{entry})
	if err == nil {
		err = w.file("manifest.json", raw)
	}
	return errors.Join(err, w.tar.Close())
}

func sumName(d ref.Digest) string {
	_, sum, _ := strings.Cut(string(d), ":")
	return sum
}

type archiveWriter struct {
	tar     *tar.Writer
	from    Content
	repo    string
	through *through
}

func (w *archiveWriter) header(name string, size int64) error {
	return w.tar.WriteHeader(&tar.Header{Typeflag: tar.TypeReg, Name: name, Size: size, Mode: 0o644})
}

func (w *archiveWriter) file(name string, raw []byte) error {
	if err := w.header(name, int64(len(raw))); err != nil {
		return err
	}
	_, err := w.tar.Write(raw)
	return err
}

func (w *archiveWriter) blob(ctx context.Context, name string, d image.Descriptor) error {
	body, err := w.from.Blob(ctx, w.repo, d, 0)
	if err != nil {
		return err
	}
	defer func() { _ = body.Close() }() // it was read to its end, or the error is known
	if err := w.header(name, d.Size); err != nil {
		return err
	}
	return pour(w.tar, &ticking{Reader: body, add: w.through.add})
}
