package cli

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-containerregistry/pkg/name"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/random"
	"github.com/google/go-containerregistry/pkg/v1/remote"

	"regatta/cmd/cli/output"
	"regatta/registry/peertest"
)

// sharing pushes images on common base layers to several repositories, and one of
// them, whole, to two.
type sharing struct {
	stale

	host string
}

func (s *sharing) on(base ...v1.Layer) v1.Image {
	img, err := random.Image(900, 2)
	s.must(err)
	img, err = mutate.AppendLayers(img, base...)
	s.must(err)
	return img
}

func (s *sharing) push(repo, tag string, img v1.Image) {
	target, err := name.NewRepository(s.host + "/" + repo)
	s.must(err)
	s.must(remote.Write(target.Tag(tag), img))
}

func (s *sharing) fill() {
	var base [2]v1.Layer
	for i, size := range []int64{70_000, 9000} {
		var err error
		base[i], err = random.Layer(size, "application/vnd.docker.image.rootfs.diff.tar.gzip")
		s.must(err)
	}
	promoted := s.on(base[0])
	s.push("team/app", "v1", s.on(base[0]))
	s.push("team/app", "v2", s.on(base[0], base[1]))
	s.push("team/app", "promoted", promoted)
	s.push("prod/app", "v1", promoted)
	s.push("team/web", "v1", s.on(base[0]))
	s.push("tools", "v1", s.on())
}

// freed is what a plan says that comes back.
type freed struct {
	ReclaimedBytes int64
	Estimated      bool
	InRegistry     *struct {
		ReclaimedBytes int64
		AtMost         bool
		AtLeast        bool
		Reason         string
	}
}

// Where repositories share content, what a plan says of the registry is what its
// own collector frees.
func TestRegistryFreesWhatThePlanSays(t *testing.T) {
	for _, p := range peertest.Peers() {
		t.Run(p.Name, func(t *testing.T) {
			private(t)
			r := peertest.Start(t, p, peertest.Options{})
			(&sharing{stale: stale{t: t}, host: r.Host}).fill()
			app, tags := r.Host+"/team/app", []string{"v1", "v2", "promoted"}
			remove := []string{"delete", "--with-tags"}
			for _, tag := range tags {
				remove = append(remove, app+":"+tag)
			}
			for _, verb := range [][]string{{"prune", app, "--match", "*"}, remove} {
				said := promised(t, verb)
				if said.InRegistry.AtMost || said.InRegistry.AtLeast || said.Estimated {
					t.Errorf("%v: the registry told everything, and the plan says %+v", verb, said.InRegistry)
				}
				if verb[0] == "delete" {
					collected(t, r, said, remove)
				}
			}
		})
	}
}

// promised is what a dry run of the verb says that comes back.
func promised(t *testing.T, verb []string) (said freed) {
	t.Helper()
	code, out, errOut := runNow(t, append(slices.Clone(verb), "--dry-run", "-o", "json")...)
	if err := json.Unmarshal([]byte(out), &said); err != nil || code != output.Done || said.InRegistry == nil {
		t.Fatalf("%v: %v, exit code %d: %s%s", verb, err, code, errOut, out)
	}
	return said
}

// collected deletes, and compares what the plan said with what comes back.
func collected(t *testing.T, r *peertest.Registry, said freed, remove []string) {
	t.Helper()
	code, out, errOut := runNow(t, append(slices.Clone(remove), "--yes")...)
	if code != output.Done {
		t.Fatalf("exit code %d: %s%s", code, errOut, out)
	}
	got := r.CollectGarbage(t)
	if got != said.InRegistry.ReclaimedBytes || got == 0 {
		t.Errorf("%d bytes came back, %d were promised", got, said.InRegistry.ReclaimedBytes)
	}
	if kept := said.ReclaimedBytes - got; kept < 70_000 {
		t.Errorf("only %d bytes stay for the other repositories", kept)
	}
}

// What is printed names both.
func TestBothNumbersArePrinted(t *testing.T) {
	p := peertest.Peers()[1]
	private(t)
	r := peertest.Start(t, p, peertest.Options{})
	(&sharing{stale: stale{t: t}, host: r.Host}).fill()
	app := r.Host + "/team/app"
	for want, verb := range map[string][]string{
		" come back in the repository and in the registry\n": {"delete", "--with-tags", app + ":v2"}, // v1 keeps the base
		" come back in the repository, ":                     {"prune", app, "--match", "*"},
	} {
		code, out, errOut := runNow(t, append(slices.Clone(verb), "--dry-run")...)
		if code != output.Done || !strings.Contains(out, want) || !strings.HasSuffix(out, " in the registry\n") {
			t.Errorf("%v: exit code %d: %s%s", verb, code, errOut, out)
		}
	}
}

// A repository that deleted an image keeps its layers for a while: that it has them is
// not taken for a reason why they stay, and the plan promises no less than the collector
// frees, unless it says so.
func TestWhatIsLeftOverElsewhereIsNotCountedAsKept(t *testing.T) {
	for _, p := range peertest.Peers() {
		t.Run(p.Name, func(t *testing.T) {
			private(t)
			r := peertest.Start(t, p, peertest.Options{})
			s := &sharing{stale: stale{t: t}, host: r.Host}
			img := s.on()
			s.push("team/app", "v1", img)
			s.push("prod/app", "v1", img)
			remove := func(repo string) []string { return []string{"delete", "--with-tags", r.Host + "/" + repo + ":v1"} }
			if said := promised(t, remove("team/app")); said.InRegistry.AtLeast || said.InRegistry.ReclaimedBytes != 0 {
				t.Errorf("another repository has the image, and the plan says %+v", said.InRegistry)
			}
			if code, out, errOut := runNow(t, append(remove("prod/app"), "--yes")...); code != output.Done {
				t.Fatalf("exit code %d: %s%s", code, errOut, out)
			}
			said := promised(t, remove("team/app"))
			for _, one := range [][2]string{{"--dry-run", " come back in the repository, ≥ "}, {"--yes", "it may be more than "}} {
				code, out, errOut := runNow(t, append(remove("team/app"), one[0])...)
				if code != output.Done || !strings.Contains(out+errOut, one[1]) {
					t.Fatalf("%s: exit code %d: %s%s", one[0], code, errOut, out)
				}
			}
			got := r.CollectGarbage(t)
			if got != said.ReclaimedBytes || got <= said.InRegistry.ReclaimedBytes || !said.InRegistry.AtLeast || said.InRegistry.AtMost {
				t.Errorf("%d bytes came back, and the plan said %+v", got, said.InRegistry)
			}
		})
	}
}
