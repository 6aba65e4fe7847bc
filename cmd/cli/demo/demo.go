// Package demo has the verbs that need no registry, because they bring one: demo and sandbox.
// It imports app, model and the sandbox.
package demo

import (
	"context"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"regatta/registry/ecr/sdk"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/spf13/cobra"

	"regatta/cmd/app"
	"regatta/cmd/cli/verb"
	"regatta/cmd/config"
	"regatta/model/fault"
	"regatta/model/ref"
	"regatta/registry/ecr"
	"regatta/registry/sandbox"
	"regatta/registry/store"
)

// Host is what the demo's registry is called; nothing leaves the process.
const Host = "sandbox.localhost"

// Account is the same content as a registry of Amazon ECR.
const Account = "111122223333.dkr.ecr.eu-central-1.amazonaws.com"

// Demo is the verb demo.
func Demo(a *verb.Program) *cobra.Command {
	var settles time.Duration
	cmd := &cobra.Command{
		Use:   "demo",
		Short: "Open the terminal UI on the embedded sandbox: no account, no network",
		Args:  verb.Arguments(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			s, done := Session(a, settles)
			defer done()
			return verb.RunUI(cmd.Context(), a, s, &ref.Reference{Host: Host})
		},
	}
	cmd.Flags().DurationVar(&settles, "settles", 0, "how long deployments take")
	_ = cmd.Flags().MarkHidden("settles") // it is there
	return cmd
}

// Session is a session on the sandbox, at the time where its history ends.
// It leaves nothing behind.
func Session(a *verb.Program, settles time.Duration) (s *app.App, done func()) {
	now := ClockFrom(a.Now(), sandbox.Epoch(), a.Now)
	reg := sandbox.New(sandbox.Options{Now: now, Account: sandbox.Account{Settles: settles}})
	c := config.Default()
	c.Cache.Path = store.Memory
	c.Registries = []config.Registry{
		{Name: "sandbox", Kind: "oci", Host: Host, Trust: Trust(), Bases: Bases()},
		{Name: "account", Kind: "oci", Host: Account, Trust: Trust(), Bases: Bases()},
	}
	s = app.New(now, c, a.Flags)
	s.Base, s.Log, s.AWS = onlyDemo{reg.Transport()}, a.Log, Credentials
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

// Trust is the key that the company of the demo signs with.
func Trust() []config.Trust { return []config.Trust{{Name: "shop", Key: sandbox.PublicKey()}} }

// Bases is where the base images of the demo's company are.
func Bases() []string {
	return []string{"base/debian", "base/distroless", "base/go", "base/node", "base/python"}
}

// Credentials are good for the sandbox's account, which knows no secrets.
func Credentials(string) sdk.Config {
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
	if host := req.URL.Host; host == Host || ecr.IsEndpoint(host) {
		return o.next.RoundTrip(req)
	}
	if req.Body != nil {
		_ = req.Body.Close()
	}
	return nil, &fault.Error{
		Kind: fault.Unresolved, Detail: "the demo has no network: " + Host + " and " + Account + " are all there is",
	}
}

// ClockFrom is a clock that went from epoch on when the real one was at start.
func ClockFrom(start, epoch time.Time, now func() time.Time) func() time.Time {
	return func() time.Time { return epoch.Add(now().Sub(start)) }
}
