package cmd

import (
	"net/http"
	"os"
	"path/filepath"

	"github.com/spf13/cobra"

	"regatta/cmd/config"
	"regatta/model/fault"
	"regatta/model/ref"
	"regatta/registry/sandbox"
	"regatta/registry/store"
)

// demoHost is what the demo's registry is called; nothing leaves the process.
const demoHost = "sandbox.localhost"

func (a *app) demo() *cobra.Command {
	return &cobra.Command{
		Use:   "demo",
		Short: "Open the terminal UI on the embedded sandbox: no account, no network",
		Args:  arguments(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			s, done := a.demoSession()
			defer done()
			return runUI(cmd.Context(), s, a.streams, &ref.Reference{Host: demoHost})
		},
	}
}

// demoSession is a session on the sandbox, at the time where its history ends.
// It leaves nothing behind.
func (a *app) demoSession() (s *session, done func()) {
	now := clockFrom(a.now(), sandbox.Epoch(), a.now)
	reg := sandbox.New(sandbox.Options{Now: now})
	c := config.Default()
	c.Cache.Path = store.Memory
	c.Registries = []config.Registry{{Name: "sandbox", Kind: "oci", Host: demoHost}}
	s = newSession(now, c, a.flags)
	s.base, s.log = onlyHost{demoHost, reg.Transport()}, a.log
	dir, err := os.MkdirTemp("", "regatta-demo-")
	if err == nil {
		s.journalPath = filepath.Join(dir, "journal.db")
	}
	return s, func() {
		_ = s.close()
		_ = reg.Close()
		if err == nil {
			_ = os.RemoveAll(dir)
		}
	}
}

// onlyHost is a network with one host.
type onlyHost struct {
	host string
	next http.RoundTripper
}

// RoundTrip implements http.RoundTripper.
func (o onlyHost) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.URL.Host == o.host {
		return o.next.RoundTrip(req)
	}
	if req.Body != nil {
		_ = req.Body.Close()
	}
	return nil, &fault.Error{Kind: fault.Unresolved, Detail: "the demo has no network: " + o.host + " is all there is"}
}
