package cmd

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"time"

	"regatta/cmd/config"
	"regatta/model/catalog"
	"regatta/model/ref"
	"regatta/registry"
	"regatta/registry/auth"
	"regatta/registry/ecr"
	"regatta/registry/httpx"
	"regatta/registry/local"
	runs "regatta/registry/run"
	"regatta/registry/store"
	"regatta/registry/usage"
)

// globalFlags are what the user says of every registry: the flags of every verb.
type globalFlags struct {
	context   string
	plainHTTP bool
	readOnly  bool
	profile   string
	region    string
}

// session is what one run of the program shares: the config, one transport, one
// store and one backend a host. It is made lazily: a verb pays for what it uses.
type session struct {
	now    func() time.Time
	config *config.Config
	flags  globalFlags
	base   http.RoundTripper // nil: the network
	log    *slog.Logger
	env    func(string) string

	profiles func() []ecr.Profile            // of the AWS configuration
	aws      func(profile string) ecr.Config // finds credentials
	// cluster asks about a context of kubectl: about all of it, or about what runs
	// in one namespace.
	cluster func(context, namespace string) usage.Source

	transport func() *httpx.Transport
	store     func() *store.Store
	keychain  func() *auth.Keychain
	journal   func() *store.Journal
	runner    func() *runs.Runner

	journalPath string // "" is beside the store
	agent       string // who the program says that it is: name and version

	mu       sync.Mutex
	backends map[string]registry.Backend
	chosen   map[string]string // the AWS profile that a host is spoken to with
	places   map[string]local.Place

	asks askers

	opened  sync.Mutex // guards closers
	closers []func() error
}

func newSession(now func() time.Time, c *config.Config, flags globalFlags) *session {
	s := &session{
		now: now, config: c, flags: flags, env: os.Getenv,
		backends: map[string]registry.Backend{}, chosen: map[string]string{}, places: map[string]local.Place{},
	}
	s.profiles = func() []ecr.Profile { return nil }
	s.aws = func(profile string) ecr.Config { return ecr.Load(s.transport(), profile) }
	s.cluster = func(context, namespace string) usage.Source {
		return usage.Kubernetes{Context: context, Namespace: namespace}
	}
	s.transport = sync.OnceValue(func() *httpx.Transport {
		t := httpx.New(httpx.Options{Now: s.now, Base: s.base, Host: s.hostOptions, Log: s.log, UserAgent: s.agent})
		s.onClose(func() error { t.CloseIdleConnections(); return nil })
		return t
	})
	s.store = sync.OnceValue(func() *store.Store {
		st := store.Open(store.Options{Path: s.config.Cache.Path, MaxBytes: s.config.Cache.Size, Now: s.now})
		s.onClose(st.Close)
		return st
	})
	s.keychain = sync.OnceValue(func() *auth.Keychain { return auth.New(auth.Options{Now: s.now}) })
	s.journal = sync.OnceValue(s.openJournal)
	s.runner = sync.OnceValue(func() *runs.Runner {
		return runs.New(runs.Options{
			Journal: s.journal(), Now: s.now, Local: s.place, Who: whoAmI(),
			Deployer: func(host string) runs.Deployer { return s.deployer(host) },
			Open:     func(host string) (runs.Registry, error) { return s.open(host) },
		})
	})
	return s
}

func (s *session) pathOfJournal() string {
	if s.journalPath != "" {
		return s.journalPath
	}
	return filepath.Join(filepath.Dir(s.config.Cache.Path), "journal.db")
}

func (s *session) openJournal() *store.Journal {
	j := store.OpenJournal(context.Background(), store.JournalOptions{Path: s.pathOfJournal(), Now: s.now})
	s.onClose(j.Close)
	return j
}

func (s *session) onClose(f func() error) {
	s.opened.Lock()
	defer s.opened.Unlock()
	s.closers = append(s.closers, f)
}

