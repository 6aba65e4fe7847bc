package cli

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	rollbacks "regatta/cmd/app/rollback"

	"github.com/google/go-containerregistry/pkg/name"
	"github.com/google/go-containerregistry/pkg/v1/random"

	"regatta/cmd/cli/output"
	"regatta/registry/peertest"
)

// crane asks the registry with another client.
func crane(t *testing.T, args ...string) string {
	t.Helper()
	t.Helper()
	return strings.TrimSpace(said(t, "crane", args...))
}

// On real registries a tag goes back and is taken forward again, as another
// client sees it: an index with all its platforms, and the tag that keeps what is
// left behind.
func TestRollbackOnPeers(t *testing.T) {
	for _, p := range peertest.Peers() {
		t.Run(p.Name, func(t *testing.T) {
			private(t)
			r := peertest.Start(t, p, peertest.Options{})
			target, err := name.NewRepository(r.Host + "/team/app")
			if err != nil {
				t.Fatal(err)
			}
			(&stale{t: t, repo: target}).release()
			at := r.Host + "/team/app"
			say := func(args ...string) string {
				code, out, errOut := runNow(t, args...)
				if code != output.Done {
					t.Fatalf("%v: exit code %d: %s%s", args, code, out, errOut)
				}
				return out
			}
			bad, good := crane(t, "digest", at+":v2.0.0"), crane(t, "digest", at+":v1.0.0")
			if now := crane(t, "digest", at+":prod"); now != bad || bad == good {
				t.Fatalf("prod points to %s, v2.0.0 to %s, v1.0.0 to %s", now, bad, good)
			}
			say("tags", at) // such a registry lists tags without digests: they are known once they were looked at
			var doc rollbacks.Concluded
			if err := json.Unmarshal([]byte(say("rollback", "--yes", "-o", "json", at+":prod")), &doc); err != nil {
				t.Fatal(err)
			}
			if len(doc.Verified) != 1 || !doc.Verified[0].OK || crane(t, "digest", at+":prod") != good {
				t.Errorf("%+v, and prod points to %s, want %s", doc, crane(t, "digest", at+":prod"), good)
			}
			crane(t, "pull", "--format", "oci", at+":prod", t.TempDir()) // all of it is there
			kept := ""
			for tag := range strings.FieldsSeq(crane(t, "ls", at)) {
				if strings.HasPrefix(tag, rollbacks.DefaultKeep) {
					kept = tag
				}
			}
			if kept == "" || crane(t, "digest", at+":"+kept) != bad {
				t.Errorf("what was left behind is kept by %q", kept)
			}
			say("undo", "--yes", doc.Run)
			if now := crane(t, "digest", at+":prod"); now != bad {
				t.Errorf("prod points to %s after undo, want %s", now, bad)
			}
			if tags := crane(t, "ls", at); strings.Contains(tags, rollbacks.DefaultKeep) {
				t.Errorf("undo leaves the tag that kept it: %s", tags)
			}
			crane(t, "pull", "--format", "oci", at+":prod", t.TempDir()) // all of it is there
		})
	}
}

// release pushes two versions for two platforms; the newer one is deployed.
func (s *stale) release() {
	var err error
	s.base, err = random.Layer(5000, "application/vnd.docker.image.rootfs.diff.tar.gzip")
	s.must(err)
	s.index("v1.0.0", s.image(48*time.Hour), s.image(48*time.Hour))
	a, b := s.image(time.Hour), s.image(time.Hour)
	s.index("v2.0.0", a, b)
	s.index("prod", a, b)
}
