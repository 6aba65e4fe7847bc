package auth

import (
	"maps"
	"slices"
	"strings"

	"regatta/model/ref"
)

// Hosts are the registries that docker or podman is signed in to, or has a
// helper for, sorted. Files that cannot be read count as empty: who wants to
// know why asks for an identity.
func (k *Keychain) Hosts() []string {
	hosts := map[string]bool{}
	for _, path := range k.paths() {
		f, err := readFile(path)
		if err != nil {
			continue
		}
		for name := range f.Auths {
			addHost(hosts, name)
		}
		for name := range f.By {
			addHost(hosts, name)
		}
	}
	return slices.Sorted(maps.Keys(hosts))
}

// addHost takes what a credential is kept under, which may be a URL or
// HOST/REPOSITORY, for a host.
func addHost(hosts map[string]bool, name string) {
	name = strings.TrimPrefix(strings.TrimPrefix(name, "https://"), "http://")
	name, _, _ = strings.Cut(name, "/")
	name = ref.CanonicalHost(name)
	if ref.CheckHost(name) == nil && strings.ContainsAny(name, ".:") {
		hosts[name] = true
	}
}
