package httpx

import (
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"regatta/registry/plain"
)

// certDirs are where docker and containers look for certificates of single
// registries, in directories named HOST[:PORT].
func certDirs() []string {
	dirs := []string{"/etc/docker/certs.d", "/etc/containers/certs.d"}
	if home, err := os.UserHomeDir(); err == nil {
		dirs = append(dirs, filepath.Join(home, ".config/containers/certs.d"), filepath.Join(home, ".docker/certs.d"))
	}
	return dirs
}

// Authorities are the files with certificate authorities that are trusted for
// host besides the system's.
func (t *Transport) Authorities(host string) []string {
	return findCerts(host, t.o.Host(host), t.o.CertDirs).roots
}

// certs are the files that belong to one host.
type certs struct {
	roots []string
	pairs [][2]string // certificate and key
}

func findCerts(host string, o HostOptions, dirs []string) certs {
	var c certs
	if o.CAFile != "" {
		c.roots = append(c.roots, o.CAFile)
	}
	if o.CertFile != "" {
		c.pairs = append(c.pairs, [2]string{o.CertFile, o.KeyFile})
	}
	if host == ".." || strings.ContainsAny(host, `/\`) {
		return c // a registry may redirect to a host of any name
	}
	for _, dir := range dirs {
		entries, err := os.ReadDir(filepath.Join(dir, host))
		if err != nil {
			continue
		}
		for _, e := range entries {
			path := filepath.Join(dir, host, e.Name())
			if base, ok := strings.CutSuffix(path, ".cert"); ok {
				c.pairs = append(c.pairs, [2]string{path, base + ".key"})
			} else if strings.HasSuffix(path, ".crt") {
				c.roots = append(c.roots, path)
			}
		}
	}
	return c
}

// tlsConfig is nil for a host that needs nothing special.
func tlsConfig(host string, o HostOptions, dirs []string) (*tls.Config, error) {
	c := findCerts(host, o, dirs)
	if len(c.roots) == 0 && len(c.pairs) == 0 && !o.Insecure {
		return nil, nil //nolint:nilnil // the zero configuration is spelled nil in net/http
	}
	config := &tls.Config{
		MinVersion:         tls.VersionTLS12,
		InsecureSkipVerify: o.Insecure, //nolint:gosec // the user's configuration asks for it, for this host
	}
	var err error
	if config.RootCAs, err = roots(c.roots); err != nil {
		return nil, err
	}
	for p := range slices.Values(c.pairs) {
		pair, err := tls.LoadX509KeyPair(p[0], p[1])
		if err != nil {
			return nil, fmt.Errorf("client certificate %s: %w", p[0], err)
		}
		config.Certificates = append(config.Certificates, pair)
	}
	return config, nil
}

// mostRoots is many times what a system trusts.
const mostRoots = 16 << 20

func roots(files []string) (*x509.CertPool, error) {
	if len(files) == 0 {
		return nil, nil //nolint:nilnil // nil means the system's roots
	}
	pool, err := x509.SystemCertPool()
	if err != nil {
		pool = x509.NewCertPool()
	}
	for _, f := range files {
		pem, err := plain.Read(f, mostRoots)
		if err != nil {
			return nil, fmt.Errorf("certificate authority %s: %w", f, err)
		}
		if !pool.AppendCertsFromPEM(pem) {
			return nil, fmt.Errorf("certificate authority %s: no certificate in it", f)
		}
	}
	return pool, nil
}
