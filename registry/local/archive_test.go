package local_test

import (
	"encoding/json"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"regatta/model/fault"
	"regatta/model/image"
	"regatta/model/ref"
	"regatta/registry/local"
	"regatta/registry/oci"
	"regatta/registry/peertest"
)

// configOf is the digest of an image's config, which an archive keeps whatever
// becomes of its layers.
func configOf(t *testing.T, c *oci.Client, what ref.Reference) ref.Digest {
	t.Helper()
	m, err := c.Manifest(t.Context(), repo, string(what.Digest))
	must(t, err)
	return m.Config.Digest
}

func TestArchiveIsReadByPeersAndBack(t *testing.T) {
	t.Parallel()
	c, index, single := source(t)
	file := filepath.Join(t.TempDir(), "image.tar")
	p := openPlace(t, file, local.Options{})
	must(t, p.Ready(t.Context()))
	wantKind(t, openPlace(t, filepath.Join(file, "x.tar"), local.Options{}).Ready(t.Context()), fault.NotFound)
	wantKind(t, p.Save(t.Context(), c, index, silent), fault.Unsupported)
	if _, err := os.Stat(file); err == nil {
		t.Error("something was written of what cannot be")
	}
	must(t, p.Save(t.Context(), c, single, silent))
	want := configOf(t, c, single)
	skopeo := peertest.Find(t, "skopeo", "the package manager has it")
	out, err := exec.CommandContext(t.Context(), skopeo, "inspect", "--config", "--raw", "docker-archive:"+file).CombinedOutput()
	if err != nil || ref.DigestOf(out) != want {
		t.Errorf("skopeo reads %s, %v", out, err)
	}
	m, err := p.Manifests(t.Context(), "")
	must(t, err)
	if m[0].Config.Digest != want || len(m[0].Layers) != 2 {
		t.Errorf("it reads back as %+v", m[0])
	}
	readWhole(t, p, m[0])
	_, err = p.Manifests(t.Context(), "shop/other:v9")
	if err != nil {
		t.Errorf("what was read once is read again: %v", err)
	}
	_, err = openPlace(t, file, local.Options{}).Manifests(t.Context(), "shop/other:v9")
	wantKind(t, err, fault.Invalid)
}

// readWhole reads every blob of an image, which are what their digests say.
func readWhole(t *testing.T, p local.Place, m image.Manifest) {
	t.Helper()
	for _, d := range m.Blobs() {
		body, err := p.Blob(t.Context(), d, 0)
		must(t, err)
		raw, err := io.ReadAll(body)
		if err != nil || int64(len(raw)) != d.Size || ref.DigestOf(raw) != d.Digest {
			t.Errorf("blob %s: %d bytes, %v", d.Digest, len(raw), err)
		}
		must(t, body.Close())
		rest, err := p.Blob(t.Context(), d, d.Size/2)
		must(t, err)
		if half, err := io.ReadAll(rest); err != nil || string(half) != string(raw[d.Size/2:]) {
			t.Errorf("the second half of %s: %v", d.Digest, err)
		}
		must(t, rest.Close())
	}
}

func TestArchivesThatAreNone(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for name, content := range map[string]string{"empty.tar": "", "text.tar": "this is no tar", "zip.tar": "PK\x03\x04"} {
		file := filepath.Join(dir, name)
		must(t, os.WriteFile(file, []byte(content), 0o600))
		_, err := openPlace(t, file, local.Options{}).Manifests(t.Context(), "")
		wantKind(t, err, fault.Invalid)
	}
	_, err := openPlace(t, filepath.Join(dir, "none.tar"), local.Options{}).Manifests(t.Context(), "")
	wantKind(t, err, fault.NotFound)
}

// fakeEngine is a Docker engine that keeps what is loaded into it as the file.
func fakeEngine(t *testing.T, file, refuses string) (address string) {
	t.Helper()
	mux := http.NewServeMux()
	mux.HandleFunc("POST /images/load", func(w http.ResponseWriter, r *http.Request) {
		raw, err := io.ReadAll(r.Body)
		if err == nil {
			err = os.WriteFile(file, raw, 0o600)
		}
		if err != nil {
			w.WriteHeader(http.StatusInternalServerError)
			return
		}
		_ = json.NewEncoder(w).Encode(map[string]string{"stream": "Loaded image"})
		if refuses != "" {
			_ = json.NewEncoder(w).Encode(map[string]string{"error": refuses})
		}
	})
	mux.HandleFunc("GET /_ping", func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "OK") })
	mux.HandleFunc("GET /images/get", func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Get("names") != "shop/api:amd" {
			w.WriteHeader(http.StatusNotFound)
			_, _ = io.WriteString(w, `{"message":"No such image"}`)
			return
		}
		http.ServeFile(w, r, file)
	})
	sock := filepath.Join(t.TempDir(), "docker.sock")
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "unix", sock)
	must(t, err)
	srv := &httptest.Server{Listener: l, Config: &http.Server{Handler: mux, ReadHeaderTimeout: 1e9}}
	srv.Start()
	t.Cleanup(srv.Close)
	return "unix://" + sock
}

func TestEngine(t *testing.T) {
	t.Parallel()
	c, _, single := source(t)
	dir := t.TempDir()
	o := local.Options{Engine: fakeEngine(t, filepath.Join(dir, "loaded.tar"), ""), Temp: dir}
	p := openPlace(t, "daemon", o)
	must(t, p.Ready(t.Context()))
	var reached int64
	must(t, p.Save(t.Context(), c, single, func(at int64) { reached = at }))
	if there, err := p.Has(t.Context(), single); !there || err != nil || reached == 0 {
		t.Errorf("%v, %v, %d bytes", there, err, reached)
	}
	_, err := p.Manifests(t.Context(), "")
	wantKind(t, err, fault.Invalid) // which?

	back := openPlace(t, "daemon:shop/api:amd", o)
	m, err := back.Manifests(t.Context(), "")
	must(t, err)
	if m[0].Config.Digest != configOf(t, c, single) {
		t.Errorf("it reads back as %+v", m[0])
	}
	readWhole(t, back, m[0])
	must(t, back.Close())
	if left, _ := filepath.Glob(filepath.Join(dir, "regatta-*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
	_, err = openPlace(t, "daemon:nobody", o).Manifests(t.Context(), "")
	wantKind(t, err, fault.NotFound)

	o.Engine = fakeEngine(t, filepath.Join(dir, "other.tar"), "no space left on device")
	err = openPlace(t, "daemon", o).Save(t.Context(), c, single, silent)
	if wantKind(t, err, fault.Unavailable); !strings.Contains(err.Error(), "no space left on device") {
		t.Error(err)
	}
	o.Engine = "unix://" + filepath.Join(dir, "nobody.sock")
	wantKind(t, openPlace(t, "daemon", o).Ready(t.Context()), fault.Unreachable)
	wantKind(t, openPlace(t, "daemon", o).Save(t.Context(), c, single, silent), fault.Unreachable)
}
