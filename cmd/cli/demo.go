package cli

import (
	"context"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/spf13/cobra"

	"regatta/cmd/app"
	"regatta/cmd/config"
	"regatta/model/fault"
	"regatta/model/ref"
	"regatta/registry/ecr"
	"regatta/registry/sandbox"
	"regatta/registry/store"
)

// demoHost is what the demo's registry is called; nothing leaves the process.
const demoHost = "sandbox.localhost"

// demoAccount is the same content as a registry of Amazon ECR.
const demoAccount = "111122223333.dkr.ecr.eu-central-1.amazonaws.com"

func demoVerb(a *program) *cobra.Command {
	var settles time.Duration
	cmd := &cobra.Command{
		Use:   "demo",
		Short: "Open the terminal UI on the embedded sandbox: no account, no network",
		Args:  arguments(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			s, done := demoSession(a, settles)
			defer done()
			return runUI(cmd.Context(), a, s, &ref.Reference{Host: demoHost})
		},
	}
	cmd.Flags().DurationVar(&settles, "settles", 0, "how long deployments take")
	_ = cmd.Flags().MarkHidden("settles") // it is there
	return cmd
}

// demoSession is a session on the sandbox, at the time where its history ends.
// It leaves nothing behind.
func demoSession(a *program, settles time.Duration) (s *app.App, done func()) {
	now := clockFrom(a.now(), sandbox.Epoch(), a.now)
	reg := sandbox.New(sandbox.Options{Now: now, Account: sandbox.Account{Settles: settles}})
	c := config.Default()
	c.Cache.Path = store.Memory
	c.Registries = []config.Registry{
		{Name: "sandbox", Kind: "oci", Host: demoHost, Trust: demoTrust(), Bases: demoBases()},
		{Name: "account", Kind: "oci", Host: demoAccount, Trust: demoTrust(), Bases: demoBases()},
	}
	s = app.New(now, c, a.flags)
	s.Base, s.Log, s.AWS = onlyDemo{reg.Transport()}, a.log, demoCredentials
	dir, err := os.MkdirTemp("", "regatta-demo-")
	if err == nil {
		s.JournalPath = filepath.Join(dir, "journal.db")
	}
	return s, func() {
		_ = s.Close()
		_ = reg.Close()
		if err == nil {
			_ = os.RemoveAll(dir)
		}
	}
}

// demoTrust is the key that the company of the demo signs with.
func demoTrust() []config.Trust { return []config.Trust{{Name: "shop", Key: sandbox.PublicKey()}} }

// demoBases is where the base images of the demo's company are.
func demoBases() []string {
	return []string{"base/debian", "base/distroless", "base/go", "base/node", "base/python"}
}

// demoCredentials are good for the sandbox's account, which knows no secrets.
func demoCredentials(string) ecr.Config {
	return func(_ context.Context, region string) (aws.Config, error) {
		keys := credentials.NewStaticCredentialsProvider("AKIADEMO", "demo", "")
		return aws.Config{Region: region, Credentials: keys}, nil
	}
}

// onlyDemo is a network with the sandbox alone: as a registry, and as an account
// of AWS.
type onlyDemo struct{ next http.RoundTripper }

// RoundTrip implements http.RoundTripper.
func (o onlyDemo) RoundTrip(req *http.Request) (*http.Response, error) {
	if host := req.URL.Host; host == demoHost || ecr.IsEndpoint(host) {
		return o.next.RoundTrip(req)
	}
	if req.Body != nil {
		_ = req.Body.Close()
	}
	return nil, &fault.Error{
		Kind: fault.Unresolved, Detail: "the demo has no network: " + demoHost + " and " + demoAccount + " are all there is",
	}
}

func clockFrom(start, epoch time.Time, now func() time.Time) func() time.Time {
	return func() time.Time { return epoch.Add(now().Sub(start)) }
}
