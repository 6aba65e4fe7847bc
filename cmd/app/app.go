// Package app is what regatta does for a user, without a terminal: it opens registries,
// the store, the journal, prices and the sources of usage as the config says, and has a
// package for each journey below it. Both faces, the command line and the terminal UI,
// stand on it. It imports the config, model and registry; no cobra, no ui, no streams.
package app

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"time"

	"regatta/registry/ecr/sdk"

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

// MostRuns is how many runs of the journal are looked at, the newest ones.
const MostRuns = 500

// Flags are what the user says of every registry: the flags of every verb.
type Flags struct {
	Context   string
	PlainHTTP bool
	ReadOnly  bool
	Profile   string
	Region    string
}

// App is what one run of the program shares: the config, one transport, one
// store and one backend a host. It is made lazily: a verb pays for what it uses.
type App struct {
	Now    func() time.Time
	Config *config.Config
	Flags  Flags
	Base   http.RoundTripper // nil: the network
	Log    *slog.Logger
	Env    func(string) string

	Profiles func() []sdk.Profile            // of the AWS configuration
	AWS      func(profile string) sdk.Config // finds credentials
	// Cluster asks about a context of kubectl: about all of it, or about what runs
	// in one namespace.
	Cluster func(context, namespace string) usage.Source

	Transport func() *httpx.Transport
	Store     func() *store.Store
	Keychain  func() *auth.Keychain
	Journal   func() *store.Journal
	Runner    func() *runs.Runner

	JournalPath string // "" is beside the store
	Dir         string // has the files that nobody has given a name; "" is the working directory
	Agent       string // who the program says that it is: name and version

	mu       sync.Mutex
	backends map[string]registry.Backend
	chosen   map[string]string // the AWS profile that a host is spoken to with
	places   map[string]local.Place

	asks askers

	opened  sync.Mutex // guards closers
	closers []func() error
}

// New returns an App for a config and what the flags say. Close ends what it opens.
func New(now func() time.Time, c *config.Config, flags Flags) *App {
	s := &App{
		Now: now, Config: c, Flags: flags, Env: os.Getenv,
		backends: map[string]registry.Backend{}, chosen: map[string]string{}, places: map[string]local.Place{},
	}
	s.Profiles = func() []sdk.Profile { return nil }
	s.AWS = func(profile string) sdk.Config { return sdk.Load(s.Transport(), profile) }
	s.Cluster = func(context, namespace string) usage.Source {
		return usage.Kubernetes{Context: context, Namespace: namespace}
	}
	s.Transport = sync.OnceValue(func() *httpx.Transport {
		t := httpx.New(httpx.Options{Now: s.Now, Base: s.Base, Host: s.HostOptions, Log: s.Log, UserAgent: s.Agent})
		s.onClose(func() error { t.CloseIdleConnections(); return nil })
		return t
	})
	s.Store = sync.OnceValue(func() *store.Store {
		st := store.Open(store.Options{Path: s.Config.Cache.Path, MaxBytes: s.Config.Cache.Size, Now: s.Now})
		s.onClose(st.Close)
		return st
	})
	s.Keychain = sync.OnceValue(func() *auth.Keychain { return auth.New(auth.Options{Now: s.Now}) })
	s.Journal = sync.OnceValue(s.openJournal)
	s.Runner = sync.OnceValue(func() *runs.Runner {
		return runs.New(runs.Options{
			Journal: s.Journal(), Now: s.Now, Local: s.Place, Who: whoAmI(),
			Deployer: func(host string) runs.Deployer { return s.Deployer(host) },
			Open:     func(host string) (runs.Registry, error) { return s.Open(host) },
		})
	})
	return s
}

// PathOfJournal is the file of the journal.
func (s *App) PathOfJournal() string {
	if s.JournalPath != "" {
		return s.JournalPath
	}
	return filepath.Join(filepath.Dir(s.Config.Cache.Path), "journal.db")
}

func (s *App) openJournal() *store.Journal {
	j := store.OpenJournal(context.Background(), store.JournalOptions{Path: s.PathOfJournal(), Now: s.Now})
	s.onClose(j.Close)
	return j
}