// close ends what was used, and writes out what the store still holds.
func (s *session) close() error {
	s.opened.Lock()
	defer s.opened.Unlock()
	var errs []error
	for _, f := range s.closers {
		errs = append(errs, f())
	}
	s.closers = nil
	return errors.Join(errs...)
}

// registryOf is what the config says of a host. Where it names the host twice,
// --context chooses; other hosts, as those of token services, have theirs.
func (s *session) registryOf(host string) config.Registry {
	found := config.Registry{Host: host}
	for _, r := range s.config.Registries {
		switch {
		case r.Host != host:
		case r.Name == s.flags.context:
			return r
		case found.Name == "":
			found = r
		}
	}
	return found
}

func (s *session) hostOptions(host string) httpx.HostOptions {
	r := s.registryOf(ref.CanonicalHost(host))
	if r.TLS.CA == "" && ecr.IsEndpoint(host) {
		r.TLS.CA = os.Getenv("AWS_CA_BUNDLE")
	}
	return httpx.HostOptions{
		Concurrency: r.Rate.Concurrent, Rate: r.Rate.PerSecond,
		PlainHTTP: r.TLS.PlainHTTP || s.flags.plainHTTP, Insecure: r.TLS.Insecure,
		CAFile: r.TLS.CA, CertFile: r.TLS.Cert, KeyFile: r.TLS.Key,
	}
}

// open returns the backend of a host, always the same one for a profile.
func (s *session) open(host string) (registry.Backend, error) {
	profile := s.profileOf(host)
	s.mu.Lock()
	defer s.mu.Unlock()
	at := host + " " + profile
	if b, ok := s.backends[at]; ok {
		return b, nil
	}
	r := s.registryOf(host)
	b, err := registry.Open(host, registry.Options{
		Now: s.now, Transport: s.transport(), Keychain: s.keychain(),
		Cache: s.store(), Sightings: s.store(), Refusals: s.store(),
		PlainHTTP: r.TLS.PlainHTTP || s.flags.plainHTTP, Pins: r.Pins, PageSize: r.PageSize,
		AWS: s.aws(profile), Profile: profile,
	})
	if err == nil {
		s.backends[at] = b
	}
	return b, err
}

// contexts are the registries of the config, then those that docker is signed
// in to, then those of the AWS profiles.
func (s *session) contexts() []catalog.Context {
	var out []catalog.Context
	seen := map[string]bool{}
	for _, r := range s.config.Registries {
		seen[r.Host] = true
		out = append(out, catalog.Context{
			Name: r.Name, Kind: kindOf(r.Host), Host: r.Host, Color: r.Color, ReadOnly: r.ReadOnly, Source: "config",
			Profile: r.Profile,
		})
	}
	for _, host := range s.keychain().Hosts() {
		if !seen[host] {
			seen[host] = true
			out = append(out, catalog.Context{Name: host, Kind: kindOf(host), Host: host, Source: "docker login"})
		}
	}
	return append(out, s.awsContexts(seen)...)
}

// contextOf is the context of a host, made up if the config has none.
func (s *session) contextOf(host string) catalog.Context {
	for _, c := range s.contexts() {
		if c.Host == host {
			return c
		}
	}
	return catalog.Context{Name: host, Kind: kindOf(host), Host: host, Source: "argument"}
}

// Probe implements contexts.Prober.
func (s *session) Probe(ctx context.Context, c catalog.Context) catalog.Probe {
	if c.Kind == "ecr" {
		return s.probeAWS(ctx, c)
	}
	start := s.now()
	p := catalog.Probe{Identity: "anonymous"}
	if id, err := s.keychain().Identity(ctx, c.Host); err == nil && !id.Anonymous() {
		p.Identity, p.From = id.User, id.Source
	}
	b, err := s.open(c.Host)
	if err == nil {
		err = b.Ping(ctx)
	}
	p.Took, p.Err = s.now().Sub(start), err
	return p
}
