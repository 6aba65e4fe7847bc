//go:build linux

package bench

import (
	"net/http"
	"testing"
	"time"

	"github.com/google/go-containerregistry/pkg/name"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/random"
	"github.com/google/go-containerregistry/pkg/v1/remote"

	"regatta/model/ref"
	"regatta/model/rollback"
	"regatta/registry/peertest"
	"regatta/registry/survey"
)

const (
	preflightRounds = 8
	platformCount   = 10
	platformLayers  = 19 // and a config: 200 blobs in all
)

// measureRollback takes the time until candidates are there, and that of looking
// whether everything of an index is there, beside its bare HEADs.
func measureRollback(b *testing.B, t *table, _ *program) {
	b.Helper()
	took, ok := benchmarks(b, "^BenchmarkCandidates$", "regatta/cmd/cli")["cli Candidates"]
	if !ok {
		b.Fatal("BenchmarkCandidates did not run")
	}
	t.within("candidates of 10,000 images, warm", took, 300, "ms", "")

	host := peertest.Start(b, peertest.Peers()[1], peertest.Options{}).Host
	index := result[v1.ImageIndex](b)(random.Index(2000, platformLayers, platformCount))
	must(b, remote.WriteIndex(result[name.Tag](b)(name.NewTag(host+"/"+repository+":whole")), index))
	paths, digest := headsOf(b, index)
	state := b.TempDir()
	best := map[string]time.Duration{}
	note := func(name string, took time.Duration) {
		if old, ok := best[name]; !ok || took < old {
			best[name] = took
		}
	}
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: workers}}
	for range preflightRounds {
		note("bare", timed(func() {
			parallel(len(paths), func(i int) {
				resp, err := client.Head("http://" + host + "/v2/" + repository + paths[i])
				if err != nil || resp.StatusCode != http.StatusOK {
					b.Errorf("%s: %v", paths[i], err)
					return
				}
				_ = resp.Body.Close()
			})
		}))
		c := newClient(b, host, state)
		note("ours", timed(func() {
			found := result[rollback.Content](b)(survey.Whole(b.Context(), c, repository, digest))
			if found.Missing != nil || len(found.Manifests) != platformCount+1 {
				b.Fatalf("%+v", found)
			}
		}))
		c.close(b)
	}
	t.against("preflight of 10 platforms with 200 blobs", best["ours"], "bare HEADs", best["bare"], 1.5)
}

// headsOf are the paths of everything that an index leads to.
func headsOf(b *testing.B, index v1.ImageIndex) (paths []string, digest ref.Digest) {
	b.Helper()
	top := result[v1.Hash](b)(index.Digest()).String()
	paths = append(paths, "/manifests/"+top)
	for _, child := range result[*v1.IndexManifest](b)(index.IndexManifest()).Manifests {
		paths = append(paths, "/manifests/"+child.Digest.String())
		m := result[*v1.Manifest](b)(result[v1.Image](b)(index.Image(child.Digest)).Manifest())
		paths = append(paths, "/blobs/"+m.Config.Digest.String())
		for _, l := range m.Layers {
			paths = append(paths, "/blobs/"+l.Digest.String())
		}
	}
	return paths, ref.Digest(top)
}
