//go:build linux

package bench

import (
	"bytes"
	"fmt"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-containerregistry/pkg/authn"
	"github.com/google/go-containerregistry/pkg/name"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/remote"
	"github.com/google/go-containerregistry/pkg/v1/static"
	"github.com/google/go-containerregistry/pkg/v1/types"
)

const (
	imageCount = 1000
	workers    = 16
	repository = "bench/app"
)

// pushImages fills the repository. Every second image is an index of two
// platforms.
func pushImages(b *testing.B, host string) (tags []string) {
	b.Helper()
	repo := result[name.Repository](b)(name.NewRepository(host + "/" + repository))
	pusher := result[*remote.Pusher](b)(remote.NewPusher(remote.WithAuth(authn.Anonymous), remote.WithJobs(workers)))
	tags = make([]string, imageCount)
	for i := range tags {
		tags[i] = fmt.Sprintf("1.%d.%d", i/100, i%100)
	}
	failures := make([]error, len(tags))
	parallel(len(tags), func(i int) {
		var what remote.Taggable
		if what, failures[i] = numbered(i); failures[i] == nil {
			failures[i] = pusher.Push(b.Context(), repo.Tag(tags[i]), what)
		}
	})
	for _, err := range failures {
		must(b, err)
	}
	return tags
}

func numbered(i int) (remote.Taggable, error) {
	if i%2 == 0 {
		return platformImage(i, "amd64")
	}
	index := mutate.IndexMediaType(empty.Index, types.OCIImageIndex)
	for _, arch := range []string{"amd64", "arm64"} {
		img, err := platformImage(i, arch)
		if err != nil {
			return nil, err
		}
		index = mutate.AppendManifests(index, mutate.IndexAddendum{
			Add: img, Descriptor: v1.Descriptor{Platform: &v1.Platform{OS: "linux", Architecture: arch}},
		})
	}
	return index, nil
}

// platformImage is a small image with a config as long as those of real ones.
func platformImage(i int, arch string) (v1.Image, error) {
	config := &v1.ConfigFile{
		OS: "linux", Architecture: arch, Created: v1.Time{Time: time.Date(2026, 1, 1, 0, i, 0, 0, time.UTC)},
		RootFS: v1.RootFS{Type: "layers"},
		Config: v1.Config{Labels: map[string]string{"build": strconv.Itoa(i)}},
	}
	img, err := mutate.ConfigFile(mutate.ConfigMediaType(
		mutate.MediaType(empty.Image, types.OCIManifestSchema1), types.OCIConfigJSON), config)
	if err != nil {
		return nil, err
	}
	for step := range 12 {
		add := mutate.Addendum{History: v1.History{CreatedBy: fmt.Sprintf("RUN step %d of build %d", step, i), EmptyLayer: true}}
		if step < 3 {
			content := bytes.Repeat([]byte(arch), step+1)
			add.Layer, add.History.EmptyLayer = static.NewLayer(content, types.OCILayer), false
		}
		if img, err = mutate.Append(img, add); err != nil {
			return nil, err
		}
	}
	return img, nil
}
