package run_test

import (
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"regatta/model/fault"
	"regatta/model/plan"
	"regatta/model/ref"
	"regatta/registry/httpx"
	"regatta/registry/local"
	"regatta/registry/oci"
	"regatta/registry/peertest"
	"regatta/registry/sandbox"
	"regatta/registry/survey"
)

// served is a registry with content on a socket, and a client of it.
func served(t *testing.T, q sandbox.Quirks) (*oci.Client, map[string]ref.Digest) {
	t.Helper()
	reg := sandbox.New(sandbox.Options{Now: clock, Empty: true, Quirks: q})
	t.Cleanup(func() { _ = reg.Close() })
	digests := fill(reg)
	srv := httptest.NewServer(reg)
	t.Cleanup(srv.Close)
	return clientOf(t, strings.TrimPrefix(srv.URL, "http://")), digests
}

func clientOf(t *testing.T, at string) *oci.Client {
	t.Helper()
	tr := httpx.New(httpx.Options{
		Now: clock, CertDirs: []string{}, Jitter: func(time.Duration) time.Duration { return time.Millisecond },
	})
	t.Cleanup(tr.CloseIdleConnections)
	return oci.New(at, oci.Options{Transport: tr, Now: clock})
}

// planCopy plans to copy tags of the repository source to another of w's
// registry.
func (w *world) planCopy(t *testing.T, from *oci.Client, source, to string, referrers bool, tags ...string) plan.Plan {
	t.Helper()
	var moves []plan.Move
	for _, tag := range tags {
		moves = append(moves, plan.Move{
			From: ref.Reference{Host: from.Host(), Repository: source, Tag: tag},
			To:   ref.Reference{Host: w.client.Host(), Repository: to, Tag: tag},
		})
	}
	trees, err := survey.Trees(t.Context(), from, moves, referrers)
	must(t, err)
	p, err := survey.Copy(t.Context(), from, w.client, trees, "", plan.Options{At: clock()}, nil)
	must(t, err)
	if w.others == nil {
		w.others = map[string]*oci.Client{}
	}
	if from.Host() != w.client.Host() {
		w.others[from.Host()] = from
	}
	return p
}

func TestCopyBetweenRegistries(t *testing.T) {
	t.Parallel()
	for name, q := range quirks() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			from, digests := served(t, sandbox.Quirks{})
			w := newWorld(t, sandbox.Options{Quirks: q})
			p := w.planCopy(t, from, repo, repo, true, "one", "a")
			r := w.run(t, p, "")
			allDone(t, r)
			got := state(t, w.bare, digests)
			for _, n := range []string{"tag one", "tag a", "manifest one", "manifest amd", "manifest shared", "manifest sbom"} {
				if got[n] == "" {
					t.Errorf("%s did not arrive: %v", n, got)
				}
			}
			refs, err := w.bare.Referrers(t.Context(), repo, digests["one"])
			if err != nil || len(refs) != 1 || refs[0].Digest != digests["sbom"] {
				t.Errorf("referrers are %v, %v", refs, err)
			}
			if again := w.planCopy(t, from, repo, repo, true, "one", "a"); !again.Empty() {
				t.Errorf("a second copy would do %+v", again.Steps)
			}
			w.undo(t, r.Run)
			if after := state(t, w.bare, digests); len(after) > 0 {
				t.Errorf("undo leaves %v", after)
			}
		})
	}
}

// In one registry no byte is read: blobs are mounted.
func TestCopyInOneRegistryMounts(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Options{})
	digests := fill(w.registry)
	allDone(t, w.run(t, w.planCopy(t, w.client, repo, "shop/other", false, "one"), ""))
	if d, err := w.bare.Resolve(t.Context(), "shop/other", "one"); err != nil || d.Digest != digests["one"] {
		t.Error(d, err)
	}
	for _, r := range w.registry.Requests() {
		if strings.Contains(r.Path, "/blobs/") && (r.Method == http.MethodGet || r.Method == http.MethodPatch) {
			t.Errorf("%s %s", r.Method, r.Path)
		}
	}
}

// Where a mount is refused, the bytes are read from the one repository and sent to the
// other.
func TestCopyWhereNothingIsMounted(t *testing.T) {
	t.Parallel()
	mount := func(r *http.Request) bool { return r.URL.Query().Has("mount") }
	for _, code := range []int{
		http.StatusBadRequest, http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound, http.StatusMethodNotAllowed,
	} {
		t.Run(http.StatusText(code), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, sandbox.Options{})
			digests := fill(w.registry)
			w.registry.Inject(sandbox.Fault{Method: http.MethodPost, Match: mount, Effect: sandbox.Status{Code: code}})
			allDone(t, w.run(t, w.planCopy(t, w.client, repo, "shop/other", false, "one"), ""))
			if d, err := w.bare.Resolve(t.Context(), "shop/other", "one"); err != nil || d.Digest != digests["one"] {
				t.Error(d, err)
			}
		})
	}
}

