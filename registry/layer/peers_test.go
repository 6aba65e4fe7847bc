package layer_test

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"regatta/model/file"
	"regatta/model/image"
	"regatta/model/ref"
	"regatta/registry/httpx"
	"regatta/registry/layer"
	"regatta/registry/oci"
	"regatta/registry/peertest"
	"regatta/registry/sandbox"
)

func command(tb testing.TB, dir, name string, args ...string) string {
	tb.Helper()
	cmd := exec.CommandContext(tb.Context(), name, args...)
	cmd.Dir = dir
	var out, errOut bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &errOut
	if err := cmd.Run(); err != nil {
		tb.Fatalf("%s %v: %v\n%s", name, args, err, errOut.String())
	}
	return out.String()
}

func write(t *testing.T, p, content string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(p), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(p, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
}

// tars are layers as GNU tar makes them: long names in both formats, sparse
// files, hard and symbolic links, whiteouts, an opaque directory, times before
// 1970 and beyond what ustar holds.
func tars(t *testing.T) [][]byte {
	t.Helper()
	tool := peertest.Find(t, "tar", "Debian: tar")
	var out [][]byte
	pack := func(format string, fill func(root string)) {
		root := filepath.Join(t.TempDir(), "root")
		if err := os.MkdirAll(root, 0o755); err != nil {
			t.Fatal(err)
		}
		fill(root)
		archive := filepath.Join(t.TempDir(), "layer.tar")
		args := []string{"--format=" + format, "--sort=name", "--owner=0", "--group=0", "-cf", archive, "."}
		if format != "ustar" { // which knows no holes
			args = append([]string{"--sparse"}, args...)
		}
		command(t, root, tool, args...)
		raw, err := os.ReadFile(archive)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, raw)
	}
	long := "deep/" + strings.Repeat("directory/", 30) + strings.Repeat("f", 200)
	pack("gnu", func(root string) {
		write(t, root+"/etc/passwd", "root:x:0:0\n")
		write(t, root+"/etc/group", "root:x:0:\n")
		write(t, root+"/opt/app/lib", strings.Repeat("library ", 5000))
		write(t, root+"/opt/app/cache/one", "1")
		write(t, root+"/opt/app/cache/two", "2")
		write(t, root+"/"+long, "gnu")
		command(t, root, "ln", "opt/app/lib", "opt/app/hard")
		command(t, root, "ln", "-s", "../etc/passwd", "opt/link")
		command(t, root, "ln", "-s", "opt", "software")
	})
	pack("pax", func(root string) {
		write(t, root+"/etc/passwd", "root:x:0:0\napp:x:1:1\n")
		write(t, root+"/etc/.wh.group", "")
		write(t, root+"/opt/app/cache/.wh..wh..opq", "")
		write(t, root+"/opt/app/cache/three", "3")
		write(t, root+"/"+long+"é", "pax")
		write(t, root+"/old", "old")
		command(t, root, "touch", "-d", "1960-01-01T00:00:00.5Z", "old")
		command(t, root, "truncate", "-s", "2M", "sparse-pax")
		command(t, root, "dd", "if=etc/passwd", "of=sparse-pax", "bs=1", "seek=700000", "conv=notrunc", "status=none")
	})
	pack("ustar", func(root string) {
		write(t, root+"/opt/app/.wh.lib", "")
		write(t, root+"/opt/app/new", "new")
		write(t, root+"/var/log/x", "log")
	})
	return out
}

// The holes of GNU's own format, which umoci does not know, are those that tar
// makes.
func TestSparse(t *testing.T) {
	t.Parallel()
	tool := peertest.Find(t, "tar", "Debian: tar")
	dir := t.TempDir()
	command(t, dir, "truncate", "-s", "3M", "sparse")
	command(t, dir, "dd", "if="+os.Args[0], "of=sparse", "bs=1", "count=5000", "seek=1500000", "conv=notrunc", "status=none")
	command(t, dir, tool, "--format=gnu", "--sparse", "-cf", "layer.tar", "sparse")
	raw, err := os.ReadFile(filepath.Join(dir, "layer.tar"))
	if err != nil || len(raw) > 1<<20 {
		t.Fatalf("%d bytes: %v", len(raw), err)
	}
	s := newShelf()
	d := s.put(raw)
	list, err := s.reader().List(t.Context(), d, nil)
	if err != nil || len(list) != 1 || list[0].Size != 3<<20 {
		t.Fatalf("%+v: %v", list, err)
	}
	to := filepath.Join(dir, "to")
	if _, err := s.reader().Save(t.Context(), []image.Descriptor{d}, file.Merge([][]file.Entry{list}).Root, to, nil); err != nil {
		t.Fatal(err)
	}
	want, err := os.ReadFile(filepath.Join(dir, "sparse"))
	if got := disk(t, to)["sparse"]; err != nil || got != string(want) {
		t.Errorf("%d bytes, want %d: %v", len(got), len(want), err)
	}
}

