package cli

import (
	"os"
	"strings"
	"testing"

	"regatta/cmd/app"
	"regatta/cmd/cli/verb"
	"regatta/cmd/config"
	"regatta/registry/sandbox"
)

// TestAVerbPaysForWhatItUses looks for the file of a store that nobody asked
// for.
func TestAVerbPaysForWhatItUses(t *testing.T) {
	private(t)
	c, err := config.Load(config.Path())
	if err != nil {
		t.Fatal(err)
	}
	s := app.New(sandbox.Epoch, c, app.Flags{})
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(c.Cache.Path); err == nil {
		t.Error("closing opens the store")
	}
	s.Store()
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if st := s.Store().Status(); st.Working {
		t.Error("the store is open after the session is closed")
	}
}

// TestTheContextChoosesAmongTheEntriesOfAHost only: what the config says of
// other hosts stays true.
func TestTheContextChoosesAmongTheEntriesOfAHost(t *testing.T) {
	t.Parallel()
	c := config.Default()
	c.Registries = []config.Registry{
		{Name: "read", Host: "r.example", PageSize: 1},
		{Name: "write", Host: "r.example", PageSize: 2},
		{Name: "tokens", Host: "auth.example", TLS: config.TLS{CA: "/ca.pem"}},
	}
	for context, want := range map[string]int{"": 1, "read": 1, "write": 2, "tokens": 1} {
		s := app.New(sandbox.Epoch, c, app.Flags{Context: context})
		if got := s.RegistryOf("r.example").PageSize; got != want {
			t.Errorf("--context %q: entry %d, want %d", context, got, want)
		}
		if o := s.HostOptions("auth.example"); o.CAFile != "/ca.pem" {
			t.Errorf("--context %q: the token service lost its certificate authority", context)
		}
	}
}

// TestDockerHubByAnyName has the settings of the config under one of its other
// names.
func TestDockerHubByAnyName(t *testing.T) {
	private(t)
	path := config.Path()
	text := "registries: [{name: hub, host: index.docker.io, pins: [library/go]}]\n"
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	c, err := config.Load(path)
	if err != nil {
		t.Fatal(err)
	}
	s := app.New(sandbox.Epoch, c, app.Flags{})
	defer func() { _ = s.Close() }()
	host, err := verb.HostNamed(s, []string{"hub"})
	if err != nil || host != "docker.io" {
		t.Errorf("the context is at %q, %v", host, err)
	}
	if pins := s.RegistryOf("docker.io").Pins; strings.Join(pins, " ") != "library/go" {
		t.Errorf("pins of Docker Hub: %q", pins)
	}
}