func TestCopyToPeersAndBack(t *testing.T) {
	t.Parallel()
	for _, p := range peertest.Peers() {
		t.Run(p.Name, func(t *testing.T) {
			t.Parallel()
			r := peertest.Start(t, p, peertest.Options{})
			from, digests := served(t, sandbox.Quirks{})
			w := connect(t, r.Host, nil, filepath.Join(t.TempDir(), "journal.db"))
			allDone(t, w.run(t, w.planCopy(t, from, repo, "mirror/api", true, "one", "a"), ""))
			readByPeers(t, r.Host+"/mirror/api:one", digests["one"])

			dir := "oci:" + filepath.Join(t.TempDir(), "layout")
			place, err := local.Open(dir, local.Options{})
			must(t, err)
			what := []ref.Reference{{Host: r.Host, Repository: "mirror/api", Tag: "one"}}
			catches, err := survey.Catches(t.Context(), w.client, what, place, nil)
			must(t, err)
			pulled, err := plan.ToPull(catches, dir, plan.Options{At: clock()})
			must(t, err)
			allDone(t, w.run(t, pulled, ""))
			readByPeers(t, dir+":one", digests["one"])
			manifests, err := place.Manifests(t.Context(), "one")
			must(t, err)
			back := []plan.Tree{{To: ref.Reference{Host: r.Host, Repository: "back/api", Tag: "v1"}, Manifests: manifests}}
			pushed, err := survey.Copy(t.Context(), nil, w.client, back, dir, plan.Options{At: clock()}, nil)
			must(t, err)
			allDone(t, w.run(t, pushed, ""))
			readByPeers(t, r.Host+"/back/api:v1", digests["one"])
		})
	}
}

// readByPeers has the clients of the field read what was written.
func readByPeers(t *testing.T, at string, want ref.Digest) {
	t.Helper()
	type reader struct {
		tool string
		args []string
	}
	readers := []reader{
		{"crane", []string{"digest", "--insecure", at}},
		{"regctl", []string{"image", "digest", "--host", "reg=" + hostOf(at) + ",tls=disabled", at}},
		{"skopeo", []string{"inspect", "--raw", "--tls-verify=false", "docker://" + at}},
	}
	if strings.HasPrefix(at, "oci:") {
		readers = []reader{{"skopeo", []string{"inspect", "--raw", at}}}
	}
	for _, r := range readers {
		path := peertest.Find(t, r.tool, "make tools and packages install it")
		cmd := exec.CommandContext(t.Context(), path, r.args...)
		home := t.TempDir()
		cmd.Env = append(os.Environ(), "HOME="+home, "REGCTL_CONFIG="+home+"/regctl.json")
		out, err := cmd.CombinedOutput()
		got := strings.TrimSpace(string(out))
		if r.tool == "skopeo" {
			got = string(ref.DigestOf(out))
		}
		if err != nil || got != string(want) {
			t.Errorf("%s of %s says %s, %v; want %s", r.tool, at, out, err, want)
		}
	}
}

func hostOf(at string) string {
	host, _, _ := strings.Cut(at, "/")
	return host
}

// With an archive undo works although the registry's collector took everything.
func TestUndoFromTheArchive(t *testing.T) {
	t.Parallel()
	for _, p := range peertest.Peers() {
		t.Run(p.Name, func(t *testing.T) {
			t.Parallel()
			r := peertest.Start(t, p, peertest.Options{})
			digests := fillPeer(t, r.Host)
			w := connect(t, r.Host, nil, filepath.Join(t.TempDir(), "journal.db"))
			first := state(t, w.bare, digests)
			v := w.view(t, digests["one"], digests["twice"])
			remove, err := plan.ToDelete(v, plan.Selection{Digests: []ref.Digest{digests["one"], digests["twice"]}},
				plan.Options{At: clock()})
			must(t, err)
			dir := "oci:" + filepath.Join(t.TempDir(), "archive")
			place, err := local.Open(dir, local.Options{})
			must(t, err)
			catches, err := survey.Catches(t.Context(), w.client, v.Whole(remove), place, nil)
			must(t, err)
			gone := w.run(t, plan.Archived(remove, catches, dir), "")
			allDone(t, gone)
			if freed := r.CollectGarbage(t); freed != remove.ReclaimedBytes || freed == 0 {
				t.Errorf("%d bytes came back, the plan said %d", freed, remove.ReclaimedBytes)
			}
			allDone(t, w.undo(t, gone.Run))
			same(t, first, state(t, w.bare, digests))
			tree, err := local.Tree(t.Context(), w.bare, repo, "one")
			must(t, err)
			for _, d := range local.Blobs(tree) {
				if there, err := w.bare.BlobExists(t.Context(), repo, d); !there || err != nil {
					t.Errorf("blob %s: %v, %v", d.Digest.Short(), there, err)
				}
			}
		})
	}
}

// A token that runs out in the middle, a source that refuses: told as they are.
func TestCopyWhoseSourceRefuses(t *testing.T) {
	t.Parallel()
	from, _ := served(t, sandbox.Quirks{})
	w := newWorld(t, sandbox.Options{})
	p := w.planCopy(t, from, repo, repo, false, "one")
	gone := sandbox.New(sandbox.Options{Now: clock, Empty: true})
	t.Cleanup(func() { _ = gone.Close() })
	srv := httptest.NewServer(gone)
	t.Cleanup(srv.Close)
	w.others[from.Host()] = clientOf(t, strings.TrimPrefix(srv.URL, "http://"))
	r := w.run(t, p, "")
	if r.Done > 0 || r.Failed == 0 || r.Failed+r.Skipped != len(r.Steps) {
		t.Fatalf("%+v", r)
	}
	if !strings.Contains(r.Steps[0].Error, fault.NotFound.String()) || !strings.Contains(r.Steps[0].Error, srv.URL[7:]) {
		t.Errorf("the error does not say what is missing where: %s", r.Steps[0].Error)
	}
	if got := state(t, w.bare, nil); len(got) > 0 {
		t.Errorf("there is %v", got)
	}
}
