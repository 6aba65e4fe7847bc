package auth

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"strings"

	"github.com/google/go-containerregistry/pkg/authn"

	"regatta/model/fault"
	"regatta/model/text"
	"regatta/registry/plain"
)

// hubHost is what go-containerregistry calls Docker Hub, hubKey what docker
// keeps its credentials under.
const (
	hubHost = "index.docker.io"
	hubKey  = authn.DefaultAuthKey
)

// file is a configuration file of docker or podman.
type file struct {
	path  string
	Auths map[string]entry  `json:"auths"`
	Store string            `json:"credsStore"`
	By    map[string]string `json:"credHelpers"`
}

// entry is one of a file's credentials; one that does not parse is no reason to
// refuse the others.
type entry struct{ authn.AuthConfig }

// UnmarshalJSON implements json.Unmarshaler.
func (e *entry) UnmarshalJSON(raw []byte) error {
	var config authn.AuthConfig
	if json.Unmarshal(raw, &config) == nil {
		e.AuthConfig = config
	}
	return nil
}

// paths are the files in the order in which docker and go-containerregistry
// look at them.
func (k *Keychain) paths() []string {
	docker := filepath.Join(k.o.Home, ".docker")
	if dir := k.o.Getenv("DOCKER_CONFIG"); dir != "" {
		docker = dir
	}
	paths := []string{filepath.Join(docker, "config.json")}
	if p := k.o.Getenv("REGISTRY_AUTH_FILE"); p != "" {
		paths = append(paths, p)
	}
	if dir := k.o.Getenv("XDG_RUNTIME_DIR"); dir != "" {
		paths = append(paths, filepath.Join(dir, "containers/auth.json"))
	}
	config := filepath.Join(k.o.Home, ".config")
	if dir := k.o.Getenv("XDG_CONFIG_HOME"); dir != "" {
		config = dir
	}
	return append(paths, filepath.Join(config, "containers/auth.json"))
}

// find looks for a credential for name, HOST/REPOSITORY, and then for host.
func (k *Keychain) find(ctx context.Context, name, host string) (found, error) {
	for _, path := range k.paths() {
		f, err := readFile(path)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return found{}, err
		}
		got, err := k.findIn(ctx, f, name, host)
		if err != nil || got.source != "" {
			return got, err
		}
	}
	return found{}, nil
}

// mostFile is more than the credentials of thousands of registries take.
const mostFile = 16 << 20

func readFile(path string) (*file, error) {
	raw, err := plain.Read(path, mostFile)
	if err != nil {
		if errors.Is(err, fs.ErrNotExist) {
			return nil, err
		}
		return nil, &fault.Error{Op: "read", Object: path, Kind: fault.Auth, Err: err}
	}
	f := &file{path: path}
	if err := json.Unmarshal(raw, f); err != nil {
		// The text of the error may repeat what is in the file.
		return nil, &fault.Error{Op: "read", Object: path, Kind: fault.Invalid, Detail: whereJSON(err)}
	}
	return f, nil
}

func whereJSON(err error) string {
	if s, ok := errors.AsType[*json.SyntaxError](err); ok {
		return fmt.Sprintf("no valid JSON at byte %d", s.Offset)
	}
	if t, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		return text.Clean(t.Field + " has the wrong type")
	}
	return "no valid JSON"
}

// findIn goes from the most to the least particular: the helper for the host,
// the entry for the repository or one of its parents, the entry for the host,
// the helper for everything.
func (k *Keychain) findIn(ctx context.Context, f *file, name, host string) (found, error) {
	for _, key := range keys(host, host) {
		if helper := f.By[key]; helper != "" {
			return k.ask(ctx, helper, f.path, key)
		}
	}
	for _, key := range keys(name, host) {
		if e, ok := f.entry(key); ok {
			return found{config: e, source: f.path}, nil
		}
	}
	if f.Store == "" {
		return found{}, nil
	}
	for _, key := range storeKeys(host) {
		got, err := k.ask(ctx, f.Store, f.path, key)
		if err != nil || got.source != "" {
			return got, err
		}
	}
	return found{}, nil
}

// keys are the names under which a file may have a credential for name,
// HOST/PATH: with podman any leading part of it will do.
func keys(name, host string) []string {
	var out []string
	for len(name) > len(host) {
		out = append(out, name)
		i := strings.LastIndexByte(name, '/')
		if i < 0 {
			break
		}
		name = name[:i]
	}
	out = append(out, host)
	if host == hubHost {
		out = append(out, hubKey, "docker.io", "registry-1.docker.io")
	}
	return out
}

// storeKeys are what docker keeps a host's credentials under in its store.
func storeKeys(host string) []string {
	if host == hubHost {
		return []string{hubKey}
	}
	return []string{host, "https://" + host}
}

// entry finds key also where it is written as a URL, as old versions of docker
// did.
func (f *file) entry(key string) (authn.AuthConfig, bool) {
	if e, ok := f.Auths[key]; ok && e.given() {
		return e.AuthConfig, true
	}
	for k, e := range f.Auths {
		if bare(k) == key && e.given() {
			return e.AuthConfig, true
		}
	}
	return authn.AuthConfig{}, false
}

func bare(key string) string {
	key = strings.TrimPrefix(strings.TrimPrefix(key, "https://"), "http://")
	key = strings.TrimSuffix(key, "/")
	return strings.TrimSuffix(strings.TrimSuffix(key, "/v1"), "/v2")
}

// given tells an entry with a credential from the empty ones that docker leaves
// beside a credential store.
func (e entry) given() bool {
	return e.Username != "" && e.Password != "" || e.Auth != "" || e.IdentityToken != "" || e.RegistryToken != ""
}
