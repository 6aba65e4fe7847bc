package peertest

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/crypto/bcrypt"
)

// configFile is what both programs read: the third version still takes the
// configuration of the second.
func configFile(tb testing.TB, dir, host string, o Options) string {
	tb.Helper()
	var b strings.Builder
	fmt.Fprintf(&b, `version: 0.1
log: {level: warn, accesslog: {disabled: true}}
storage:
  filesystem: {rootdirectory: %q}
  delete: {enabled: true}
http:
  addr: %q
  secret: peertest
`, filepath.Join(dir, "data"), host)
	if o.TLS != nil {
		cert, key := o.TLS.ServerFiles()
		fmt.Fprintf(&b, "  tls:\n    certificate: %q\n    key: %q\n", cert, key)
		if o.ClientCerts {
			fmt.Fprintf(&b, "    clientcas: [%q]\n", o.TLS.CAFile())
		}
	}
	if o.User != "" {
		path := filepath.Join(dir, "htpasswd")
		writeFile(tb, path, htpasswd(tb, o.User, o.Password))
		fmt.Fprintf(&b, "auth:\n  htpasswd: {realm: peertest, path: %q}\n", path)
	}
	return b.String()
}

func htpasswd(tb testing.TB, user, password string) string {
	tb.Helper()
	hash, err := bcrypt.GenerateFromPassword([]byte(password), bcrypt.MinCost)
	if err != nil {
		tb.Fatal(err)
	}
	return user + ":" + string(hash) + "\n"
}

func writeFile(tb testing.TB, path, content string) {
	tb.Helper()
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		tb.Fatal(err)
	}
}