// imageOf pushes the layers as an image into a sandbox, each compressed another
// way, and gives what reads them.
func imageOf(t *testing.T, tars [][]byte) (host string, b *oci.Client, layers []image.Descriptor) {
	t.Helper()
	rg := sandbox.New(sandbox.Options{Now: sandbox.Epoch, Empty: true})
	server := httptest.NewServer(rg)
	t.Cleanup(func() { server.Close(); _ = rg.Close() })
	host = strings.TrimPrefix(server.URL, "http://")
	types := []string{"+gzip", "+gzip", ""} // umoci knows no zstd
	type descriptor struct {
		MediaType string     `json:"mediaType"`
		Digest    ref.Digest `json:"digest"`
		Size      int        `json:"size"`
	}
	repo := "test/files"
	transport := httpx.New(httpx.Options{Now: sandbox.Epoch, CertDirs: []string{}})
	t.Cleanup(transport.CloseIdleConnections)
	client := oci.New(host, oci.Options{Transport: transport, Now: sandbox.Epoch, Insecure: true})
	push := func(mediaType string, raw []byte) descriptor {
		d := image.Descriptor{MediaType: mediaType, Digest: ref.DigestOf(raw), Size: int64(len(raw))}
		if err := client.PushBlob(t.Context(), repo, d, content(raw)); err != nil {
			t.Fatal(err)
		}
		return descriptor{mediaType, d.Digest, len(raw)}
	}
	var ids []ref.Digest
	var all []descriptor
	for i, plain := range tars {
		packed := plain
		if types[i] == "+gzip" {
			packed = gz(t, plain)
		}
		d := push("application/vnd.oci.image.layer.v1.tar"+types[i], packed)
		all, ids = append(all, d), append(ids, ref.DigestOf(plain))
		layers = append(layers, image.Descriptor{MediaType: d.MediaType, Digest: d.Digest, Size: int64(d.Size)})
	}
	encode := func(v any) []byte {
		raw, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		return raw
	}
	config := push("application/vnd.oci.image.config.v1+json", encode(map[string]any{
		"os": "linux", "architecture": "amd64", "config": map[string]any{}, "rootfs": map[string]any{"type": "layers", "diff_ids": ids},
	}))
	const manifest = "application/vnd.oci.image.manifest.v1+json"
	raw := encode(map[string]any{"schemaVersion": 2, "mediaType": manifest, "config": config, "layers": all})
	if err := client.PutManifest(t.Context(), repo, "v1", manifest, raw); err != nil {
		t.Fatal(err)
	}
	return host, client, layers
}

// TestPeers compares lists with `skopeo copy` and `tar -t`, and files that are
// saved with `umoci unpack`.
func TestPeers(t *testing.T) {
	t.Parallel()
	skopeo, umoci := peertest.Find(t, "skopeo", "Debian: skopeo"), peertest.Find(t, "umoci", "Debian: umoci")
	tool := peertest.Find(t, "tar", "Debian: tar")
	sources := tars(t)
	host, client, layers := imageOf(t, sources)
	dir := t.TempDir()
	command(t, dir, skopeo, "copy", "--src-tls-verify=false", "docker://"+host+"/test/files:v1", "oci:layout:v1")
	command(t, dir, umoci, "unpack", "--rootless", "--image", "layout:v1", "bundle")

	r := layer.Reader{Blobs: client, Repository: "test/files"}
	var lists [][]file.Entry
	for i, d := range layers {
		list, err := r.List(t.Context(), d, nil)
		if err != nil {
			t.Fatal(err)
		}
		lists = append(lists, list)
		blob := filepath.Join(dir, "layout/blobs/sha256", d.Digest.Hex())
		plain := filepath.Join(dir, "plain.tar")
		if strings.HasSuffix(d.MediaType, "+gzip") {
			write(t, plain, command(t, dir, "gzip", "-dc", blob))
		} else { // skopeo compresses what was not
			write(t, plain, string(sources[i]))
		}
		listed := strings.Split(strings.TrimSpace(command(t, dir, tool, "--quoting-style=literal", "-tf", plain)), "\n")
		for j := range listed {
			listed[j], _ = file.Place(listed[j])
		}
		if diff := cmp.Diff(listed, paths(list)); diff != "" {
			t.Errorf("layer %d: %s", i+1, diff)
		}
	}

	img := file.Merge(lists)
	saved := filepath.Join(dir, "saved")
	report, err := r.Save(t.Context(), layers, img.Root, saved, nil)
	if err != nil || len(report.Left) > 0 {
		t.Fatalf("%+v: %v", report, err)
	}
	want, got := disk(t, filepath.Join(dir, "bundle/rootfs")), disk(t, saved)
	for _, name := range slices.Sorted(maps(want, got)) {
		if want[name] != got[name] {
			t.Errorf("%s: %d bytes, want %d", name, len(got[name]), len(want[name]))
		}
	}
	var merged []string
	img.Root.Walk(func(n *file.Node, _ int) bool {
		merged = append(merged, n.Path())
		return true
	})
	if len(merged) != len(want) {
		t.Errorf("%d files and directories, want %d", len(merged), len(want))
	}
}

// maps are the keys of both.
func maps(a, b map[string]string) func(func(string) bool) {
	return func(yield func(string) bool) {
		seen := map[string]bool{}
		for _, m := range []map[string]string{a, b} {
			for k := range m {
				if !seen[k] && !yield(k) {
					return
				}
				seen[k] = true
			}
		}
	}
}

func content(raw []byte) oci.Content {
	return func(_ context.Context, offset int64) (io.ReadCloser, error) {
		return io.NopCloser(bytes.NewReader(raw[offset:])), nil
	}
}
