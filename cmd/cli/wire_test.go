package cli

import (
	"strings"
	"testing"
	"time"

	"regatta/cmd/config"
	"regatta/registry/httpx"
)

// What the config says of a registry has to reach the wire.
func TestTheConfigReachesTheWire(t *testing.T) {
	t.Parallel()
	with := in("shop/web")
	with.config = func(c *config.Config) {
		c.Registries = []config.Registry{{
			Name: "far", Kind: "oci", Host: "registry.example", PageSize: 7, Rate: config.Rate{PerSecond: 2, Concurrent: 1},
			TLS: config.TLS{CA: "/ca.pem", Cert: "/me.pem", Key: "/me.key", Insecure: true, PlainHTTP: true},
		}}
	}
	perform(t, with, func(s *stage) {
		s.Advance(10 * time.Second)
		pages, all := 0, s.reg.Requests()
		for _, r := range all {
			if strings.HasSuffix(r.Path, "/tags/list") {
				pages++
				if !strings.Contains(r.Query, "n=7") {
					t.Errorf("a page of tags is asked for with %q", r.Query)
				}
			}
		}
		if pages == 0 {
			t.Error("no page of tags was asked for")
		}
		if len(all) > 24 {
			t.Errorf("%d requests in ten seconds at two a second", len(all))
		}
		want := httpx.HostOptions{
			Concurrency: 1, Rate: 2, PlainHTTP: true, Insecure: true, CAFile: "/ca.pem", CertFile: "/me.pem", KeyFile: "/me.key",
		}
		if got := s.session.HostOptions("registry.example"); got != want {
			t.Errorf("%+v", got)
		}
	})
}
