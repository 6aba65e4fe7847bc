package cli

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-containerregistry/pkg/name"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/empty"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/random"
	"github.com/google/go-containerregistry/pkg/v1/remote"

	"regatta/cmd/cli/output"
	"regatta/model/plan"
	"regatta/model/ref"
	"regatta/registry/peertest"
)

// stale pushes indexes that share a child, images that share a layer, one with
// two tags, a signature and an orphan, the older ones made 100 days ago.
type stale struct {
	t    *testing.T
	repo name.Repository
	base v1.Layer
}

func (s *stale) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

func (s *stale) image(age time.Duration) v1.Image {
	img, err := random.Image(700, 2)
	s.must(err)
	img, err = mutate.AppendLayers(img, s.base)
	s.must(err)
	img, err = mutate.CreatedAt(img, v1.Time{Time: time.Now().Add(-age)})
	s.must(err)
	return img
}

func (s *stale) tag(img v1.Image, tags ...string) {
	for _, t := range tags {
		s.must(remote.Write(s.repo.Tag(t), img))
	}
}

func (s *stale) index(tag string, images ...v1.Image) {
	index := v1.ImageIndex(empty.Index)
	for i, img := range images {
		index = mutate.AppendManifests(index, mutate.IndexAddendum{Add: img, Descriptor: v1.Descriptor{
			Platform: &v1.Platform{OS: "linux", Architecture: []string{"amd64", "arm64"}[i]},
		}})
	}
	s.must(remote.WriteIndex(s.repo.Tag(tag), index))
	d, err := index.Digest()
	s.must(err)
	s.tag(s.image(0), ref.Digest(d.String()).FallbackTag()+".sig")
}

func (s *stale) fill() {
	const old, young = 100 * 24 * time.Hour, time.Hour
	var err error
	s.base, err = random.Layer(5000, "application/vnd.docker.image.rootfs.diff.tar.gzip")
	s.must(err)
	shared := s.image(old)
	s.index("pr-1", s.image(old), shared)
	s.index("v1", shared, s.image(young))
	s.tag(s.image(old), "pr-2", "v2")
	s.tag(s.image(old), "pr-3", "pr-3b")
	s.tag(s.image(young), "pr-4")
	s.tag(s.image(old), "pr-5")
	s.tag(s.image(young), ref.DigestOf([]byte("nothing")).FallbackTag()+".sig")
}

// What prune promises is what the registry's own collector frees, and what a
// dry run says is what then goes.
func TestPrunedBytesComeBackAsPlanned(t *testing.T) {
	for _, p := range peertest.Peers() {
		t.Run(p.Name, func(t *testing.T) {
			private(t)
			r := peertest.Start(t, p, peertest.Options{})
			target, err := name.NewRepository(r.Host + "/team/app")
			if err != nil {
				t.Fatal(err)
			}
			(&stale{t: t, repo: target}).fill()
			for _, c := range []struct {
				rules   string
				act     func(*testing.T, func(...string) string) string
				deletes int
			}{
				{"--match pr-* --older-than 90d --exclude pr-5", atOnce, 4}, // an index, its child and signature, an image
				{"--match pr-* --keep-last 1 --orphans", throughFile, 2},
				{"--match *", throughFile, 6},
			} {
				if got := pruned(t, r, strings.Fields(c.rules), c.act); got != c.deletes {
					t.Errorf("%s: deletes %d, want %d", c.rules, got, c.deletes)
				}
			}
		})
	}
}

func atOnce(_ *testing.T, prune func(...string) string) string { return prune("--yes") }

func throughFile(t *testing.T, prune func(...string) string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "plan.json")
	prune("--plan", file)
	code, out, errOut := runNow(t, "apply", file, "--yes", "-o", "json")
	if code != output.Done {
		t.Fatalf("apply: exit code %d: %s", code, errOut)
	}
	return out
}

// pruned prunes team/app after a dry run and compares the two and the bytes that
// come back. It returns how many manifests went.
func pruned(
	t *testing.T, r *peertest.Registry, rules []string, act func(*testing.T, func(...string) string) string,
) int {
	t.Helper()
	say := func(args ...string) string {
		t.Helper()
		code, out, errOut := runNow(t, append(append([]string{"prune", r.Host + "/team/app", "-o", "json"}, rules...), args...)...)
		if code != output.Done {
			t.Fatalf("%v: exit code %d: %s", args, code, errOut)
		}
		return out
	}
	log := filepath.Join(t.TempDir(), "requests.log")
	var promised plan.Plan
	if err := json.Unmarshal([]byte(say("--dry-run", "--log", log)), &promised); err != nil {
		t.Fatal(err)
	}
	requests, err := os.ReadFile(log)
	if err != nil || !strings.Contains(string(requests), "GET") {
		t.Errorf("%v, no request was logged", err)
	}
	for _, method := range []string{"POST", "PUT", "PATCH", "DELETE"} {
		if strings.Contains(string(requests), method) {
			t.Errorf("a dry run asked for %s", method)
		}
	}
	if freed := r.CollectGarbage(t); freed != 0 {
		t.Errorf("a dry run freed %d bytes", freed)
	}
	var done plan.Result
	if err := json.Unmarshal([]byte(act(t, say)), &done); err != nil {
		t.Fatal(err)
	}
	if freed := r.CollectGarbage(t); freed != promised.ReclaimedBytes || freed == 0 || promised.Estimated {
		t.Errorf("%d bytes came back, %d were promised (estimated: %v)", freed, promised.ReclaimedBytes, promised.Estimated)
	}
	n := 0
	for _, s := range done.Steps {
		if s.Kind == plan.Delete {
			n++
		}
	}
	if want := len(promised.Removes()); n != want {
		t.Errorf("%d manifests went, %d were promised", n, want)
	}
	return n
}

// runNow is runOut by the clock of the machine.
func runNow(t *testing.T, args ...string) (code output.Exit, out, errOut string) {
	t.Helper()
	var o, e bytes.Buffer
	streams := output.Streams{In: strings.NewReader(""), Out: &o, Err: &e, Env: os.Getenv}
	code = run(t.Context(), args, streams, time.Now)
	return code, o.String(), e.String()
}
