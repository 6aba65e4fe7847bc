package sandbox

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
)

// To list repositories, clusters and services fills no repository; to look at
// one service fills that one's.
func TestAccountIsLazy(t *testing.T) {
	t.Parallel()
	rg := New(Options{Now: Epoch})
	ask := func(target, body string) {
		t.Helper()
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/", strings.NewReader(body))
		r.Header.Set("X-Amz-Target", target)
		r.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential=any/20261120/eu-central-1/ecr/aws4_request")
		w := httptest.NewRecorder()
		rg.ServeHTTP(w, r)
		if w.Code != http.StatusOK {
			t.Fatalf("%s: %d %s", target, w.Code, w.Body)
		}
	}
	filled := func() (names []string) {
		for _, name := range rg.store.Names() {
			if repo, ok := rg.store.Planted(name); ok && len(repo.Manifests()) > 0 {
				names = append(names, name)
			}
		}
		return names
	}
	ask("AmazonEC2ContainerRegistry_V20150921.DescribeRepositories", `{}`)
	ask("AmazonEC2ContainerServiceV20141113.DescribeClusters", `{"clusters":["prod"]}`)
	ask("AmazonEC2ContainerServiceV20141113.ListServices", `{"cluster":"prod"}`)
	ask("AmazonEC2ContainerServiceV20141113.ListTaskDefinitions", `{}`)
	if got := filled(); len(got) != 0 {
		t.Errorf("filled %v", got)
	}
	ask("AmazonEC2ContainerServiceV20141113.DescribeServices", `{"cluster":"prod","services":["shop-mailer"]}`)
	if got := filled(); len(got) != 1 || got[0] != "shop/mailer" {
		t.Errorf("filled %v", got)
	}
}
