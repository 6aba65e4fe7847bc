package cli

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"regatta/cmd/cli/contents"
	"regatta/cmd/cli/output"
	"regatta/registry/sandbox"
)

// cutAfter is a layer that was built of the first bytes of another, whose tar is sound.
func cutAfter(t *testing.T, l rawLayer, bytesOf int) rawLayer {
	t.Helper()
	z, err := gzip.NewReader(bytes.NewReader(l.raw))
	if err != nil {
		t.Fatal(err)
	}
	plain, err := io.ReadAll(io.LimitReader(z, int64(bytesOf)))
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write(plain); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return rawLayer{mediaType: l.mediaType, raw: b.Bytes(), made: l.raw}
}

// unreadLayers are the ways in which a layer cannot be read, of a layer that can.
func unreadLayers(t *testing.T, name string) map[string]struct {
	layer  rawLayer
	effect sandbox.Effect
} {
	t.Helper()
	type one = struct {
		layer  rawLayer
		effect sandbox.Effect
	}
	good := func(of string) rawLayer { return tarOf(t, "etc/", "etc/hostname=new "+name+of, "etc/.wh.secret=") }
	cut := good("cut")
	cut.raw = cut.raw[:len(cut.raw)/2]
	return map[string]one{
		"it is refused":               {good("refused"), sandbox.Status{Code: 403}},
		"it is not there":             {good("missing"), sandbox.Status{Code: 404}},
		"it is not what it should be": {good("other"), sandbox.Corrupt{At: 30, Count: 3}},
		"it is cut":                   {layer: cut},
		"it is cut between two files": {layer: cutAfter(t, good("between"), 512)}, // its directory is in the first block
		"its compression is unknown":  {layer: rawLayer{mediaType: tarGzip, raw: []byte("\xfd7zXZ\x00 " + name)}},
		"it is no tar":                {layer: rawLayer{mediaType: tarGzip, raw: []byte(strings.Repeat(name, 999))}},
		"it is encrypted":             {layer: rawLayer{mediaType: tarGzip + "+encrypted", raw: []byte("?" + name)}},
	}
}

// Where a layer cannot be read nothing older is given for what it may hold, and the
// layer is named.
func TestNothingOlderThanAnUnreadLayer(t *testing.T) {
	private(t)
	reg, host := servedSandbox(t)
	for name, c := range unreadLayers(t, "tree") {
		t.Run(name, func(t *testing.T) {
			reg.ClearFaults()
			base := tarOf(t, "etc/", "etc/hostname=old", "etc/secret=password", "bin/", "bin/sh=old")
			top := tarOf(t, "etc/", "etc/motd=hello", "opt/", "opt/.wh..wh..opq=", "opt/app=app")
			repo := strings.ReplaceAll(name, " ", "-")
			digests := pushLayers(t, host, repo, "v1", base, c.layer, top)
			pushLayers(t, host, repo, "v0", base, top)
			if c.effect != nil {
				reg.Inject(sandbox.Fault{Pattern: regexp.MustCompile("/blobs/" + string(digests[1])), Effect: c.effect})
			}
			at, named := host+"/"+repo+":v1", "layer 2 ("+digests[1].Short()+")"
			dir := t.TempDir()
			for _, args := range [][]string{
				{"cat", at, "etc/hostname"},
				{"cat", at, "etc/secret"},
				{"cat", at, "bin/sh"},
				{"cat", at, "nowhere"},
				{"extract", at, "--to", dir},
				{"extract", at, "etc", "--to", dir},
				{"extract", at, "etc/hostname", "--to", dir},
				{"files", at, "--layer", "2"},
			} {
				code, out, errOut := runOut(t, args...)
				if code == output.Done || code == output.Partly || out != "" || !strings.Contains(errOut, named) {
					t.Errorf("%v: exit code %d: %q %s", args, code, out, errOut)
				}
			}
			if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
				t.Errorf("%v was saved: %v", left, err)
			}
			code, out, errOut := runOut(t, "diff", host+"/"+repo+":v0", at, "--files")
			if code == output.Done || strings.Contains(out, "etc/") || !strings.Contains(errOut, named) {
				t.Errorf("diff: exit code %d: %s%s", code, out, errOut)
			}

			for p, want := range map[string]string{"etc/motd": "hello", "opt/app": "app"} { // what the layer above settles
				if code, out, errOut := runOut(t, "cat", at, p); code != output.Done || out != want {
					t.Errorf("%s: exit code %d: %q %s", p, code, out, errOut)
				}
			}
			if code, _, errOut := runOut(t, "cat", at, "opt/old"); code != output.Failed || !strings.Contains(errOut, "no such file") {
				t.Errorf("what was emptied: exit code %d: %s", code, errOut)
			}
			if code, _, errOut := runOut(t, "extract", at, "opt", "--to", dir); code != output.Done {
				t.Errorf("a directory that is known: exit code %d: %s", code, errOut)
			}
			if raw, err := os.ReadFile(filepath.Join(dir, "opt/app")); err != nil || string(raw) != "app" {
				t.Errorf("%q: %v", raw, err)
			}

			code, out, errOut = runOut(t, "files", at)
			if code != output.Partly || !strings.Contains(errOut, named) || !strings.Contains(out, "≥ 2 files in ≥ 8 B") ||
				!strings.Contains(out, " etc/motd") || strings.Contains(out, "hostname") || strings.Contains(out, "bin") {
				t.Errorf("files: exit code %d: %s%s", code, out, errOut)
			}
			code, out, errOut = runOut(t, "files", at, "--layer", "3")
			if code != output.Partly || !strings.Contains(out, "? etc/motd") || strings.Contains(out, "+ ") {
				t.Errorf("files --layer 3: exit code %d: %s%s", code, out, errOut)
			}
			_, out, _ = runOut(t, "files", at, "-o", "json")
			var doc contents.FilesJSON
			if err := json.Unmarshal([]byte(out), &doc); err != nil || doc.Complete || len(doc.Layers) != 3 || doc.Layers[1].Error == nil || doc.Layers[1].Members != nil {
				t.Errorf("%v: %s", err, out)
			}
			for _, f := range doc.Files {
				if *f.Layer != 3 {
					t.Errorf("%s of layer %d is listed", f.Path, *f.Layer)
				}
			}
		})
	}
}

