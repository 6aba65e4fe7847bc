package app

import (
	"cmp"
	"context"
	"os"
	"path/filepath"
	"sync"
	"time"

	"regatta/model/catalog"
	"regatta/registry/ecr"
	"regatta/registry/ecr/sdk"
	"regatta/registry/plain"
)

// mostProfiles is more than the profiles of thousands of accounts take.
const mostProfiles = 16 << 20

// sharedProfiles are those of the AWS configuration of this machine. What
// cannot be read has none.
func sharedProfiles(env func(string) string) []sdk.Profile {
	home, _ := os.UserHomeDir() // without one only the environment names files
	read := func(variable, name string) []byte {
		path := cmp.Or(env(variable), filepath.Join(home, ".aws", name))
		raw, err := plain.Read(path, mostProfiles)
		if err != nil {
			return nil
		}
		return raw
	}
	return sdk.ParseProfiles(read("AWS_CONFIG_FILE", "config"), read("AWS_SHARED_CREDENTIALS_FILE", "credentials"))
}

// UseProfiles makes the AWS profiles of this machine contexts.
func (s *App) UseProfiles() {
	s.Profiles = sync.OnceValue(func() []sdk.Profile { return sharedProfiles(s.Env) })
}

// awsContexts are the profiles, each in the region that it names and in those
// of the config, but for hosts that are there already.
func (s *App) awsContexts(seen map[string]bool) []catalog.Context {
	var out []catalog.Context
	for _, p := range s.Profiles() {
		regions := s.Config.AWS.Regions
		if len(regions) == 0 {
			regions = []string{cmp.Or(p.Region, s.Flags.Region, s.Env("AWS_REGION"), s.Env("AWS_DEFAULT_REGION"))}
		}
		for _, region := range regions {
			c := catalog.Context{Name: p.Name, Kind: "ecr", Profile: p.Name, Region: region, Source: "aws profile"}
			if len(regions) > 1 {
				c.Name += "/" + region
			}
			if p.Account != "" && region != "" {
				c.Host = ecr.HostOf(p.Account, region)
			}
			if region != "" && (c.Host == "" || !seen[c.Host]) {
				out = append(out, c)
			}
		}
	}
	return out
}

// kindOf says how a host is spoken to.
func kindOf(host string) string {
	if h, ok := ecr.ParseHost(host); ok && !h.Public {
		return "ecr"
	}
	return "oci"
}

// ProfileOf is the profile that can reach a host of Amazon ECR: the one that was
// given, that the config names, that was used to come there, or the first of the
// host's account.
func (s *App) ProfileOf(host string) string {
	h, ok := ecr.ParseHost(host)
	if !ok || h.Public {
		return ""
	}
	s.mu.Lock()
	chosen := s.chosen[host]
	s.mu.Unlock()
	if found := cmp.Or(s.Flags.Profile, s.RegistryOf(host).Profile, chosen); found != "" {
		return found
	}
	for _, p := range s.Profiles() {
		if p.Account == h.Account {
			return p.Name
		}
	}
	return ""
}

// Choose remembers with which profile a context is spoken to.
func (s *App) Choose(c catalog.Context) {
	if c.Profile == "" || c.Host == "" {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.chosen[c.Host] = c.Profile
}

// caller finds out whose a context's credentials are, and the host that they
// are for where the context does not say.
func (s *App) caller(ctx context.Context, c catalog.Context) (sdk.Caller, string, error) {
	region := c.Region
	if h, ok := ecr.ParseHost(c.Host); ok {
		region = h.Region
	}
	profile := cmp.Or(c.Profile, s.ProfileOf(c.Host))
	who, err := sdk.AskCaller(ctx, s.AWS(profile), s.Transport(), region, profile)
	if err != nil || c.Host != "" {
		return who, c.Host, err
	}
	return who, ecr.HostOf(who.Account, region), nil
}

// probeAWS tests a registry of Amazon ECR: whose the credentials are, whether
// the API takes them, and for how long.
func (s *App) probeAWS(ctx context.Context, c catalog.Context) catalog.Probe {
	start := s.Now()
	who, host, err := s.caller(ctx, c)
	p := catalog.Probe{Identity: who.Name(), From: cmp.Or(c.Profile, s.ProfileOf(host)), Host: host}
	if err == nil {
		c.Host = host
		s.Choose(c)
		p.Expires, err = s.expiry(ctx, host)
	}
	p.Took, p.Err = s.Now().Sub(start), err
	return p
}

// expiry asks the registry's API for a password, and is when that runs out.
func (s *App) expiry(ctx context.Context, host string) (time.Time, error) {
	b, err := s.Open(host)
	if err != nil {
		return time.Time{}, err
	}
	if err := b.Ping(ctx); err != nil {
		return time.Time{}, err
	}
	if expires := b.Abilities().Expires; expires != nil {
		return expires(), nil
	}
	return time.Time{}, nil
}
