package cli

import (
	"bytes"
	"net/http"
	"strings"
	"testing"

	"regatta/cmd/cli/changes"
	"regatta/cmd/cli/output"
	"regatta/cmd/cli/propose"
	"regatta/registry/sandbox"
)

// crossing leads to an account by the name of its registry, and to another
// registry by any other.
type crossing struct{ account, other http.RoundTripper }

func (c crossing) RoundTrip(r *http.Request) (*http.Response, error) {
	if strings.HasSuffix(r.URL.Hostname(), ".amazonaws.com") {
		return c.account.RoundTrip(r)
	}
	return c.other.RoundTrip(r)
}

// A password that runs out in the middle of a copy is renewed in place: the copy
// goes on and is whole, in both directions.
func TestPasswordsExpireDuringACopy(t *testing.T) {
	s, account := inAccount(t, sandbox.Epoch)
	other := sandbox.New(sandbox.Options{Now: sandbox.Epoch, Empty: true})
	t.Cleanup(func() { _ = other.Close() })
	s.Base = crossing{account.Transport(), other.Transport()}
	// Several blobs are under way when all passwords end, once in each direction.
	read := sandbox.Fault{Method: http.MethodGet, Prefix: "/v2/shop/api/blobs/"}
	pushed := sandbox.Fault{Method: http.MethodPatch, Prefix: "/v2/shop/mailer/blobs/uploads/"}
	for _, leg := range []struct {
		way    []string
		expiry sandbox.Fault
	}{
		{[]string{ecrHost + "/shop/api:v3.3.0", "mirror.localhost/mirror/api:v3.3.0"}, read},
		{[]string{"mirror.localhost/mirror/api:v3.3.0", ecrHost + "/shop/mailer:from-mirror"}, pushed},
	} {
		way := leg.way
		leg.expiry.Times, leg.expiry.Effect = 1, sandbox.ExpirePasswords{}
		account.Inject(leg.expiry)
		var out, said bytes.Buffer
		streams := output.Streams{In: strings.NewReader(""), Out: &out, Err: &said, Env: func(string) string { return "" }}
		c := &propose.Proposal{App: s, Streams: streams, Options: propose.Options{Yes: true}}
		if err := changes.RunCopy(t.Context(), c, way, false, false); err != nil || !strings.Contains(out.String(), " 0 failed, 0 skipped") {
			t.Fatalf("%s: %v\n%s%s", way[1], err, out.String(), said.String())
		}
	}
	want, _ := account.Resolve("shop/api", "v3.3.0")
	if got, _ := account.Resolve("shop/mailer", "from-mirror"); got != want || got == "" {
		t.Errorf("copied %s, want %s", got, want)
	}
	fetched := 0
	for _, r := range account.Requests() {
		if r.Operation == "ecr:GetAuthorizationToken" {
			fetched++
		}
	}
	if fetched < 3 { // at first, and after each end
		t.Errorf("passwords were fetched %d times only", fetched)
	}
}