// The same with the unread layer on top: then nothing is known.
func TestNothingBelowAnUnreadLayer(t *testing.T) {
	private(t)
	reg, host := servedSandbox(t)
	for name, c := range unreadLayers(t, "top") {
		t.Run(name, func(t *testing.T) {
			reg.ClearFaults()
			repo := strings.ReplaceAll(name, " ", "-")
			digests := pushLayers(t, host, repo, "v1", tarOf(t, "etc/", "etc/hostname=old", "etc/secret=password"), c.layer)
			if c.effect != nil {
				reg.Inject(sandbox.Fault{Pattern: regexp.MustCompile("/blobs/" + string(digests[1])), Effect: c.effect})
			}
			at, named := host+"/"+repo+":v1", "layer 2 ("+digests[1].Short()+")"
			for _, args := range [][]string{
				{"cat", at, "etc/hostname"},
				{"cat", at, "etc/secret"},
				{"extract", at, "--to", t.TempDir()},
				{"files", at},
				{"files", at, "--waste"},
			} {
				code, out, errOut := runOut(t, args...)
				if code == output.Done || strings.Contains(out, "etc/") || !strings.Contains(errOut, named) {
					t.Errorf("%v: exit code %d: %q %s", args, code, out, errOut)
				}
			}
		})
	}
}

// The screen shows what is known, and names the layer in the place of the rest.
func TestFilesScreenBelowAnUnreadLayer(t *testing.T) {
	t.Parallel()
	perform(t, wide(in("shop/api")), func(s *stage) {
		s.Advance(settle).Press("enter").Advance(settle)
		s.reg.Inject(sandbox.Fault{
			Pattern: regexp.MustCompile(`/blobs/sha256:f602b3218011`), Effect: sandbox.Status{Code: 500},
		})
		s.Press("f").Advance(settle).See("! not read: layer 3: registry unavailable", "≥ ", "app/").SeeNot("usr/", "passwd", "etc/")
		s.See("wasted: unknown").Press("w").See("wasted space is unknown: layer 3 could not be read")
		dir := filepath.Join(t.TempDir(), "saved")
		s.ClickOn("app/").Press("P").Type(dir).Press("enter").Advance(settle).See("registry unavailable: save /app of registry.example/shop/api: la")
		if left, err := os.ReadDir(dir); err == nil && len(left) > 0 {
			t.Errorf("%v was saved", left)
		}
	})
}
