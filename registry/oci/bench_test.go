package oci_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/google/go-containerregistry/pkg/authn"
	"github.com/google/go-containerregistry/pkg/name"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/mutate"
	"github.com/google/go-containerregistry/pkg/v1/remote"

	"regatta/model/image"
	"regatta/registry/httpx"
	"regatta/registry/oci"
	"regatta/registry/peertest"
)

const (
	benchTags    = 1000
	benchWorkers = 16
)

// BenchmarkDescribe1000 reads the details of 1,000 images from distribution v3
// with an empty cache, and compares that with a loop that only fetches the same
// manifests and configs over the same number of kept-alive connections. The
// metric "ratio" is ours over the loop's.
func BenchmarkDescribe1000(b *testing.B) {
	r := peertest.Start(b, peertest.Peers()[1], peertest.Options{})
	tags := pushMany(b, r.Host)
	var ours, bare time.Duration
	for b.Loop() {
		bare += timed(func() { fetchBare(b, r.Host, tags) })
		ours += timed(func() { describeAll(b, r.Host, tags) })
	}
	b.ReportMetric(float64(ours)/float64(bare), "ratio")
	b.ReportMetric(ours.Seconds()/float64(b.N), "s/describe")
	b.ReportMetric(bare.Seconds()/float64(b.N), "s/bare")
}

func timed(f func()) time.Duration {
	start := clock()
	f()
	return clock().Sub(start)
}

func pushMany(b *testing.B, host string) []string {
	b.Helper()
	repo, err := name.NewRepository(host + "/bench/app")
	must(b, err)
	base := newImage(b, "amd64")
	tags := make([]string, benchTags)
	options := []remote.Option{remote.WithAuth(authn.Anonymous), remote.WithTransport(peerTransport(httpx.HostOptions{}))}
	pusher, err := remote.NewPusher(options...)
	must(b, err)
	parallel(benchWorkers, benchTags, func(i int) {
		tags[i] = fmt.Sprintf("1.%d.%d", i/100, i%100)
		must(b, pusher.Push(b.Context(), repo.Tag(tags[i]), numbered(b, base, i)))
	})
	return tags
}

func numbered(b *testing.B, base v1.Image, i int) v1.Image {
	b.Helper()
	config, err := base.ConfigFile()
	must(b, err)
	config = config.DeepCopy()
	config.Config.Labels = map[string]string{"build": strconv.Itoa(i)}
	for step := range 12 {
		config.History = append(config.History, v1.History{CreatedBy: fmt.Sprintf("RUN step %d of build %d", step, i), EmptyLayer: true})
	}
	img, err := mutate.ConfigFile(base, config)
	must(b, err)
	return img
}

func parallel(workers, n int, f func(i int)) {
	var wg sync.WaitGroup
	next := make(chan int)
	for range workers {
		wg.Go(func() {
			for i := range next {
				f(i)
			}
		})
	}
	for i := range n {
		next <- i
	}
	close(next)
	wg.Wait()
}

func describeAll(b *testing.B, host string, tags []string) {
	b.Helper()
	tr := peerTransport(httpx.HostOptions{})
	defer tr.CloseIdleConnections()
	m := newMemo()
	c := oci.New(host, oci.Options{Transport: tr, Cache: m, Sightings: m, Now: clock})
	parallel(benchWorkers, len(tags), func(i int) {
		got, err := c.Describe(b.Context(), "bench/app", image.Image{Tags: tags[i : i+1]}, false)
		if err != nil || got.Created.IsZero() {
			b.Errorf("%s: %+v, %v", tags[i], got, err)
		}
	})
}

func fetchBare(b *testing.B, host string, tags []string) {
	b.Helper()
	tr := &http.Transport{MaxIdleConnsPerHost: benchWorkers}
	defer tr.CloseIdleConnections()
	fetch := func(path string) []byte {
		req, err := http.NewRequestWithContext(b.Context(), http.MethodGet, "http://"+host+"/v2/bench/app/"+path, nil)
		must(b, err)
		req.Header.Set("Accept", image.MediaTypeOCIManifest+", "+image.MediaTypeDockerManifest)
		resp, err := tr.RoundTrip(req)
		must(b, err)
		raw, err := io.ReadAll(resp.Body)
		must(b, err)
		_ = resp.Body.Close()
		return raw
	}
	parallel(benchWorkers, len(tags), func(i int) {
		var m struct {
			Config struct{ Digest string }
		}
		must(b, json.Unmarshal(fetch("manifests/"+tags[i]), &m))
		fetch("blobs/" + m.Config.Digest)
	})
}
