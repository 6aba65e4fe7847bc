package oci_test

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-containerregistry/pkg/authn"

	"regatta/model/fault"
	"regatta/model/image"
	"regatta/model/ref"
	"regatta/registry/httpx"
	"regatta/registry/oci"
)

const canary = "canary5ecret"

// TestNoSecretLeaks has a registry repeat in its errors every secret that it is
// given, and looks for them in errors and logs.
func TestNoSecretLeaks(t *testing.T) {
	t.Parallel()
	away := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "" {
			t.Error("the redirect carries credentials")
		}
		w.WriteHeader(http.StatusForbidden)
		_, _ = fmt.Fprintf(w, "denied: http://%s%s", r.Host, r.URL)
	}))
	t.Cleanup(away.Close)
	for _, scheme := range []string{"Basic", "Bearer"} {
		t.Run(scheme, func(t *testing.T) {
			t.Parallel()
			srv := httptest.NewServer(echo(scheme, away.URL))
			t.Cleanup(srv.Close)
			var log bytes.Buffer
			tr := httpx.New(httpx.Options{Now: clock, Retries: -1, CertDirs: []string{}, Log: slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))})
			t.Cleanup(tr.CloseIdleConnections)
			c := oci.New(strings.TrimPrefix(srv.URL, "http://"), oci.Options{
				Transport: tr, Now: clock, Keychain: fixed{&authn.Basic{Username: "user", Password: canary}},
			})
			_, err1 := c.Images(t.Context(), "a/b", "")
			_, err2 := c.Blob(t.Context(), "a/b", image.Descriptor{Digest: ref.DigestOf(nil), Size: 5}, 0)
			_, err3 := c.Manifest(t.Context(), "broken", "t")
			var all strings.Builder
			all.WriteString(log.String())
			for _, err := range []error{err1, err2, err3} {
				if err == nil {
					t.Fatal("no error")
				}
				for e := err; e != nil; e = unwrap(e) {
					fmt.Fprintf(&all, "%v %+v\n", e, e)
				}
			}
			for _, e := range tr.Entries() {
				fmt.Fprintf(&all, "%+v\n", e)
			}
			pair := base64.StdEncoding.EncodeToString([]byte("user:" + canary))
			for _, secret := range []string{canary, pair} {
				if i := strings.Index(all.String(), secret); i >= 0 {
					t.Errorf("leaked: %s", all.String()[max(0, i-200):i+len(secret)])
				}
			}
		})
	}
}

func unwrap(err error) error {
	if f, ok := err.(*fault.Error); ok { //nolint:errorlint // one step at a time
		return f.Err
	}
	return nil
}

// echo is a registry that says too much.
func echo(scheme, away string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		auth := r.Header.Get("Authorization")
		user, password, _ := r.BasicAuth()
		switch {
		case r.URL.Path == "/token" && strings.Contains(r.URL.RawQuery, "broken"):
			w.WriteHeader(http.StatusUnauthorized)
			_, _ = fmt.Fprintf(w, `{"errors":[{"code":"UNAUTHORIZED","message":"%s %s %s"}]}`, auth, user, password)
		case r.URL.Path == "/token":
			_, _ = io.WriteString(w, `{"token":"opaque`+canary+`"}`)
		case auth == "":
			w.Header().Set("WWW-Authenticate", scheme+` realm="http://`+r.Host+`/token",service="s"`)
			w.WriteHeader(http.StatusUnauthorized)
		case strings.Contains(r.URL.Path, "/blobs/"):
			http.Redirect(w, r, away+"/blob?X-Amz-Signature="+canary+"&other="+canary, http.StatusTemporaryRedirect)
		default:
			w.WriteHeader(http.StatusForbidden)
			_, _ = fmt.Fprintf(w, `{"errors":[{"code":"DENIED","message":"%s and %s may not"}]}`, auth, password)
		}
	}
}
