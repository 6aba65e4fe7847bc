package cli

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"regatta/registry/ecr/sdk"

	"regatta/cmd/app"
	"regatta/cmd/cli/demo"
	"regatta/model/catalog"
	"regatta/registry/sandbox"

	"regatta/cmd/config"
)

// deaf is a network in which one region does not answer.
type deaf struct {
	next   http.RoundTripper
	region string
}

// RoundTrip implements http.RoundTripper.
func (d deaf) RoundTrip(req *http.Request) (*http.Response, error) {
	if strings.Contains(req.URL.Host, d.region) {
		return nil, errors.New("no route to host")
	}
	return d.next.RoundTrip(req)
}

// profiled is a session on the sandbox's account with AWS profiles.
func profiled(t *testing.T, next func(http.RoundTripper) http.RoundTripper, profiles ...sdk.Profile) *app.App {
	t.Helper()
	reg := sandbox.New(sandbox.Options{Now: sandbox.Epoch})
	t.Cleanup(func() { _ = reg.Close() })
	s := app.New(sandbox.Epoch, config.Default(), app.Flags{})
	s.Config.Cache.Path = ":memory:"
	s.Env = func(string) string { return "" }
	s.Base = next(reg.Transport())
	s.AWS = demo.Credentials
	s.Profiles = func() []sdk.Profile { return profiles }
	return s
}

func same(next http.RoundTripper) http.RoundTripper { return next }

func TestProfilesAreContexts(t *testing.T) {
	private(t)
	s := profiled(t, same,
		sdk.Profile{Name: "dev", Region: "eu-central-1", Kind: "keys"},
		sdk.Profile{Name: "prod", Region: "eu-west-1", Account: "999988887777", Kind: "sso"},
		sdk.Profile{Name: "lost", Kind: "keys"},
	)
	found := s.Contexts()
	if len(found) != 2 || found[0].Host != "" || found[1].Host != "999988887777.dkr.ecr.eu-west-1.amazonaws.com" {
		t.Fatalf("%+v", found)
	}
	p := s.Probe(t.Context(), found[0])
	if p.Err != nil || p.Host != demo.Account || p.Expires.IsZero() || p.From != "dev" {
		t.Errorf("%+v", p)
	}
	// Whoever comes to a host is known there by the profile that led to it, else by that of its account.
	if got := s.ProfileOf(demo.Account); got != "dev" {
		t.Errorf("the account is spoken to as %q", got)
	}
	if got := s.ProfileOf(found[1].Host); got != "prod" {
		t.Errorf("the other account is spoken to as %q", got)
	}
	s.Flags.Profile = "given"
	if got := s.ProfileOf(demo.Account); got != "given" {
		t.Errorf("--profile is passed over for %q", got)
	}
}

// A region that does not answer leaves the others as they are.
func TestARegionThatDoesNotAnswer(t *testing.T) {
	private(t)
	s := profiled(t, func(next http.RoundTripper) http.RoundTripper { return deaf{next, "ap-south-1"} },
		sdk.Profile{Name: "dev", Kind: "keys"})
	s.Config.AWS.Regions = []string{"eu-central-1", "eu-west-1", "ap-south-1", "us-east-1", "us-west-2"}
	found := s.Contexts()
	if len(found) != 5 {
		t.Fatalf("%+v", found)
	}
	probes := make([]catalog.Probe, len(found))
	for i, c := range found {
		probes[i] = s.Probe(t.Context(), c)
	}
	for i, p := range probes {
		if silent := found[i].Region == "ap-south-1"; silent != (p.Err != nil) || !silent && p.Host == "" {
			t.Errorf("%s: %+v", found[i].Name, p)
		}
	}
}