func (s *App) onClose(f func() error) {
	s.opened.Lock()
	defer s.opened.Unlock()
	s.closers = append(s.closers, f)
}

// Close ends what was used, and writes out what the store still holds.
func (s *App) Close() error {
	s.opened.Lock()
	defer s.opened.Unlock()
	var errs []error
	for _, f := range s.closers {
		errs = append(errs, f())
	}
	s.closers = nil
	return errors.Join(errs...)
}

// RegistryOf is what the config says of a host. Where it names the host twice,
// --context chooses; other hosts, as those of token services, have theirs.
func (s *App) RegistryOf(host string) config.Registry {
	found := config.Registry{Host: host}
	for _, r := range s.Config.Registries {
		switch {
		case r.Host != host:
		case r.Name == s.Flags.Context:
			return r
		case found.Name == "":
			found = r
		}
	}
	return found
}

// HostOptions are how the transport speaks to a host.
func (s *App) HostOptions(host string) httpx.HostOptions {
	r := s.RegistryOf(ref.CanonicalHost(host))
	if r.TLS.CA == "" && ecr.IsEndpoint(host) {
		r.TLS.CA = os.Getenv("AWS_CA_BUNDLE")
	}
	return httpx.HostOptions{
		Concurrency: r.Rate.Concurrent, Rate: r.Rate.PerSecond,
		PlainHTTP: r.TLS.PlainHTTP || s.Flags.PlainHTTP, Insecure: r.TLS.Insecure,
		CAFile: r.TLS.CA, CertFile: r.TLS.Cert, KeyFile: r.TLS.Key,
	}
}

// Open returns the backend of a host, always the same one for a profile.
func (s *App) Open(host string) (registry.Backend, error) {
	profile := s.ProfileOf(host)
	s.mu.Lock()
	defer s.mu.Unlock()
	at := host + " " + profile
	if b, ok := s.backends[at]; ok {
		return b, nil
	}
	r := s.RegistryOf(host)
	b, err := registry.Open(host, registry.Options{
		Now: s.Now, Transport: s.Transport(), Keychain: s.Keychain(),
		Cache: s.Store(), Sightings: s.Store(), Refusals: s.Store(),
		PlainHTTP: r.TLS.PlainHTTP || s.Flags.PlainHTTP, Pins: r.Pins, PageSize: r.PageSize,
		AWS: s.AWS(profile), Profile: profile,
	})
	if err == nil {
		s.backends[at] = b
	}
	return b, err
}

// Contexts are the registries of the config, then those that docker is signed
// in to, then those of the AWS profiles.
func (s *App) Contexts() []catalog.Context {
	var out []catalog.Context
	seen := map[string]bool{}
	for _, r := range s.Config.Registries {
		seen[r.Host] = true
		out = append(out, catalog.Context{
			Name: r.Name, Kind: kindOf(r.Host), Host: r.Host, Color: r.Color, ReadOnly: r.ReadOnly, Source: "config",
			Profile: r.Profile,
		})
	}
	for _, host := range s.Keychain().Hosts() {
		if !seen[host] {
			seen[host] = true
			out = append(out, catalog.Context{Name: host, Kind: kindOf(host), Host: host, Source: "docker login"})
		}
	}
	return append(out, s.awsContexts(seen)...)
}

// ContextOf is the context of a host, made up if the config has none.
func (s *App) ContextOf(host string) catalog.Context {
	for _, c := range s.Contexts() {
		if c.Host == host {
			return c
		}
	}
	return catalog.Context{Name: host, Kind: kindOf(host), Host: host, Source: "argument"}
}

// Probe implements contexts.Prober.
func (s *App) Probe(ctx context.Context, c catalog.Context) catalog.Probe {
	if c.Kind == "ecr" {
		return s.probeAWS(ctx, c)
	}
	start := s.Now()
	p := catalog.Probe{Identity: "anonymous"}
	if id, err := s.Keychain().Identity(ctx, c.Host); err == nil && !id.Anonymous() {
		p.Identity, p.From = id.User, id.Source
	}
	b, err := s.Open(c.Host)
	if err == nil {
		err = b.Ping(ctx)
	}
	p.Took, p.Err = s.Now().Sub(start), err
	return p
}
