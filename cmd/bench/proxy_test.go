//go:build linux

package bench

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
)

// proxy counts what passes on its way to a registry.
type proxy struct {
	host string

	mu     sync.Mutex
	counts map[string]int // by method and kind
}

func newProxy(b *testing.B, host string) *proxy {
	b.Helper()
	p := &proxy{counts: map[string]int{}}
	onward := httputil.NewSingleHostReverseProxy(&url.URL{Scheme: "http", Host: host})
	onward.Transport = &http.Transport{MaxIdleConnsPerHost: workers}
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p.count(r)
		onward.ServeHTTP(w, r)
	}))
	b.Cleanup(s.Close)
	p.host = strings.TrimPrefix(s.URL, "http://")
	return p
}

func (p *proxy) count(r *http.Request) {
	kind := "/v2/"
	for _, k := range []string{"tags", "manifests", "blobs"} {
		if strings.Contains(r.URL.Path, "/"+k+"/") {
			kind = k
		}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.counts[r.Method+" "+kind]++
}

// take returns the counts since the last call, in words and in sum.
func (p *proxy) take() (words string, sum int, counts map[string]int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	counts, p.counts = p.counts, map[string]int{}
	parts := make([]string, 0, len(counts))
	for what, n := range counts {
		parts = append(parts, fmt.Sprintf("%d %s", n, what))
		sum += n
	}
	slices.Sort(parts)
	return strings.Join(parts, ", "), sum, counts
}
