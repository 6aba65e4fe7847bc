//go:build linux

package bench

import (
	"archive/tar"
	"bytes"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os/exec"
	"strconv"
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

const (
	fileLayers     = 4
	filesALayer    = 2500
	fileBytes      = 50_000 // 500 MB of files in all
	fileListRounds = 3
)

// filesImage is an image of 500 MB of files that compress as programs do.
func filesImage(b *testing.B) v1.Image {
	b.Helper()
	img := empty.Image
	random := rand.New(rand.NewPCG(1, 2))
	for l := range fileLayers {
		var packed bytes.Buffer
		z := result[*gzip.Writer](b)(gzip.NewWriterLevel(&packed, gzip.BestSpeed))
		w := tar.NewWriter(z)
		body := make([]byte, fileBytes)
		for f := range filesALayer {
			for i := range body {
				body[i] = byte(random.IntN(64))
				if i%4 == 3 {
					body[i] = 0
				}
			}
			must(b, w.WriteHeader(&tar.Header{
				Name: fmt.Sprintf("usr/lib/layer%d/dir%d/file%d", l, f/100, f), Typeflag: tar.TypeReg, Size: fileBytes, Mode: 0o644,
			}))
			_, err := w.Write(body)
			must(b, err)
		}
		must(b, errors.Join(w.Close(), z.Close()))
		raw := packed.Bytes()
		layer := result[v1.Layer](b)(tarball.LayerFromOpener(func() (io.ReadCloser, error) {
			return io.NopCloser(bytes.NewReader(raw)), nil
		}))
		img = result[v1.Image](b)(mutate.AppendLayers(img, layer))
	}
	return img
}

// measureFiles lists the files of an image: never seen before, seen before, and
// with crane and tar.
func measureFiles(b *testing.B, t *table, p *program) {
	b.Helper()
	host := peertest.Start(b, peertest.Peers()[1], peertest.Options{}).Host
	at := host + "/" + repository + ":files"
	must(b, remote.Write(result[name.Tag](b)(name.NewTag(at)), filesImage(b)))
	best := map[string]time.Duration{}
	note := func(name string, took time.Duration) {
		if old, ok := best[name]; !ok || took < old {
			best[name] = took
		}
	}
	peak := 0.0
	for n := range fileListRounds {
		b.Run(fmt.Sprintf("round %d", n+1), func(b *testing.B) {
			home := b.TempDir()
			for _, name := range []string{"cold", "warm"} {
				cmd := p.command(b, home, "files", at)
				var out bytes.Buffer
				cmd.Stdout = &out
				note(name, timed(func() {
					must(b, cmd.Start())
					if name == "cold" {
						peak = max(peak, watch(b, cmd.Process.Pid))
					}
					must(b, cmd.Wait())
				}))
				if lines := strings.Count(out.String(), "usr/lib/layer"); lines != fileLayers*filesALayer {
					b.Fatalf("%d files", lines)
				}
			}
			if crane, ok := find("crane"); ok {
				cmd := exec.CommandContext(b.Context(), "sh", "-c", crane+" export --insecure "+at+" - | tar -t | wc -l")
				note("crane", timed(func() {
					out, err := cmd.Output()
					if err != nil || strings.TrimSpace(string(out)) != strconv.Itoa(fileLayers*filesALayer) {
						b.Fatalf("crane export: %s %v", out, err)
					}
				}))
			}
		})
	}
	const what = "files of a 500 MB image"
	if took, ok := best["crane"]; ok {
		t.against(what+", cold", best["cold"], "crane export | tar -t", took, 1)
		t.against(what+", warm", best["warm"], "crane export | tar -t", took, 0.1)
	} else {
		t.add(row{what: what, with: "crane", missing: "crane is not installed"})
	}
	const most = 100 // MB
	t.within("peak memory of listing files", peak, most, "MB", "")
}
