package app

import (
	"context"
	"slices"
	"sync"
	"time"

	"regatta/registry/ecr/sdk"

	"regatta/cmd/config"
	"regatta/model/plan"
	"regatta/model/usage"
	"regatta/registry/deploy"
	"regatta/registry/ecr"
	sources "regatta/registry/usage"
)

const (
	// UsagePatience is how long one source may take to say what runs.
	UsagePatience = 30 * time.Second
	// briefPatience is the same for what takes nothing away, as a copy.
	briefPatience = 3 * time.Second
	// UsageFresh is how long an answer holds: what is planned and looked at
	// together asks once.
	UsageFresh = time.Minute
)

// region is one of AWS, as a profile sees it.
type region struct{ name, profile string }

// asked is what the sources of a host said, and when.
type asked struct {
	at  time.Time
	set usage.Set
}

// askers are the sources that were made, and the answers that still hold.
type askers struct {
	mu      sync.Mutex
	regions map[region]*sources.ECS // they remember what never changes
	answers map[string]asked        // by host; whole ones only

	deployers map[string]*deploy.ECS // by profile
}

// UsageOf is what the config says of a host, with what is asked by default.
func (s *App) UsageOf(host string) config.Usage {
	u := s.RegistryOf(host).Usage
	if name, ok := ecr.ParseHost(host); ok && !name.Public && u.ECS == nil {
		u.ECS = []string{name.Region}
	}
	return u
}

// UsageSources are those to ask about the images of a host.
func (s *App) UsageSources(host string, u config.Usage) []sources.Source {
	var out []sources.Source
	profile := s.ProfileOf(host)
	load := s.AWS(profile)
	for _, name := range u.ECS {
		out = append(out, s.region(region{name, profile}, load))
	}
	for _, name := range u.Lambda {
		out = append(out, sources.Lambda{Region: name, Config: load, Profile: profile, Transport: s.Transport()})
	}
	for _, name := range u.Kubernetes {
		out = append(out, s.Cluster(name, ""))
	}
	if u.References != "" {
		out = append(out, sources.File{Path: u.References})
	}
	return out
}

func (s *App) region(r region, load sdk.Config) *sources.ECS {
	s.asks.mu.Lock()
	defer s.asks.mu.Unlock()
	if s.asks.regions == nil {
		s.asks.regions = map[region]*sources.ECS{}
	}
	if s.asks.regions[r] == nil {
		s.asks.regions[r] = &sources.ECS{
			Region: r.name, Config: load, Profile: r.profile, Transport: s.Transport(),
		}
	}
	return s.asks.regions[r]
}

// Uses is what runs the images of a host, as the config and the host's name say
// who knows.
func (s *App) Uses(ctx context.Context, host string) (usage.Set, error) {
	return s.usesWithin(ctx, host, UsagePatience)
}

func (s *App) usesWithin(ctx context.Context, host string, patience time.Duration) (usage.Set, error) {
	s.asks.mu.Lock()
	known, ok := s.asks.answers[host]
	s.asks.mu.Unlock()
	if ok && s.Now().Sub(known.at) < UsageFresh {
		return known.set, nil
	}
	set, err := s.AskUsage(ctx, host, s.UsageOf(host), patience)
	if err != nil || len(set.Failed()) > 0 {
		return set, err
	}
	s.asks.mu.Lock()
	defer s.asks.mu.Unlock()
	if s.asks.answers == nil {
		s.asks.answers = map[string]asked{}
	}
	s.asks.answers[host] = asked{s.Now(), set}
	return set, nil
}

// AskUsage asks who is named.
func (s *App) AskUsage(
	ctx context.Context, host string, u config.Usage, patience time.Duration,
) (usage.Set, error) {
	set, err := sources.Ask(ctx, s.UsageSources(host, u), patience)
	set = set.On(Aliases(host)...)
	if _, isECR := ecr.ParseHost(host); isECR && len(u.ECS) > 0 && len(u.Lambda) == 0 {
		set.Unasked = []usage.Source{usage.Lambda}
	}
	return set, err
}

// Aliases are the names of a host, its own first: a registry of ECR has several.
func Aliases(host string) []string {
	names := []string{host}
	if name, ok := ecr.ParseHost(host); ok {
		names = append(names, slices.DeleteFunc(name.Names(), func(n string) bool { return n == host })...)
	}
	return names
}

// Planning is what a change of a host is planned with: options, and what runs its
// images. With inUse they may be deleted nevertheless.
func (s *App) Planning(ctx context.Context, host string, inUse bool) (plan.Options, error) {
	o := s.Options(host)
	var err error
	o.Uses, err = s.Uses(ctx, host)
	o.InUse = inUse
	return o, err
}

// Arriving is planning of what brings something. It does not wait long for who
// runs the images: the plan says whom it could not ask.
func (s *App) Arriving(ctx context.Context, host string) (plan.Options, error) {
	o := s.Options(host)
	var err error
	o.Uses, err = s.usesWithin(ctx, host, briefPatience)
	return o, err
}

// Deployer is who deploys the images of a host: Amazon ECS, as whoever the host
// is spoken to as.
func (s *App) Deployer(host string) *deploy.ECS {
	profile := s.ProfileOf(host)
	s.asks.mu.Lock()
	defer s.asks.mu.Unlock()
	if s.asks.deployers == nil {
		s.asks.deployers = map[string]*deploy.ECS{}
	}
	if s.asks.deployers[profile] == nil {
		s.asks.deployers[profile] = &deploy.ECS{Config: s.AWS(profile), Profile: profile, Transport: s.Transport()}
	}
	return s.asks.deployers[profile]
}
