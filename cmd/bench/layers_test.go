//go:build linux

package bench

import (
	"archive/tar"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-containerregistry/pkg/name"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/remote"
	"github.com/google/go-containerregistry/pkg/v1/tarball"
	"github.com/klauspost/compress/gzip"

	"regatta/registry/peertest"
)

// imageOf is an image of one layer.
func imageOf(b *testing.B, plain []byte) v1.Image {
	b.Helper()
	var packed bytes.Buffer
	z := result[*gzip.Writer](b)(gzip.NewWriterLevel(&packed, gzip.BestSpeed))
	_, err := z.Write(plain)
	must(b, errors.Join(err, z.Close()))
	raw := packed.Bytes()
	layer := result[v1.Layer](b)(tarball.LayerFromOpener(func() (io.ReadCloser, error) {
		return io.NopCloser(bytes.NewReader(raw)), nil
	}))
	return result[v1.Image](b)(mutate.AppendLayers(empty.Image, layer))
}

const millionFiles = 1_000_000

// millionOf is a layer of a million empty files.
func millionOf(b *testing.B) []byte {
	b.Helper()
	var plain bytes.Buffer
	w := tar.NewWriter(&plain)
	for i := range millionFiles {
		must(b, w.WriteHeader(&tar.Header{
			Name: fmt.Sprintf("srv/data/%03d/%03d/file-%d", i/10_000, i/100%100, i), Typeflag: tar.TypeReg, Mode: 0o644,
		}))
	}
	must(b, w.Close())
	return plain.Bytes()
}

// sparseOf is a layer of one file that is a hole of 4 TB.
func sparseOf(b *testing.B) []byte {
	b.Helper()
	const size = 4 << 40
	dir := b.TempDir()
	f := result[*os.File](b)(os.Create(filepath.Join(dir, "hole")))
	must(b, errors.Join(f.Truncate(size), f.Close()))
	tool := peertest.Find(b, "tar", "Debian: tar")
	must(b, exec.CommandContext(b.Context(), tool, "-C", dir, "--sparse", "-cf", filepath.Join(dir, "layer"), "hole").Run())
	return result[[]byte](b)(os.ReadFile(filepath.Join(dir, "layer")))
}

// measureLayers lists layers that ask for much: one of a million files, and one
// that expands to more than any disk holds, which is refused.
func measureLayers(b *testing.B, t *table, p *program) {
	b.Helper()
	host := peertest.Start(b, peertest.Peers()[1], peertest.Options{}).Host
	at := host + "/" + repository + ":"
	must(b, remote.Write(result[name.Tag](b)(name.NewTag(at+"million")), imageOf(b, millionOf(b))))
	must(b, remote.Write(result[name.Tag](b)(name.NewTag(at+"sparse")), imageOf(b, sparseOf(b))))
	run := func(home, of string) (out string, took time.Duration, peak float64, err error) {
		cmd := p.command(b, home, "files", at+of)
		var both bytes.Buffer
		cmd.Stdout, cmd.Stderr = &both, &both
		took = timed(func() {
			must(b, cmd.Start())
			peak = watch(b, cmd.Process.Pid)
			err = cmd.Wait()
		})
		return both.String(), took, peak, err
	}
	home := b.TempDir()
	for _, how := range []string{"cold", "warm"} {
		out, took, peak, err := run(home, "million")
		must(b, err)
		if n := strings.Count(out, "/file-"); n != millionFiles {
			b.Fatalf("%d files", n)
		}
		t.within("peak memory of a layer of a million files, "+how, peak, 900, "MB", "listed in "+short(took))
	}
	out, took, peak, err := run(home, "sparse")
	if err == nil || !strings.Contains(out, "expands to more than") {
		b.Fatalf("a layer of 4 TB: %v: %s", err, out)
	}
	t.within("peak memory of refusing a layer of 4 TB in 10 kB", peak, 100, "MB", "")
	t.within("time of it", took.Seconds(), 5, "s", "")
}
