package oci_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-containerregistry/pkg/authn"

	"regatta/model/fault"
	"regatta/model/image"
	"regatta/model/redact/redacttest"
	"regatta/model/ref"
	"regatta/registry/httpx"
	"regatta/registry/oci"
)

// spill puts text wherever a registry's answer holds foreign text; which decides
// where.
func spill(which int, text string) *http.Response {
	line := strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return ' '
		}
		return r
	}, text)
	switch which {
	case 0:
		return said(http.StatusForbidden, fmt.Sprintf(`{"errors":[{"code":"DENIED","message":%q}]}`, text))
	case 1:
		return said(http.StatusBadRequest, text)
	case 2:
		return said(http.StatusForbidden, fmt.Sprintf(`{"message":%q,"details":%q}`, text, text))
	case 3:
		return said(http.StatusUnauthorized, text, "WWW-Authenticate", `Bearer realm="https://auth.example/`+line+`",service="`+line+`"`)
	case 4:
		return said(http.StatusUnauthorized, text, "WWW-Authenticate", line)
	case 5:
		return said(http.StatusOK, `{"name":"a","tags":[]}`, "Link", "<"+line+`>; rel="next"`)
	case 6:
		return said(http.StatusTemporaryRedirect, "", "Location", line)
	case 7:
		return said(http.StatusTooManyRequests, text, "Retry-After", line)
	case 8:
		return said(http.StatusOK, text, "Content-Type", line)
	case 9:
		return said(http.StatusOK, text, "Docker-Content-Digest", line, "Warning", `299 - "`+line+`"`)
	case 10:
		return said(http.StatusAccepted, text, "Location", line, "Range", line)
	}
	return said(http.StatusInternalServerError, `{"errors":[{"code":`+fmt.Sprintf("%q", text)+`}]}`)
}

// FuzzSecretsInAnswers: whatever a registry repeats of a secret, wherever in an
// answer, it is in no error, no warning and no log.
func FuzzSecretsInAnswers(f *testing.F) {
	for i := range 12 {
		for j := range redacttest.Shapes() {
			f.Add(i, j, "denied: ", " was refused", false)
		}
	}
	f.Add(4, 3, "Basic realm=", "", true)
	f.Fuzz(func(t *testing.T, which, shape int, before, after string, greets bool) {
		text, ok := redacttest.Text(shape, before, after)
		if !ok {
			return
		}
		var log bytes.Buffer
		w := &wire{play: func(req *http.Request) (*http.Response, error) {
			switch {
			case req.URL.Path == "/v2/" && !greets:
				return said(http.StatusOK, "{}"), nil
			case which < 0:
				return nil, errors.New(text)
			}
			return spill(which%12, text), nil
		}}
		tr := httpx.New(httpx.Options{
			Now: clock, Base: w, Retries: -1, CertDirs: []string{}, Jitter: func(time.Duration) time.Duration { return 0 },
			Log: slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug})),
		})
		c := oci.New("registry.example", oci.Options{Transport: tr, Now: clock, Keychain: fixed{&authn.Basic{Username: "u", Password: "p4ssw0rd"}}})
		content, d := blobOf(32)
		_, err1 := c.Images(t.Context(), "a/b", "")
		_, err2 := c.Manifest(t.Context(), "a/b", "v1")
		_, err3 := c.Blob(t.Context(), "a/b", d, 0)
		_, err4 := c.Subjects(t.Context(), "a/b", d.Digest)
		_, err5 := c.Repositories(t.Context(), "")
		_, err6 := c.Mount(t.Context(), "a/b", "a/c", d.Digest)
		_, err7 := c.Config(t.Context(), "a/b", image.Manifest{Kind: image.KindImage, Config: d, Digest: d.Digest})
		_, err8 := c.Resolve(t.Context(), "a/b", "v1")
		all8 := []error{
			err1, err2, err3, err4, err5, err6, err7, err8, c.PushBlob(t.Context(), "a/b", d, reading(content)),
			c.PutManifest(t.Context(), "a/b", "v1", ociType, []byte("{}")), c.DeleteTag(t.Context(), "a/b", "v1", ""),
			c.DeleteManifest(t.Context(), "a/b", ref.DigestOf(nil)), c.Ping(t.Context()),
		}
		var out strings.Builder
		out.WriteString(log.String() + fmt.Sprint(tr.Entries(), tr.Warnings("registry.example"), tr.Load()))
		for _, err := range all8 {
			if err != nil {
				f, _ := errors.AsType[*fault.Error](err)
				fmt.Fprintf(&out, "\n%v | %s | %s", err, f.Detail, f.Advice)
			}
		}
		redacttest.Check(t, text, out.String())
		_, _ = io.Copy(io.Discard, &log)
	})
}
