package oci_test

import (
	"errors"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"regatta/model/fault"
	"regatta/registry/httpx"
	"regatta/registry/oci"
	"regatta/registry/peertest"
)

// TestCertificates finds certificates where docker keeps them, and says what is
// wrong where they are missing.
func TestCertificates(t *testing.T) {
	t.Parallel()
	ca := peertest.NewAuthority(t)
	r := peertest.Start(t, peertest.Peers()[1], peertest.Options{TLS: ca, ClientCerts: true})
	dir := t.TempDir()
	ping := func() error {
		tr := httpx.New(httpx.Options{Now: clock, CertDirs: []string{filepath.Join(dir, "none"), dir}})
		defer tr.CloseIdleConnections()
		return oci.New(r.Host, oci.Options{Transport: tr, Now: clock}).Ping(t.Context())
	}
	if err := ping(); !fault.Is(err, fault.TLS) {
		t.Errorf("an unknown authority: %v", err)
	}
	install(t, ca.CAFile(), filepath.Join(dir, r.Host, "ca.crt"))
	// Whether the alert or the end of the connection is seen first is chance.
	if err := ping(); !fault.Is(err, fault.TLS) && !errors.Is(err, syscall.ECONNRESET) {
		t.Errorf("no client certificate: %v", err)
	}
	cert, key := ca.ClientFiles()
	install(t, cert, filepath.Join(dir, r.Host, "client.cert"))
	if err := ping(); !fault.Is(err, fault.TLS) {
		t.Errorf("a certificate without its key: %v", err)
	}
	install(t, key, filepath.Join(dir, r.Host, "client.key"))
	if err := ping(); err != nil {
		t.Errorf("with all of them: %v", err)
	}
}

func install(t *testing.T, from, to string) {
	t.Helper()
	raw, err := os.ReadFile(from)
	must(t, err)
	must(t, os.MkdirAll(filepath.Dir(to), 0o700))
	must(t, os.WriteFile(to, raw, 0o600))
}

func TestInsecureHost(t *testing.T) {
	t.Parallel()
	r := peertest.Start(t, peertest.Peers()[1], peertest.Options{TLS: peertest.NewAuthority(t)})
	tr := peerTransport(httpx.HostOptions{Insecure: true})
	t.Cleanup(tr.CloseIdleConnections)
	must(t, oci.New(r.Host, oci.Options{Transport: tr, Now: clock}).Ping(t.Context()))
}
